from odoo import models


class AccountMove(models.Model):
    """The bill as an e-invoice of EN 16931."""

    _inherit = "account.move"

    def _utility_einvoice(self):
        """The XML in the format that the payer asks for, else Peppol BIS Billing 3.

        :return: (bytes or None, what is missing for a valid one, in words)
        """
        self.ensure_one()
        missing = self._utility_einvoice_missing()
        if missing:
            return None, missing
        partners = self.env["res.partner"]
        wanted = self.partner_id.commercial_partner_id.invoice_edi_format
        builder = partners._get_edi_builder(wanted) or partners._get_edi_builder("ubl_bis3")
        content, errors = builder._export_invoice(self)
        return (None, sorted(errors)) if errors else (content, [])

    def _utility_einvoice_missing(self):
        """What keeps the bill's e-invoice from being valid: a line for each thing to fill in."""
        return [
            *self.company_id._utility_einvoice_missing(),
            *self.partner_id._utility_einvoice_missing(),
        ]

    def _utility_endpoint(self):
        """The payer's electronic address, with its scheme (EAS)."""
        return ":".join(self.partner_id._utility_endpoint())

    def _utility_billed_span(self):
        """(first, last) day that the bill's charges are for, corrections included; Nones when it
        has no charges."""
        charges = self._utility_charges()
        if not charges:
            return None, None
        return min(charges.mapped("period_start")), max(charges.mapped("period_end"))

    def _utility_delivery_point(self):
        """Code of the one service point that the bill is for, or None."""
        points = self._utility_charges().service_point_id
        return points.code if len(points) == 1 else None
