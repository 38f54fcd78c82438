from odoo import api, fields, models
from odoo.tools import SQL

from ..models.bill_delivery import CHANNELS

# lines of what is missing; the accounts show the rest
SHOWN = 5


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
            wizard.line_ids = [
                fields.Command.clear(),
                *(fields.Command.create(vals) for vals in wizard._prepare_lines(moves)),
            ]

    def _prepare_lines(self, moves):
        """A line for each way that bills go."""
        order = [channel for channel, _label in CHANNELS]
        return [
            self._prepare_line(*row)
            for row in sorted(self._ways_of(moves), key=lambda row: order.index(row[0]))
        ]

    def _ways_of(self, moves):
        """[(way, ids of bills, of those without an e-mail, of those whose payer cannot log in)]"""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT way, array_agg(id), array_agg(id) FILTER (WHERE email NOT LIKE '%%_@_%%'),
                array_agg(id) FILTER (WHERE NOT has_user)
                FROM (
                    SELECT move.id, COALESCE(%s, account.delivery_channel) way,
                    COALESCE(NULLIF(account.delivery_email, ''), partner.email, '') email,
                    EXISTS (
                        SELECT 1 FROM res_users WHERE partner_id = partner.id AND active
                    ) has_user
                    FROM account_move move
                    JOIN utility_account account ON account.id = move.utility_account_id
                    JOIN res_partner partner ON partner.id = move.partner_id
                    WHERE move.id = ANY(%s)
                ) bill GROUP BY way
                """,
                None if self.channel == "account" else self.channel,
                moves.ids,
            )
        )

    def _prepare_line(self, channel, move_ids, without_email, without_user):
        """:return: values of a line, with the bills that cannot go this way and why"""
        bills = self.env["account.move"].sudo()
        lacking, words = bills, set()
        by_mail = channel == "email"
        if channel == "einvoice":
            chosen = bills.browse(move_ids)
            by_mail = chosen.company_id[:1].utility_einvoice_way == "email"
            for move in chosen:
                missing = move._utility_einvoice_missing()
                if missing:
                    lacking |= move
                    words.update(missing)
        if by_mail and without_email:
            lacking |= bills.browse(without_email)
            words.add(self.env._("Accounts without an e-mail address"))
        if channel == "portal" and without_user:
            lacking |= bills.browse(without_user)
            words.add(self.env._("Payers without access to the portal"))
        return {
            "channel": channel,
            "bill_count": len(move_ids),
            "lacking_count": len(lacking),
            "missing": "\n".join(sorted(words)[:SHOWN]),
            "account_ids": [fields.Command.set(lacking.utility_account_id.ids)],
        }

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
