from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.utility_base.tools.import_fields import ImportField

READINGS = 6


class ImportTargetPayment(models.AbstractModel):
    """Payments: rows of a collector's register or a bank's statement become lines of one list."""

    _name = "utility.import.target.payment"
    _description = "Import: Payments"
    _inherit = ["utility.import.target"]

    _once = True
    _one_row_each = False
    _numbers_equal_rows = True
    _plans_rows_alone = True
    _slice_size = 5000

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is a payment; the file becomes a list of payments, which are then matched with "
            "accounts. The same line of another file changes nothing. Money that went out is left "
            "out; a payment that was taken back waits in the list."
        )

    @api.model
    def _target_fields(self, profile):
        return [
            *self._money_fields(),
            *self._reference_fields(),
            *self._payer_fields(),
            *self._transfer_fields(),
            *self._reading_fields(),
        ]

    @api.model
    def _money_fields(self):
        return [
            ImportField(
                "date",
                self.env._("Paid on"),
                kind="date",
                required=True,
                aliases=(
                    "date", "payment date", "booking date", "data", "mokėjimo data", "įmokos data",
                    "дата", "дата платежа", "дата оплаты", "дата платежу", "дата оплати",
                ),
            ),
            ImportField(
                "amount",
                self.env._("Amount"),
                kind="money",
                required=True,
                aliases=(
                    "sum", "paid", "payment amount", "suma", "įmokos suma", "mokėjimo suma",
                    "сумма", "сумма платежа", "оплачено", "сума", "сума платежу", "сплачено",
                ),
                help=self.env._("Below zero: a payment that was taken back."),
            ),
            ImportField(
                "currency",
                self.env._("Currency"),
                aliases=("valiuta", "валюта", "ccy"),
                looks_up=self.env._("a currency by its code; empty: the company's"),
            ),
            ImportField(
                "direction",
                self.env._("Came In or Went Out"),
                kind="selection",
                default="credit",
                choices=(("credit", self.env._("Came in")), ("debit", self.env._("Went out"))),
                aliases=(
                    "direction", "credit debit", "d/c", "dk", "debetas/kreditas", "D/K",
                    "дебет/кредит", "тип операции", "тип операції",
                ),
            ),
            ImportField(
                "is_return",
                self.env._("Takes a Payment Back"),
                kind="boolean",
                aliases=("return", "reversal", "grąžinimas", "возврат", "повернення"),
                help=self.env._("Money that went out because an earlier payment was returned."),
            ),
            ImportField(
                "commission",
                self.env._("Commission"),
                kind="money",
                aliases=("fee", "komisinis", "komisinis atlygis", "комиссия", "комісія"),
            ),
        ]  # fmt: skip

    @api.model
    def _reference_fields(self):
        return [
            ImportField(
                "reference",
                self.env._("Payment Reference"),
                aliases=(
                    "structured reference", "payment code", "payer code", "įmokos kodas",
                    "mokėtojo kodas", "struktūrizuota paskirtis", "код платежа", "референс",
                    "код платежу",
                ),
                help=self.env._("With check digits, or the account's number."),
            ),
            ImportField(
                "number",
                self.env._("Account Number"),
                aliases=(
                    "account", "account no", "abonento kodas", "abonento nr",
                    "лицевой счет", "лицевой счёт", "лс", "л/с", "особовий рахунок", "о/р",
                ),
            ),
            ImportField(
                "purpose",
                self.env._("Text"),
                aliases=(
                    "purpose", "details", "payment details", "paskirtis", "mokėjimo paskirtis",
                    "назначение", "назначение платежа", "призначення", "призначення платежу",
                ),
            ),
            ImportField(
                "bank_ref",
                self.env._("Transaction"),
                aliases=(
                    "transaction id", "transaction number", "bank reference", "operacijos kodas",
                    "transakcijos nr", "номер операции", "код операции", "номер операції",
                ),
                help=self.env._("The bank's or the collector's own number of the payment."),
            ),
        ]  # fmt: skip

    @api.model
    def _payer_fields(self):
        return [
            ImportField(
                "payer_name",
                self.env._("Payer"),
                aliases=(
                    "payer", "name", "mokėtojas", "mokėtojo pavadinimas", "vardas pavardė",
                    "плательщик", "фио", "платник", "піб",
                ),
            ),
            ImportField(
                "payer_code",
                self.env._("Payer's Code"),
                aliases=(
                    "personal code", "company code", "asmens kodas", "įmonės kodas", "инн",
                    "инн плательщика", "єдрпоу", "рнокпп",
                ),
            ),
            ImportField(
                "payer_iban",
                self.env._("Payer's IBAN"),
                aliases=(
                    "iban", "payer account", "mokėtojo sąskaita", "sąskaita",
                    "счет плательщика", "счёт плательщика", "рахунок платника",
                ),
            ),
            ImportField(
                "payer_address",
                self.env._("Payer's Address"),
                aliases=("address", "adresas", "mokėtojo adresas", "адрес", "адреса"),
            ),
        ]  # fmt: skip

    @api.model
    def _transfer_fields(self):
        return [
            ImportField(
                "transfer_number",
                self.env._("Transfer, Number"),
                aliases=(
                    "transfer", "transfer no", "pavedimo nr", "pervedimo nr", "номер перевода",
                    "номер платежного поручения", "номер переказу",
                ),
                help=self.env._("The bank's transfer that brings the register's sum."),
            ),
            ImportField(
                "transfer_date",
                self.env._("Transfer, Date"),
                kind="date",
                aliases=("pavedimo data", "pervedimo data", "дата перевода", "дата переказу"),
            ),
        ]  # fmt: skip

    @api.model
    def _reading_fields(self):
        """Texts: a reading that is no number waits among the readings, not with its payment."""
        made = []
        for place in range(1, READINGS + 1):
            made += [
                ImportField(
                    f"reading_{place}_from",
                    self.env._("Meter %s, from", place),
                    aliases=(f"rodmuo {place} nuo", f"показание {place} от"),
                ),
                ImportField(
                    f"reading_{place}_to",
                    self.env._("Meter %s, to", place),
                    aliases=(f"rodmuo {place} iki", f"показание {place} до"),
                    help=self.env._("Of the account's meters in the order of its bills."),
                ),
            ]
        return made

    @api.model
    def _target_models(self):
        return {"utility.payment.batch": ("create", "write"), "utility.payment": ("create",)}

    @api.model
    def _refuse_settings(self, profile):
        if not profile.collector_id:
            raise UserError(
                self.env._(
                    "%s: choose on the profile through whom these payments came.", profile.name
                )
            )

    # -- what makes a line the same ---------------------------------------------------------

    @api.model
    def _row_key(self, profile, values):
        """Of a line: collector, date, amount, and what identifies it to whoever sent it; its text
        where nothing else does."""
        signs = ("reference", "number", "bank_ref", "transfer_number")
        if not any(values.get(name) for name in signs):
            signs = ("purpose", "payer_iban", "payer_name")
        key = {
            "collector": profile.collector_id.id,
            "date": values.get("date"),
            "amount": _plain_amount(values.get("amount")),
            "debit": values.get("direction") == "debit",
            **{name: values.get(name) for name in signs if values.get(name)},
        }
        return super()._row_key(profile, key)

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        today = fields.Date.to_string(fields.Date.context_today(self))
        currencies, own = self._currencies(), self.env.company.currency_id.name
        senders = self._transfer_senders()
        for item in items:
            if item.get("direction") == "debit" and not item.get("is_return"):
                item.leave_out(self.env._("Money that went out is no payment of a payer"))
                continue
            self._plan_amount(item, today, currencies, own)
            if item.is_good:
                self._plan_payment(item, senders)

    @api.model
    def _currencies(self):
        """{code: id} of the currencies in use."""
        return {
            currency.name: currency.id for currency in self.env["res.currency"].sudo().search([])
        }

    @api.model
    def _plan_amount(self, item, today, currencies, own):
        if not item.get("amount"):
            item.fail(self.env._("the amount is zero: mend it, or leave the line out"), "amount")
        if item.get("date") and item.get("date") > today:
            item.fail(self.env._("the day %s is still to come: mend it", item.get("date")), "date")
        code = (item.get("currency") or own).strip().upper()
        if code not in currencies:
            item.fail(
                self.env._(
                    "the currency “%s” is not in use: mend it, or activate the currency", code
                ),
                "currency",
            )
        item.plan["currency_id"] = currencies.get(code)

    @api.model
    def _plan_payment(self, item, senders):
        """What becomes of a good line."""
        amount = Decimal(str(item.get("amount")))
        transfer = False
        if item.get("direction") == "debit":
            amount = -abs(amount)
        if amount < 0:
            reason = self.env._("An earlier payment is taken back: say which one, or leave it out")
        else:
            reason = transfer = self._words_of_transfer(item, senders)
        if item.left_out:
            return
        item.plan.update(amount=amount, reason=reason, is_transfer=bool(transfer))
        item.action = "create"


def _plain_amount(value):
    """An amount as it is compared: 5, 5.0 and 5.00 are one; what cannot be read, as it is."""
    return f"{value:.2f}" if isinstance(value, (int, float)) else value
