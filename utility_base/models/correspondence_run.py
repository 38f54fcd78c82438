from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.queue_job.exception import RetryableJobError

SLICE = 200


class CorrespondenceRun(models.Model):
    """The same letter to many accounts, written in slices; a mistake stops its account only."""

    _name = "utility.correspondence.run"
    _description = "Mass Letter"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    template_id = fields.Many2one(
        "utility.document.template",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'letter'), ('company_id', 'in', (False, company_id))]",
    )
    account_ids = fields.Many2many(
        "utility.account",
        "utility_correspondence_run_account_rel",
        "run_id",
        "account_id",
        "Accounts",
        check_company=True,
    )
    account_count = fields.Integer(compute="_compute_progress")
    date = fields.Date(required=True, default=fields.Date.context_today)
    channel = fields.Selection(
        [
            ("account", "As each account gets its bills"),
            ("post", "Post"),
            ("registered", "Registered post"),
            ("email", "E-mail"),
        ],
        "By",
        required=True,
        default="account",
    )
    date_reply_due = fields.Date("Reply by")
    user_id = fields.Many2one("res.users", "Responsible", default=lambda self: self.env.user)
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Being Written"), ("done", "Written")],
        required=True,
        default="draft",
        copy=False,
        readonly=True,
        tracking=True,
    )
    correspondence_ids = fields.One2many("utility.correspondence", "run_id", "Letters")
    letter_count = fields.Integer(compute="_compute_progress")
    error_ids = fields.One2many("utility.correspondence.run.error", "run_id", "Not Written")
    error_count = fields.Integer(compute="_compute_progress")
    progress = fields.Float("Progress, %", compute="_compute_progress")

    @api.depends("account_ids", "correspondence_ids", "error_ids")
    def _compute_progress(self):
        for run in self:
            run.account_count = len(run.account_ids)
            run.letter_count = len(run.correspondence_ids)
            run.error_count = len(run.error_ids)
            done = run.letter_count + run.error_count
            run.progress = 100.0 * done / run.account_count if run.account_count else 0.0

    # -- business ---------------------------------------------------------------------------

    def _start(self):
        """Write the letters: a few at once, many by jobs of 200 accounts each."""
        for run in self:
            if not run.account_ids:
                raise UserError(self.env._("%s: choose the accounts to write to.", run.name))
            waiting = run._accounts_waiting()
            run.error_ids.unlink()
            run.state = "running"
            if len(waiting) <= SLICE:
                run._write_slice(waiting.ids)
                continue
            for start in range(0, len(waiting), SLICE):
                part = waiting[start : start + SLICE]
                label = self.env._("%(run)s: %(count)s letters", run=run.name, count=len(part))
                run.with_delay(description=label)._write_slice(part.ids)

    def _accounts_waiting(self):
        return self.account_ids - self.correspondence_ids.run_account_id

    def _write_slice(self, account_ids):
        """Write to these accounts; whoever has the letter already is passed over, so that a
        repeated job writes nothing twice."""
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            raise RetryableJobError("another slice is being written", seconds=5, ignore_retry=True)
        accounts = self.env["utility.account"].browse(account_ids) & self._accounts_waiting()
        for account in accounts:
            try:
                with self.env.cr.savepoint():
                    self.env["utility.correspondence"].create(self._prepare_letter_vals(account))
            except UserError as error:
                self.env["utility.correspondence.run.error"].create(
                    {
                        "run_id": self.id,
                        "account_id": account.id,
                        "reason": str(error),
                    }
                )
        if not self._accounts_waiting() - self.error_ids.account_id:
            self.state = "done"

    def _prepare_letter_vals(self, account):
        if not account.partner_id:
            raise UserError(self.env._("Account %s has no payer to write to.", account.number))
        return {
            "run_id": self.id,
            "run_account_id": account.id,
            "account_ids": [Command.set(account.ids)],
            "partner_id": account.partner_id.id,
            "company_id": self.company_id.id,
            "template_id": self.template_id.id,
            "date": self.date,
            "date_reply_due": self.date_reply_due,
            "channel": self._channel_of(account),
            "user_id": self.user_id.id,
        }

    def _channel_of(self, account):
        if self.channel != "account":
            return self.channel
        return {"paper": "post", "portal": "portal"}.get(account.delivery_channel, "email")

    # -- buttons ----------------------------------------------------------------------------

    def action_start(self):
        self._start()

    def action_send(self):
        """Send what is written and can be sent; e-mails go through the mail queue."""
        self.ensure_one()
        letters = self.correspondence_ids.filtered(lambda letter: letter.state == "draft")
        by_mail = letters.filtered(lambda letter: letter.channel == "email")
        lost = by_mail.filtered(lambda letter: not letter.email_to)
        for letter in by_mail - lost:
            letter._send_email(force_send=False)
        (letters - lost)._enter("sent")
        if lost:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "sticky": True,
                    "message": self.env._(
                        "%(count)s letters have no e-mail address and stay drafts.", count=len(lost)
                    ),
                    "next": self._action_letters(Domain("id", "in", lost.ids)),
                },
            }
        return None

    def action_open_letters(self):
        self.ensure_one()
        return self._action_letters(Domain("run_id", "=", self.id))

    def action_print(self):
        """All letters in one file, numbered."""
        self.ensure_one()
        self.correspondence_ids._number_by_company("correspondence")
        return self.env.ref("utility_base.correspondence_report").report_action(
            self.correspondence_ids
        )

    def _action_letters(self, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "utility.correspondence",
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
        }
