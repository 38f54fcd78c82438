from odoo import api, fields, models


class PaymentCorrectionTarget(models.Model):
    """An account to which money is moved."""

    _name = "utility.payment.correction.target"
    _description = "Target of a Transfer"
    _order = "correction_id, id"
    _check_company_auto = True

    correction_id = fields.Many2one(
        "utility.payment.correction", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="correction_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Paid for", help="Whose debt is paid. Empty: today's payer's."
    )
    service_id = fields.Many2one(
        "utility.service", check_company=True, help="For this service only; what is over waits."
    )
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "What is moved is above zero.")

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
