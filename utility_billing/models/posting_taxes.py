"""Taxes of a bill, as Odoo's tax engine has them, to the last bit: for taxes by per cent, which are
what bills of utilities carry. Any other tax leaves the bill to Odoo itself.

The order of operations is that of `account.tax`: floats are added up the same way, so that a half
of a cent falls on the same side.
"""

from collections import namedtuple

from odoo.tools import float_is_zero, float_round

# rate in per cent; whether the price includes it
TaxFacts = namedtuple("TaxFacts", "id rate included")


class BillTaxes:
    """Amounts of a bill's lines, as of one that is owed by the payer.

    `lines`: [(subtotal, total, amount in the ledger)]; `taxes`: {tax id: [amount, base]}
    """

    def __init__(self, lines, per_line, rounding, digits, distribute):
        """
        :param lines: [(quantity, price, [`TaxFacts`])]
        :param per_line: taxes are rounded line by line, not of the whole bill
        :param rounding: the currency's unit
        :param distribute: `account.tax._distribute_delta_amount_smoothly`
        """
        self.rounding, self.digits, self.distribute = rounding, digits, distribute
        raw = [self._raw(*line, per_line) for line in lines]
        self.lines = [self._own(*line) for line in raw]
        self.taxes = self._of_bill(raw)
        self._spread_rest(raw)

    def round(self, value):
        return float_round(value, precision_rounding=self.rounding)

    def _raw(self, quantity, price, taxes, per_line):
        """(without tax, with tax, [(tax, amount, base)]), not rounded yet."""
        base = quantity * price
        if per_line:
            base = self.round(base)
        found, untaxed = [], base
        for tax in taxes:
            if tax.included:
                amount = base * (1 / (1 + tax.rate / 100.0)) * tax.rate / 100.0
            else:
                amount = base * tax.rate / 100.0
            if per_line:
                amount = self.round(amount)
            if tax.included:
                untaxed = base - amount
            found.append((tax, amount, untaxed if tax.included else base))
        return untaxed, untaxed + sum(amount for _tax, amount, _base in found), found

    def _own(self, untaxed, _total, taxes):
        subtotal = self.round(untaxed)
        total = subtotal
        for _tax, amount, _base in taxes:
            total += self.round(amount)
        return [subtotal, total, subtotal]

    def _of_bill(self, raw):
        sums = {}
        for _untaxed, _total, taxes in raw:
            for tax, amount, base in taxes:
                entry = sums.setdefault(tax, [0.0, 0.0])
                entry[0] += amount
                entry[1] += base
        found = {}
        for tax, (amount, base) in sums.items():
            rounded = self.round(amount)
            whole = self.round(base + amount) - rounded if tax.included else self.round(base)
            found[tax.id] = [rounded, whole]
        return found

    def _spread_rest(self, raw):
        """What is lost by rounding line by line goes to the lines, largest first."""
        added = any(not tax.included for _untaxed, _total, taxes in raw for tax, *_rest in taxes)
        if added:
            target = sum(untaxed for untaxed, _total, _taxes in raw)
            done = sum(line[0] for line in self.lines)
        else:
            target = sum(untaxed for untaxed, _total, _taxes in raw) + sum(
                amount for _untaxed, _total, taxes in raw for _tax, amount, _base in taxes
            )
            done = sum(line[0] for line in self.lines) + sum(
                amount for amount, _base in self.taxes.values()
            )
        if not target:
            return
        rest = self.round(target) - done
        if float_is_zero(rest, precision_digits=self.digits):
            return
        factors = [{"factor": untaxed if added else total} for untaxed, total, _taxes in raw]
        parts = self.distribute(self.digits, rest, factors)
        for line, part in zip(self.lines, parts, strict=True):
            line[2] += part


def facts_of(taxes):
    """Taxes as `BillTaxes` reads them.

    :return: [`TaxFacts`]; None when some tax is not by per cent, or one builds on another
    """
    found = []
    for tax in taxes.flatten_taxes_hierarchy():
        plain = (
            tax.amount_type == "percent"
            and not tax.include_base_amount
            and not tax.analytic
            and tax.tax_exigibility == "on_invoice"
            and not tax.has_negative_factor
            and all(
                len(parts.filtered(lambda part: part.repartition_type == "tax")) == 1
                and all(part.factor_percent == 100 for part in parts)
                for parts in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids)
            )
        )
        if not plain:
            return None
        found.append(TaxFacts(tax.id, tax.amount, tax.price_include))
    if len(found) > 1 and any(tax.included for tax in found):
        return None
    return found
