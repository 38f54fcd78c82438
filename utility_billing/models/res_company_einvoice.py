from odoo import models


class ResCompany(models.Model):
    """What an e-invoice must know of its seller."""

    _inherit = "res.company"

    def _utility_einvoice_missing(self):
        """What is to be filled in before e-invoices can be valid, for all bills of the company."""
        missing = []
        if not self.country_id:
            missing.append(self.env._("The country of the company %s is not filled in.", self.name))
        if not self.vat:
            missing.append(self.env._("The company %s has no VAT number.", self.name))
        elif not self.vat[:2].isalpha():
            missing.append(
                self.env._(
                    "The VAT number of the company %s must begin with its country's code.",
                    self.name,
                )
            )
        if not self.partner_id._utility_endpoint():
            missing.append(
                self.env._(
                    "The company %s has neither an electronic (Peppol) address nor an e-mail.",
                    self.name,
                )
            )
        if not self.partner_id.bank_ids:
            missing.append(self.env._("The company %s has no bank account to pay to.", self.name))
        return missing
