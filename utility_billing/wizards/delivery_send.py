from odoo import api, fields, models
from odoo.tools import email_normalize

from ..models.bill_delivery import CHANNELS


class DeliverySend(models.TransientModel):
    """Look at how bills will go and what is missing for it, then send them."""

    _name = "utility.delivery.send"
    _description = "Send Bills"

    billing_run_id = fields.Many2one("utility.billing.run", readonly=True)
    move_ids = fields.Many2many("account.move", string="Bills", readonly=True)
    channel = fields.Selection(
        [("account", "As each account gets its bills"), *CHANNELS],
        "By",
        required=True,
        default="account",
    )
    again = fields.Boolean(
        "Also What Was Sent Before",
        help="Otherwise only bills that were never sent, or could not be delivered.",
    )
    line_ids = fields.One2many(
        "utility.delivery.send.line", "wizard_id", compute="_compute_line_ids", store=True
    )
    bill_count = fields.Integer("Bills to Send", compute="_compute_line_ids", store=True)

    @api.model
    def _action_for(self, moves, **vals):
        return self._opened({"move_ids": [fields.Command.set(moves.ids)], **vals})

    @api.model
    def _action_for_run(self, run):
        return self._opened({"billing_run_id": run.id})

    def _opened(self, vals):
        self.env["utility.bill.delivery"]._refuse_unless_sender()
        # its bills are the ledger's; who sends them need not be an accountant
        wizard = self.sudo().create(vals)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Bills"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _moves(self):
        """The bills that will be sent."""
        # bills are the ledger's; who sends them need not be an accountant
        moves = self.sudo().billing_run_id._bills() if self.billing_run_id else self.sudo().move_ids
        return moves if self.again else moves - moves._utility_on_their_way()

    @api.depends("channel", "again", "billing_run_id", "move_ids")
    def _compute_line_ids(self):
        for wizard in self:
            moves = wizard._moves()
            wizard.bill_count = len(moves)
            wanted = None if wizard.channel == "account" else wizard.channel
            groups = moves.grouped(
                lambda move, wanted=wanted: wanted or move.utility_account_id.delivery_channel
            )
            wizard.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(wizard._prepare_line(channel, groups[channel]))
                    for channel, _label in CHANNELS
                    if channel in groups
                ),
            ]

    def _prepare_line(self, channel, moves):
        lacking = moves.filtered(lambda move: self._missing(channel, move))
        words = {word for move in lacking[:50] for word in self._missing(channel, move)}
        return {
            "channel": channel,
            "bill_count": len(moves),
            "lacking_count": len(lacking),
            "missing": "\n".join(sorted(words)[:5]),
            "account_ids": [fields.Command.set(lacking.utility_account_id.ids)],
        }

    @api.model
    def _missing(self, channel, move):
        """What keeps a bill from going this way, in words; what can be known beforehand."""
        account = move.utility_account_id
        if channel == "einvoice":
            missing = move._utility_einvoice_missing()
            by_mail = move.company_id.utility_einvoice_way == "email"
        else:
            missing, by_mail = [], channel == "email"
        if by_mail and not email_normalize(account.delivery_email or move.partner_id.email):
            missing.append(self.env._("Accounts without an e-mail address"))
        if channel == "portal" and not move.partner_id.user_ids.filtered("active"):
            missing.append(self.env._("Payers without access to the portal"))
        return missing

    def action_send(self):
        self.ensure_one()
        channel = None if self.channel == "account" else self.channel
        run = self.billing_run_id
        runs = self.env["utility.delivery.run"]._start(
            self._moves(),
            run.name or self.env._("%s bills", self.bill_count),
            billing_run=run,
            channel=channel,
            again=self.again,
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.delivery_run_action"
        )
        if len(runs) == 1:
            return {**action, "res_id": runs.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", runs.ids)]}
