from odoo import fields, models


class PaymentAllocation(models.Model):
    """How much of a reconciliation went to which service of which bill.

    It hangs on Odoo's partial reconciliation: whoever reconciles makes it, whoever unreconciles
    takes it away. A sum above zero covers what is owed, one below zero uses up what a credit note
    or a fund gave; of a payment there is only the former.
    """

    _name = "utility.payment.allocation"
    _description = "Allocation of a Payment"
    _order = "date desc, id desc"
    # rows come by the million, and are those of their reconciliation
    _log_access = False

    partial_id = fields.Many2one(
        "account.partial.reconcile", "Matching", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "account.move.line", "What Is Owed", required=True, index=True, ondelete="cascade"
    )
    item_id = fields.Many2one("account.move.line", "Bill's Line", ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("utility.account", ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Payer", ondelete="restrict")
    service_id = fields.Many2one("utility.service", ondelete="restrict")
    creditor_partner_id = fields.Many2one(
        "res.partner", "Collected for", ondelete="restrict", help="Of an agency service."
    )
    month = fields.Date("Billed Month")
    date = fields.Date(help="When the money covered it: the later of payment and bill.")
    kind = fields.Selection(
        [
            ("payment", "Payment"),
            ("fund", "Fund"),
            ("refund", "Credit note"),
            ("other", "Other entry"),
        ],
        required=True,
    )
    payment_id = fields.Many2one("utility.payment", index="btree_not_null", ondelete="cascade")
    collector_id = fields.Many2one("utility.payment.collector", ondelete="restrict")
    amount = fields.Monetary(required=True)

    _by_account = models.Index("(account_id, date)")
    _by_day = models.Index("(company_id, date)")
