from odoo import models
from odoo.tools import float_round

from odoo.addons.account_edi_ubl_cii.models.account_edi_common import FloatFmt

# UN/ECE Recommendation 20, beside those that Odoo knows
UNIT_CODES = {
    "utility_metering.uom_wh": "WHR",
    "utility_metering.uom_mwh": "MWH",
    "utility_metering.uom_gj": "GV",
}
# UNTDID 1001: what the invoice is about, here the account number
INVOICED_OBJECT = "130"
PRICE_DIGITS = 6
# a line's amount may differ from quantity times price by less than this (PEPPOL-EN16931-R120
# allows 0.02)
SLACK = 0.005


class AccountEdiXmlUblBis3(models.AbstractModel):
    """What a utility's bill says beyond Odoo's invoice: period, account, place, exact prices.

    Also in the national formats that Odoo derives from Peppol BIS Billing 3.
    """

    _inherit = "account.edi.xml.ubl_bis3"

    def _get_uom_unece_code(self, uom):
        known = uom.get_external_id().get(uom.id)
        return UNIT_CODES.get(known) or super()._get_uom_unece_code(uom)

    # -- header -----------------------------------------------------------------------------

    def _add_invoice_header_nodes(self, document_node, vals):
        result = super()._add_invoice_header_nodes(document_node, vals)
        invoice = vals["invoice"]
        number = invoice.utility_account_id.number
        if not number:
            return result
        if not (document_node.get("cbc:BuyerReference") or {}).get("_text"):
            document_node["cbc:BuyerReference"] = {"_text": number}
        # the buyer has ordered nothing: the number is the account's, not an order's
        document_node["cac:OrderReference"] = None
        document_node["cac:InvoicePeriod"] = self._utility_period_node(
            *invoice._utility_billed_span()
        )
        document_node["cac:AdditionalDocumentReference"] = {
            "cbc:ID": {"_text": number},
            "cbc:DocumentTypeCode": {"_text": INVOICED_OBJECT},
        }
        original = invoice._utility_original()
        if original:
            document_node["cac:BillingReference"] = {
                "cac:InvoiceDocumentReference": {
                    "cbc:ID": {"_text": original.name},
                    "cbc:IssueDate": {"_text": original.invoice_date},
                }
            }
        return result

    def _utility_period_node(self, first, last):
        if not first:
            return None
        return {"cbc:StartDate": {"_text": first}, "cbc:EndDate": {"_text": last}}

    def _get_party_node(self, vals):
        node = super()._get_party_node(vals)
        endpoint = vals["partner"]._utility_endpoint()
        if endpoint and not (node.get("cbc:EndpointID") or {}).get("_text"):
            scheme, address = endpoint
            node["cbc:EndpointID"] = {"_text": address, "schemeID": scheme}
        if not vals["partner"].commercial_partner_id.vat and vals["role"] == "customer":
            # without a VAT number there is no tax scheme to be registered in
            node["cac:PartyTaxScheme"] = None
        return node

    def _add_invoice_delivery_nodes(self, document_node, vals):
        result = super()._add_invoice_delivery_nodes(document_node, vals)
        invoice = vals["invoice"]
        premise = invoice.utility_account_id.premise_id
        if premise:
            country = vals["partner_shipping"].country_id or vals["supplier"].country_id
            document_node["cac:Delivery"] = {
                "cac:DeliveryLocation": {
                    "cbc:ID": {"_text": invoice._utility_delivery_point()},
                    "cac:Address": {
                        "cbc:StreetName": {"_text": premise.address},
                        "cbc:CityName": {"_text": premise.locality_id.name},
                        "cbc:PostalZone": {"_text": premise.postcode},
                        "cac:Country": {"cbc:IdentificationCode": {"_text": country.code}},
                    },
                }
            }
        return result

    # -- lines ------------------------------------------------------------------------------

    def _add_invoice_line_period_nodes(self, line_node, vals):
        result = super()._add_invoice_line_period_nodes(line_node, vals)
        line = vals["base_line"].get("record")
        if line and line._name == "account.move.line" and line.utility_account_id:
            spans = self._utility_line_spans(vals).get(line.id)
            if spans:
                line_node["cac:InvoicePeriod"] = self._utility_period_node(*spans)
        return result

    def _utility_line_spans(self, vals):
        """{ledger line: (first, last) day of its charges}, found once for an invoice"""
        found = vals["_ubl_values"].get("utility_spans")
        if found is None:
            found = vals["_ubl_values"]["utility_spans"] = {
                line.id: (min(charges.mapped("period_start")), max(charges.mapped("period_end")))
                for line, charges in vals["invoice"]
                ._utility_charges()
                .grouped("move_line_id")
                .items()
            }
        return found

    def _add_invoice_line_price_nodes(self, line_node, vals):
        """The effective price of a bill's line may have more digits than a price is written with:
        then it is said as the line's amount for its whole quantity."""
        result = super()._add_invoice_line_price_nodes(line_node, vals)
        name = self._get_tags_for_document_type(vals)["line_quantity"]
        quantity_node = line_node[name]
        quantity = float_round(quantity_node["_text"], precision_digits=PRICE_DIGITS)
        quantity_node["_text"] = FloatFmt(quantity, min_dp=0, max_dp=PRICE_DIGITS)
        price = float_round(
            line_node["cac:Price"]["cbc:PriceAmount"]["_text"], precision_digits=PRICE_DIGITS
        )
        amount = line_node["cbc:LineExtensionAmount"]["_text"]
        if (
            quantity
            and abs(quantity * price - amount) > SLACK
            and not line_node.get("cac:AllowanceCharge")
        ):
            line_node["cac:Price"] = {
                "cbc:PriceAmount": {
                    "_text": FloatFmt(abs(amount), min_dp=2, max_dp=PRICE_DIGITS),
                    "currencyID": vals["currency_name"],
                },
                "cbc:BaseQuantity": {
                    "_text": FloatFmt(abs(quantity), min_dp=0, max_dp=PRICE_DIGITS),
                    "unitCode": quantity_node["unitCode"],
                },
            }
        return result

    # -- checks -----------------------------------------------------------------------------

    def _export_invoice_constraints(self, invoice, vals):
        """A service that is not taxed is billed as exempt; Odoo would ask for a tax of 0 %."""
        constraints = super()._export_invoice_constraints(invoice, vals)
        if invoice.utility_account_id:
            constraints.pop("tax_on_line", None)
        return constraints
