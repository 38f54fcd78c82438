"""Where the money of a bill goes: the company, and the creditors of what it collects for them."""

from decimal import Decimal

from ..engine import payment_codes, references
from ..engine.bill_content import PayTo

ZERO = Decimal(0)


class PaymentWriter:
    """Blocks of payees in the language of `writer`."""

    def __init__(self, writer):
        self.writer = writer
        self.facts = writer.facts

    def blocks(self, move, to_pay):
        """
        :param to_pay: in the currency of the bill; nothing is asked for where it is not above 0
        :return: [`PayTo`], the company's own first
        """
        if to_pay <= 0:
            return []
        parts = self._of_creditors(move, to_pay)
        own = to_pay - sum(parts.values())
        company = move.company_id
        own_bank = move.partner_bank_id or company.utility_bill_bank_id
        own_bank = self.writer.banks.get(own_bank.id) or company.partner_id.bank_ids[:1]
        found = [self._block(move, own_bank, company.partner_id, own)] if own > 0 else []
        for bank, amount in parts.items():
            if amount > 0:
                found.append(self._block(move, bank, bank.partner_id, amount))
        return found

    def _of_creditors(self, move, to_pay):
        """{bank account of a creditor: his part of the bill, at most what is to be paid}"""
        sign = -1 if move.move_type == "out_refund" else 1
        parts = {}
        for line in self.facts.lines[move.id]:
            bank = self._bank_of_creditor(line.service_id)
            if bank and line.kind == "product":
                parts[bank] = parts.get(bank, ZERO) + sign * line.gross
        for fund in self.facts.funds.get(move.id, ()):
            bank = self._bank_of_creditor(fund.service_id)
            if bank in parts:
                parts[bank] -= fund.amount
        left = to_pay
        for bank, amount in parts.items():
            parts[bank] = min(max(amount, ZERO), left)
            left -= parts[bank]
        return parts

    def _bank_of_creditor(self, service_id):
        service = self.writer.services.get(service_id)
        if not service or service.ownership != "agency":
            return None
        return self.writer.banks.get(service.creditor_bank_account_id.id)

    def _block(self, move, bank, payee, amount):
        reference = move.payment_reference or ""
        company = move.company_id
        scheme = company.utility_reference_scheme
        is_known = references.is_valid(scheme, reference)
        number = move.utility_account_id.number
        return PayTo(
            creditor=payee.name or "",
            account=bank.acc_number or "",
            bic=bank.bank_bic or "",
            bank=bank.bank_name or "",
            amount=self.writer.priced(move, amount),
            reference=references.shown(scheme, reference) if is_known else reference,
            qr=self._qr(move, bank, payee, amount) if bank else "",
            barcode=payment_codes.barcode(number, amount)
            if number and company.utility_bill_barcode
            else "",
        )

    def _qr(self, move, bank, payee, amount):
        scheme = move.company_id.utility_bill_qr
        if scheme == "none":
            return ""
        payment = payment_codes.Payment(
            name=payee.name or "",
            iban=bank.acc_number or "",
            amount=amount,
            currency=move.currency_id.name,
            bic=(bank.bank_bic or "").replace(" ", "").upper(),
            reference=move.payment_reference or "",
            text=self._purpose(move),
            code=payee.company_registry or payee.vat or "",
            bank=bank.bank_name or "",
            address=self._address(payee),
            account=move.utility_account_id.number or "",
        )
        try:
            return payment_codes.payload(scheme, payment)
        except payment_codes.UnfitPayment:
            # no IBAN, another currency: the bill is paid by hand
            return ""

    def _purpose(self, move):
        captions, account = self.writer.captions, move.utility_account_id
        parts = [f"{captions['account']} {account.number}" if account else "", move.name or ""]
        if move.utility_month:
            parts.append(self.writer.month(move.utility_month))
        return ", ".join(part for part in parts if part)

    def _address(self, payee):
        street = payee.street or payee.street2 or ""
        return street, "", payee.zip or "", payee.city or "", payee.country_id.code or ""
