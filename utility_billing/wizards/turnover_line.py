from odoo import fields, models


class TurnoverLine(models.TransientModel):
    """A row of a turnover balance: of an account, or of a service of it."""

    _name = "utility.turnover.line"
    _description = "Row of a Turnover Balance"
    _order = "turnover_id, account_id, service_id, id"
    _rec_name = "account_id"
    _is_question = True

    turnover_id = fields.Many2one(
        "utility.turnover", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="turnover_id.company_id.currency_id")
    account_id = fields.Many2one(
        "utility.account", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Payer Today", readonly=True, ondelete="set null")
    premise_id = fields.Many2one("utility.premise", readonly=True, ondelete="set null")
    building_id = fields.Many2one("utility.premise", readonly=True, ondelete="set null")
    service_id = fields.Many2one(
        "utility.service",
        readonly=True,
        ondelete="cascade",
        help="Empty: not allocated to a service, as payments are.",
    )
    service_name = fields.Char("For", readonly=True)
    opening = fields.Monetary(readonly=True)
    charged = fields.Monetary(readonly=True, help="With tax, whoever pays it.")
    recalculated = fields.Monetary(readonly=True, help="Corrections of periods billed before.")
    funds = fields.Monetary("Paid by Funds", readonly=True)
    paid = fields.Monetary(readonly=True)
    other = fields.Monetary(
        "Other Entries",
        readonly=True,
        help="Balances taken over, transfers of debt, what was written off or booked by hand.",
    )
    closing = fields.Monetary(readonly=True)

    def _order_key(self):
        return self.account_id.number, not self.service_id, self.service_id.sequence, self.id
