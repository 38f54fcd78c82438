from odoo import api, fields, models


class PaymentCorrectionLine(models.Model):
    """What a payment covered of one service of one bill, before its correction and after it."""

    _name = "utility.payment.correction.line"
    _description = "Before and After the Correction of a Payment"
    _order = "correction_id, account_id, month, owed_id, service_id, id"

    correction_id = fields.Many2one(
        "utility.payment.correction", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="correction_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("utility.account", readonly=True, index=True, ondelete="restrict")
    owed_id = fields.Many2one(
        "account.move.line", "What Is Owed", readonly=True, ondelete="restrict"
    )
    bill_id = fields.Many2one(related="owed_id.move_id", string="Bill")
    month = fields.Date("Billed Month", readonly=True)
    service_id = fields.Many2one("utility.service", readonly=True, ondelete="restrict")
    open_amount = fields.Monetary(
        "Could Cover", readonly=True, help="What was open of it, with what the payment covered."
    )
    before = fields.Monetary(readonly=True)
    after = fields.Monetary()
    change = fields.Monetary("Difference", compute="_compute_change")

    @api.depends("before", "after")
    def _compute_change(self):
        for line in self:
            line.change = line.after - line.before

    @api.depends("owed_id.move_id.name", "service_id.name")
    def _compute_display_name(self):
        for line in self:
            bill = line.sudo().owed_id.move_id.name or self.env._("Left over")
            line.display_name = " ".join(filter(None, (bill, line.service_id.name)))

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.correction_id._refuse_applied()
        return rows

    def write(self, vals):
        self.correction_id._refuse_applied()
        return super().write(vals)

    def unlink(self):
        self.correction_id._refuse_applied()
        return super().unlink()
