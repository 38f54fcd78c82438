# pylint: disable=prefer-env-translation
from odoo import api, models


class BillDocument(models.AbstractModel):
    """What stands on bills beside names and figures, in the language of the environment."""

    _inherit = "utility.bill.document"

    @api.model
    def _captions(self):
        return {
            **self._captions_of_head(),
            **self._captions_of_tables(),
            **self._captions_of_payment(),
        }

    def _captions_of_head(self):
        _ = self.env._
        return {
            "notice": _("Payment Notice"),
            "invoice": _("VAT Invoice"),
            "credit": _("Credit Note"),
            "draft": _("Draft"),
            "number": _("No."),
            "payer": _("Payer"),
            "issuer": _("Supplier"),
            "account": _("Account"),
            "address": _("Address"),
            "period": _("Period"),
            "date": _("Date"),
            "due": _("Pay by"),
            "corrects": _("Corrects"),
            "company_code": _("Company code"),
            "vat": _("VAT code"),
            "phone": _("Phone"),
            "email": _("E-mail"),
            "to_pay": _("To pay"),
            "nothing_to_pay": _("Nothing to pay"),
            "in_favour": _("In your favour"),
            "page": _("Page"),
            "of": _("of"),
        }

    def _captions_of_tables(self):
        _ = self.env._
        return {
            "charges": _("What you are charged for"),
            "service": _("Service"),
            "quantity": _("Quantity"),
            "unit": _("Units"),
            "price": _("Price"),
            "net": _("Net"),
            "tax_rate": _("VAT, %"),
            "tax": _("VAT"),
            "gross": _("Amount"),
            "corrections": _("Corrections of past months"),
            "reason": _("Why"),
            "meters": _("Meter readings"),
            "meter": _("Meter"),
            "reading_before": _("Before"),
            "reading_now": _("Now"),
            "used": _("Used"),
            "how": _("How"),
            "benefits": _("Benefits and subsidies"),
            "taxes": _("Taxes"),
            "untaxed": _("Not taxed"),
            "total_net": _("Net"),
            "total_tax": _("VAT"),
            "total": _("Charged in total"),
            "chart": _("Consumption of 13 months"),
        }

    def _captions_of_payment(self):
        _ = self.env._
        return {
            "balance": _("Balance"),
            "asked_before": _("Asked for by the bill before"),
            "payment": _("Paid on"),
            "payments": _("Payments received"),
            "other_entries": _("Other entries"),
            "owed_before": _("Owed before this bill"),
            "overpaid_before": _("Overpaid before this bill"),
            "this_bill": _("This bill"),
            "funds_pay": _("Benefits and subsidies"),
            "slip": _("Payment slip"),
            "cut": _("Cut here"),
            "creditor": _("Payee"),
            "bank_account": _("Bank account"),
            "bic": _("BIC"),
            "bank": _("Bank"),
            "amount": _("Amount"),
            "reference": _("Payment reference"),
            "scan": _("Scan to pay"),
            "keep": _(
                "The amount to pay is known from the balance on the day of the bill; payments "
                "that came later are on the next one."
            ),
        }
