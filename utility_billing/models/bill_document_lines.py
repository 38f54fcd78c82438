"""The table of a bill: lines by service with their explanation, taxes by rate."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from ..engine.bill_content import ChargeRow, SumRow

MOST_PLACES = 6
EFFECTIVE_PLACES = 4
# other kinds say themselves what they are for
NAMED = ("consumption", "fixed", "minimum", "maximum", "norm_excess")


class LineWriter:
    """Rows of bills in the language of `writer`."""

    def __init__(self, writer):
        self.writer = writer
        self.facts = writer.facts
        self.rates = {}
        self.flat = {}
        self.spans = {}

    def rows(self, move):
        """The lines that people read: members of a collective bill one after another, of each
        the corrections last."""
        lines = [line for line in self.facts.lines[move.id] if line.kind == "product"]
        ranks = {account: rank for rank, account in enumerate(dict.fromkeys(self._members(lines)))}
        lines.sort(key=lambda line: (ranks[line.account_id], self._is_correction(line)))
        return [self._row(move, line) for line in lines]

    def _members(self, lines):
        return (line.account_id for line in lines)

    def _is_correction(self, line):
        charges = self.facts.charges.get(line.id)
        return bool(charges) and all(charge.is_correction for charge in charges)

    def usual_span(self, move):
        """The consumption period that most lines of the bill have; None where none is known."""
        if move.id not in self.spans:
            found = defaultdict(int)
            for line in self.facts.lines[move.id]:
                span = self._span(line)
                if span and not self._is_correction(line):
                    found[span] += 1
            self.spans[move.id] = max(found, key=found.get) if found else None
        return self.spans[move.id]

    def _span(self, line):
        charges = self.facts.charges.get(line.id)
        if not charges:
            return None
        return (
            min(charge.period_start for charge in charges),
            max(charge.period_end for charge in charges),
        )

    # -- a line -------------------------------------------------------------------------------

    def _row(self, move, line):
        sign = -1 if move.move_type == "out_refund" else 1
        charges = self.facts.charges.get(line.id, ())
        net = sign * line.net
        tax = sum(charge.tax for charge in charges) if charges else sign * (line.gross - line.net)
        money = self.writer.money
        quantity, unit, price = self._quantity(move, line, charges, sign)
        return ChargeRow(
            name=self._name(move, line),
            quantity=quantity,
            unit=unit,
            price=price,
            net=money(move, net),
            tax_rate=self._rates(line),
            tax=money(move, tax),
            gross=money(move, net + tax),
            explanation=self._explanation(charges),
            group=self._group(move, line),
        )

    def _name(self, move, line):
        if not line.service_id:
            return line.name or ""
        name = self.writer.services[line.service_id].name
        span = self._span(line)
        if span and (self._is_correction(line) or span != self.usual_span(move)):
            return f"{name}, {self.writer.span(*span)}"
        return name

    def _group(self, move, line):
        corrections = self.writer.captions["corrections"] if self._is_correction(line) else ""
        account = move.utility_account_id
        if not line.account_id or line.account_id == account.id:
            return corrections
        member = self.writer.accounts[line.account_id]
        name = ", ".join(filter(None, (member.number, member.address)))
        return f"{name} · {corrections}" if corrections else name

    def _quantity(self, move, line, charges, sign):
        """(quantity, unit, price without tax) as texts; empty where the line counts nothing."""
        if charges and not self._counts(line, charges):
            return "", "", ""
        saying = self.writer.saying(move)
        prices = {charge.price for charge in charges}
        exact = (not charges or prices == {line.price}) and _comes_to(line, line.price)
        return (
            saying.number(sign * line.quantity),
            self.writer.uoms.get(line.uom_id) or "",
            saying.money(line.price if exact else self._effective(line)),
        )

    def _counts(self, line, charges):
        """Whether the line's quantity is what its charges count; else it is one of something."""
        counted = defaultdict(Decimal)
        for charge in charges:
            if charge.kind == "consumption" and charge.uom_id == line.uom_id:
                counted[charge.component_id] += charge.quantity
        step = Decimal("0.001")
        return any(
            abs(quantity).quantize(step) == abs(line.quantity).quantize(step) and quantity
            for quantity in counted.values()
        )

    def _effective(self, line):
        """A price that all of the service's charges come to, as short as gives the amount."""
        price = line.net / line.quantity if line.quantity else line.price
        for places in range(EFFECTIVE_PLACES, MOST_PLACES):
            short = price.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            if _comes_to(line, short):
                return short
        return price

    def _rates(self, line):
        ids = tuple(line.tax_ids or ())
        if ids not in self.rates:
            taxes = self._flat(line)
            saying = self.writer.plain
            self.rates[ids] = " + ".join(
                saying.number(Decimal(str(tax.amount)))
                if tax.amount_type in ("percent", "division")
                else tax.name
                for tax in taxes
            )
        return self.rates[ids]

    # -- explanation --------------------------------------------------------------------------

    def _explanation(self, charges):
        """How the line's charges come about, each under the name of its tariff's component."""
        explained = self.writer.explained
        told = [charge for charge in charges if explained.get(charge.id)]
        lines, reasons = [], []
        for charge in told:
            if charge.is_correction and charge.reason and charge.reason not in reasons:
                reasons.append(charge.reason)
                lines.append(f"{self.writer.captions['reason']}: {charge.reason}")
            lines += self._of_charge(charge, len(told) > 1)
        return lines

    def _of_charge(self, charge, is_named):
        lines = list(self.writer.explained[charge.id])
        if charge.kind not in NAMED:
            return lines
        name = self.writer.components.get(charge.component_id)
        if is_named and name:
            if len(lines) > 1:
                return [f"{name}:", *lines]
            lines[0] = f"{name}: {lines[0]}"
        return lines

    # -- taxes --------------------------------------------------------------------------------

    def taxes(self, move):
        """What is taxed with which tax: the base as a note."""
        sign = -1 if move.move_type == "out_refund" else 1
        lines = self.facts.lines[move.id]
        sums, bases = defaultdict(Decimal), defaultdict(Decimal)
        for line in lines:
            if line.kind == "tax" and line.tax_id:
                name = self._tax_name(line.tax_id)
                sums[name] -= line.balance
                bases[name] += sign * abs(line.tax_base)
            elif line.kind == "product":
                for tax in self._flat(line):
                    if not tax.amount:
                        sums[self._tax_name(tax.id)] += 0
                        bases[self._tax_name(tax.id)] += sign * line.net
        if not sums:
            return []
        money = self.writer.money
        rows = [SumRow(name, money(move, sums[name]), money(move, bases[name])) for name in sums]
        untaxed = sum(line.net for line in lines if line.kind == "product" and not line.tax_ids)
        if untaxed:
            rows.append(SumRow(self.writer.captions["untaxed"], "", money(move, sign * untaxed)))
        return rows

    def _tax_name(self, tax_id):
        tax = self.writer.taxes.get(tax_id) or self.writer.env["account.tax"].browse(tax_id)
        if tax.amount_type != "percent":
            return tax.invoice_label or tax.name
        # of one rate there are several: included in prices, and added to them
        rate = self.writer.plain.percent(Decimal(str(tax.amount)))
        return f"{self.writer.captions['tax']} {rate}"

    def _flat(self, line):
        ids = tuple(line.tax_ids)
        if ids not in self.flat:
            taxes = self.writer.env["account.tax"].union(
                *(self.writer.taxes[tax_id] for tax_id in ids)
            )
            self.flat[ids] = taxes.flatten_taxes_hierarchy()
        return self.flat[ids]


def _comes_to(line, price):
    """Whether the price gives the line's amount before tax."""
    return (price * line.quantity).quantize(line.net, ROUND_HALF_UP) == line.net
