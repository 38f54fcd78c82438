from odoo import models
from odoo.tools import email_normalize

# scheme of electronic addresses that are e-mail addresses (code list EAS)
EMAIL_SCHEME = "EM"


class ResPartner(models.Model):
    """What an e-invoice must know of its buyer."""

    _inherit = "res.partner"

    def _utility_endpoint(self):
        """(scheme, address): the Peppol address, else the e-mail; empty when there is none."""
        partner = self.commercial_partner_id
        if partner.peppol_eas and partner.peppol_endpoint:
            return partner.peppol_eas, partner.peppol_endpoint
        email = email_normalize(self.email or partner.email)
        return (EMAIL_SCHEME, email) if email else ()

    def _utility_einvoice_missing(self):
        missing = []
        if not self.country_id:
            missing.append(self.env._("The country of %s is not filled in.", self.name))
        if not self._utility_endpoint():
            missing.append(
                self.env._(
                    "%s has neither an electronic (Peppol) address nor an e-mail.", self.name
                )
            )
        vat = self.commercial_partner_id.vat
        if vat and vat != "/" and not vat[:2].isalpha():
            missing.append(
                self.env._("The VAT number of %s must begin with its country's code.", self.name)
            )
        return missing
