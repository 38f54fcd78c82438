from odoo import models


class CashDesk(models.Model):
    _inherit = "utility.cash.desk"

    def _head_words(self):
        """Who takes the money: the head of all that a desk prints."""
        company = self.company_id
        codes = [
            self.env._("Code %s", company.company_registry) if company.company_registry else "",
            self.env._("VAT %s", company.vat) if company.vat else "",
        ]
        partner = company.partner_id
        address = self.address or ", ".join(
            filter(None, (partner.street, " ".join(filter(None, (partner.zip, partner.city)))))
        )
        lines = [address, ", ".join(filter(None, codes)), company.phone]
        return [
            ["centre", company.name, "bold"],
            *(["centre", line, "small"] for line in lines if line),
            ["rule"],
        ]
