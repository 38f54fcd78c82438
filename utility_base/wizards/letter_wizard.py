from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class LetterWizard(models.TransientModel):
    """The same letter to a selection of accounts, seen before it is written."""

    _name = "utility.letter.wizard"
    _description = "Write to Accounts"

    name = fields.Char(required=True, default=lambda self: self.env._("Letter to accounts"))
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    account_ids = fields.Many2many("utility.account", string="Accounts")
    account_count = fields.Integer(compute="_compute_account_count")
    template_id = fields.Many2one(
        "utility.document.template",
        "Letter",
        domain="[('kind', '=', 'letter'), ('company_id', 'in', (False, company_id))]",
    )
    channel = fields.Selection(
        lambda self: (
            self.env["utility.correspondence.run"]
            ._fields["channel"]
            ._description_selection(self.env)
        ),
        "By",
        required=True,
        default="account",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_reply_due = fields.Date("Reply by")
    preview_account_id = fields.Many2one(
        "utility.account",
        "Preview for",
        compute="_compute_preview_account_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', account_ids)]",
    )
    preview_subject = fields.Char("Subject", compute="_compute_preview")
    preview_body = fields.Html("Text", compute="_compute_preview", sanitize=False)
    without_email_count = fields.Integer(compute="_compute_account_count")

    @api.depends("account_ids", "channel")
    def _compute_account_count(self):
        for wizard in self:
            wizard.account_count = len(wizard.account_ids)
            by_email = wizard.account_ids.filtered(
                lambda account, channel=wizard.channel: (
                    channel == "email"
                    or (channel == "account" and account.delivery_channel in ("email", "einvoice"))
                )
            )
            wizard.without_email_count = len(
                by_email.filtered(
                    lambda account: not (account.delivery_email or account.partner_id.email)
                )
            )

    @api.depends("account_ids")
    def _compute_preview_account_id(self):
        for wizard in self:
            wizard.preview_account_id = wizard.account_ids[:1]

    @api.depends("template_id", "preview_account_id", "date", "date_reply_due")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview_subject = wizard.preview_body = False
            account = wizard.preview_account_id._origin
            if not wizard.template_id or not account:
                continue
            letter = self.env["utility.correspondence"].new(
                {
                    "account_ids": account.ids,
                    "partner_id": account.partner_id.id,
                    "company_id": account.company_id.id,
                    "date": wizard.date,
                    "date_reply_due": wizard.date_reply_due,
                }
            )
            try:
                wizard.preview_subject, wizard.preview_body = wizard.template_id._fill_in(letter)
            except UserError as error:
                wizard.preview_body = str(error)

    def action_write(self):
        """Start the mass letter and show how it goes."""
        run = self.env["utility.correspondence.run"].create(self._prepare_run_vals())
        run._start()
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
        }

    def _prepare_run_vals(self):
        if not self.template_id:
            raise UserError(self.env._("%s: choose the letter first.", self.name))
        other = self.account_ids.filtered(lambda a: a.company_id != self.company_id)[:1]
        if other:
            raise UserError(
                self.env._(
                    "Account %(account)s belongs to %(company)s: write to the accounts of one "
                    "company at a time.",
                    account=other.number,
                    company=other.company_id.name,
                )
            )
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "template_id": self.template_id.id,
            "account_ids": [Command.set(self.account_ids.ids)],
            "channel": self.channel,
            "date": self.date,
            "date_reply_due": self.date_reply_due,
        }
