from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PaymentPart(models.Model):
    """A part of a payment that is for several accounts, payers or services."""

    _name = "utility.payment.part"
    _description = "Part of a Payment"
    _order = "payment_id, id"
    _check_company_auto = True

    payment_id = fields.Many2one("utility.payment", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="payment_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="payment_id.currency_id")
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Paid for", help="Whose debt is paid. Empty: as of a payment."
    )
    service_id = fields.Many2one(
        "utility.service", check_company=True, help="For this service only; what is over waits."
    )
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A part of a payment is above zero.")

    # -- what is in the ledger stays --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._refuse_settled()
        return parts

    def write(self, vals):
        self._refuse_settled()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_settled(self):
        self._refuse_settled()

    def _refuse_settled(self):
        if not self.env.su:
            self.payment_id._refuse_settled()

    @api.constrains("amount", "payment_id")
    def _check_sum(self):
        for payment in self.payment_id:
            parts = sum(payment.part_ids.mapped("amount"))
            if payment.currency_id.compare_amounts(parts, payment.amount) != 0:
                raise ValidationError(
                    self.env._(
                        "The parts of %(payment)s come to %(parts).2f: they must add up to "
                        "%(amount).2f.",
                        payment=payment.display_name,
                        parts=parts,
                        amount=payment.amount,
                    )
                )
