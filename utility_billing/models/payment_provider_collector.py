from odoo import fields, models
from odoo.exceptions import UserError


class PaymentProvider(models.Model):
    """What a provider of online payments takes in stands on the clearing account of a collector."""

    _inherit = "payment.provider"

    utility_collector_id = fields.Many2one(
        "utility.payment.collector",
        "Collector",
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'online'), ('company_id', '=', company_id)]",
        copy=False,
        help="In whose name payments of utility accounts are booked.",
    )

    def _utility_collector(self):
        """The provider's collector, made with the first payment.

        :raise UserError: the company has no account for money on its way
        """
        self.ensure_one()
        if not self.utility_collector_id:
            account = self.company_id.transfer_account_id
            if not account:
                raise UserError(
                    self.env._(
                        "Choose a collector on the payment provider %s: it says on which account "
                        "its money waits for the bank.",
                        self.name,
                    )
                )
            self.utility_collector_id = self.env["utility.payment.collector"].create(
                {
                    "name": self.name,
                    "kind": "online",
                    "company_id": self.company_id.id,
                    "clearing_account_id": account.id,
                }
            )
        return self.utility_collector_id
