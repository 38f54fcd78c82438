"""Rules of EN 16931 (BR-*) and of Peppol BIS Billing 3 (PEPPOL-*) on an UBL invoice, as far as
bills of utilities touch them; after the published texts of the rules.

The structure is checked by the official schemas of OASIS, which package `peppol` carries.
"""

from decimal import ROUND_HALF_UP, Decimal

from lxml import etree
from peppol.rules import check_rules
from peppol.xsd import validate_xsd

NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
CENT = Decimal("0.01")


class Ubl:
    """An UBL invoice or credit note, asked by XPath."""

    def __init__(self, content):
        self.content = content
        self.root = etree.fromstring(content)

    def text(self, path, node=None):
        found = (self.root if node is None else node).xpath(path, namespaces=NS)
        return found[0].text if found else None

    def nodes(self, path, node=None):
        return (self.root if node is None else node).xpath(path, namespaces=NS)

    def number(self, path, node=None):
        return Decimal(self.text(path, node) or 0)

    def lines(self):
        return self.nodes("cac:InvoiceLine | cac:CreditNoteLine")


def violations(content):
    """Names of the rules that the invoice breaks, with what was found; empty when it is valid."""
    ubl = Ubl(content)
    _valid, errors = validate_xsd(content)
    return [
        *errors,
        *(str(finding) for finding in check_rules(content) if finding.severity == "fatal"),
        *(rule for rule, kept in _mandatory(ubl) if not kept),
        *(rule for rule, kept in _totals(ubl) if not kept),
        *(rule for rule, kept in _vat(ubl) if not kept),
        *(rule for line in ubl.lines() for rule, kept in _line(ubl, line) if not kept),
    ]


def _mandatory(ubl):
    seller = "cac:AccountingSupplierParty/cac:Party"
    buyer = "cac:AccountingCustomerParty/cac:Party"
    yield "BR-02 number", ubl.text("cbc:ID")
    yield "BR-03 date", ubl.text("cbc:IssueDate")
    yield "BR-05 currency", ubl.text("cbc:DocumentCurrencyCode")
    yield "BR-06 seller", ubl.text(f"{seller}/cac:PartyLegalEntity/cbc:RegistrationName")
    yield "BR-07 buyer", ubl.text(f"{buyer}/cac:PartyLegalEntity/cbc:RegistrationName")
    country = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    yield "BR-09 seller's country", ubl.text(f"{seller}/{country}")
    yield "BR-11 buyer's country", ubl.text(f"{buyer}/{country}")
    yield "BR-CO-26 seller is known", ubl.text(f"{seller}/cac:PartyTaxScheme/cbc:CompanyID")
    yield "PEPPOL-EN16931-R003 buyer reference", ubl.text("cbc:BuyerReference")
    yield "PEPPOL-EN16931-R010 buyer's endpoint", ubl.text(f"{buyer}/cbc:EndpointID[@schemeID]")
    yield "PEPPOL-EN16931-R020 seller's endpoint", ubl.text(f"{seller}/cbc:EndpointID[@schemeID]")
    payable = ubl.number("cac:LegalMonetaryTotal/cbc:PayableAmount")
    due = ubl.text("cbc:DueDate") or ubl.text("cac:PaymentTerms/cbc:Note")
    yield "BR-CO-25 due date", payable <= 0 or due
    means = ubl.text("cac:PaymentMeans/cbc:PaymentMeansCode")
    account = ubl.text("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID")
    yield "BR-61 account to pay to", means not in ("30", "58") or account
    place = ubl.nodes("cac:Delivery/cac:DeliveryLocation/cac:Address")
    where = ubl.text("cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/*")
    yield "BR-57 delivery's country", not place or where
    start, end = (
        ubl.text("cac:InvoicePeriod/cbc:StartDate"),
        ubl.text("cac:InvoicePeriod/cbc:EndDate"),
    )
    yield "BR-29 period in order", not (start and end) or start <= end


def _totals(ubl):
    def total(name):
        return ubl.number(f"cac:LegalMonetaryTotal/cbc:{name}")

    net = sum(ubl.number("cbc:LineExtensionAmount", line) for line in ubl.lines())
    tax = ubl.number("cac:TaxTotal/cbc:TaxAmount")
    yield "BR-16 lines", ubl.lines()
    yield "BR-CO-10 sum of lines", net == total("LineExtensionAmount")
    excluded = net - total("AllowanceTotalAmount") + total("ChargeTotalAmount")
    yield "BR-CO-13 total without VAT", excluded == total("TaxExclusiveAmount")
    yield "BR-CO-15 total with VAT", excluded + tax == total("TaxInclusiveAmount")
    payable = total("TaxInclusiveAmount") - total("PrepaidAmount") + total("PayableRoundingAmount")
    yield "BR-CO-16 amount due", payable == total("PayableAmount")
    amounts = ubl.nodes("cac:LegalMonetaryTotal/*")
    places = max(-Decimal(node.text).as_tuple().exponent for node in amounts)
    yield "BR-DEC-09..18 two decimals", places <= 2


def _vat(ubl):
    groups = ubl.nodes("cac:TaxTotal/cac:TaxSubtotal")
    tax = ubl.number("cac:TaxTotal/cbc:TaxAmount")
    parts = [ubl.number("cbc:TaxAmount", group) for group in groups]
    yield "BR-CO-18 a VAT group", groups
    yield "BR-CO-14 sum of VAT groups", sum(parts) == tax
    keys = [_category(ubl, group, "cac:TaxCategory") for group in groups]
    yield "BR-S-01 one group for each category and rate", len(keys) == len(set(keys))
    lines = {_category(ubl, line, "cac:Item/cac:ClassifiedTaxCategory") for line in ubl.lines()}
    yield "BR-CO-4 lines' categories have groups", lines == set(keys)
    for group, key in zip(groups, keys, strict=True):
        category, rate = key
        taxable = ubl.number("cbc:TaxableAmount", group)
        expected = (taxable * rate / 100).quantize(CENT, ROUND_HALF_UP)
        yield f"BR-CO-17 VAT of {category} {rate}", (ubl.number("cbc:TaxAmount", group) == expected)
        net = sum(
            ubl.number("cbc:LineExtensionAmount", line)
            for line in ubl.lines()
            if _category(ubl, line, "cac:Item/cac:ClassifiedTaxCategory") == key
        )
        yield f"BR-{category}-08 base of {category} {rate}", net == taxable
        reason = ubl.nodes("cac:TaxCategory/cbc:TaxExemptionReason", group) or ubl.nodes(
            "cac:TaxCategory/cbc:TaxExemptionReasonCode", group
        )
        yield f"BR-{category}-10 reason", bool(reason) == (category not in ("S", "Z"))
        yield f"BR-{category}-05 rate", (rate > 0) == (category == "S")


def _category(ubl, node, path):
    return ubl.text(f"{path}/cbc:ID", node), ubl.number(f"{path}/cbc:Percent", node)


def _line(ubl, line):
    number = ubl.text("cbc:ID", line)
    quantity = ubl.number("cbc:InvoicedQuantity | cbc:CreditedQuantity", line)
    price = ubl.number("cac:Price/cbc:PriceAmount", line)
    base = ubl.number("cac:Price/cbc:BaseQuantity", line) or Decimal(1)
    unit = ubl.nodes("cbc:InvoicedQuantity | cbc:CreditedQuantity", line)[0].get("unitCode")
    net = ubl.number("cbc:LineExtensionAmount", line)
    yield f"BR-21 line {number}", number
    yield f"BR-23 unit of line {number}", unit
    yield f"BR-25 name of line {number}", ubl.text("cac:Item/cbc:Name", line)
    yield f"BR-27 price of line {number} is not below zero", price >= 0
    amount = (quantity * price / base).quantize(CENT, ROUND_HALF_UP)
    yield f"PEPPOL-EN16931-R120 amount of line {number}", abs(amount - net) <= CENT
    start, end = (ubl.text(f"cac:InvoicePeriod/cbc:{name}Date", line) for name in ("Start", "End"))
    first, last = (ubl.text(f"cac:InvoicePeriod/cbc:{name}Date") for name in ("Start", "End"))
    yield (
        f"PEPPOL-EN16931-R110, R111 period of line {number}",
        not start or first <= start <= end <= last,
    )
