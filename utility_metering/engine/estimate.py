"""What stands in for a measured quantity: the first rule of the situation that yields one."""

from decimal import Decimal

from .measure import Piece, active_days, counting_registers, rounded
from .spans import back, by_month, day_after, intersect, length

LOOKED_BACK = 24


class Estimator:
    """Estimates gaps of one point in one period.

    :param history: `Measured`, cut by days: what was measured when
    :param period: the span whose gaps are filled; rules count "periods in a row" back from it
    """

    def __init__(self, facts, history, period):
        self.facts = facts
        self.history = history
        self.period = period

    def fill(self, situation, gaps, installation=None, register=None, since=None):
        """Pieces for the days of `gaps`, by the first rule that yields a quantity.

        :param since: the day after which nothing was known, for "at most n periods in a row"
        :return: list of pieces; None when no rule yields a quantity
        """
        for rule in self.facts.rules:
            if rule.situation == situation and self._allowed(rule, since):
                yielded = getattr(self, f"_by_{rule.method}")(rule, gaps, installation, register)
                if yielded is not None:
                    return [
                        self._piece(rule, situation, gaps, installation, register, *part)
                        for part in yielded
                    ]
        return None

    def _allowed(self, rule, since):
        if not rule.max_in_row or since is None or rule.method != "average":
            return True
        return self.in_row(since) < rule.max_in_row

    def in_row(self, since):
        """How many whole periods before this one nothing was known in."""
        number = 0
        while number < LOOKED_BACK:
            span = back(self.period, self.facts.cycle_months * (number + 1))
            if span[0] <= since:
                break
            number += 1
        return number

    # -- methods: None, or a list of (method, quantity, basis) --------------------------------

    def _by_average(self, rule, gaps, installation, register):
        if register is None:
            return None
        quantity, days, periods = self._averaged(rule, self._own(installation, register))
        if periods < rule.min_periods:
            predecessors = self._alike(installation, register)
            quantity, days, periods = self._averaged(rule, predecessors)
        if periods < rule.min_periods:
            return None
        number = sum(map(length, gaps))
        basis = {"measured": str(quantity), "measured_days": days, "periods": periods}
        return [("estimated", quantity * number / days, {**basis, "days": number})]

    def _averaged(self, rule, counters):
        """(quantity, days, periods) of the last measured periods."""
        quantity, days, periods = Decimal(0), 0, 0
        for number in range(1, LOOKED_BACK + 1):
            span = back(self.period, self.facts.cycle_months * number)
            part, known = self._total(counters, span)
            if known * 2 >= length(span):
                quantity, days, periods = quantity + part, days + known, periods + 1
                if periods == rule.periods:
                    break
        return quantity, days, periods

    def _by_last_year(self, rule, gaps, installation, register):
        if register is None:
            return None
        spans = [back(gap, 12) for gap in gaps]
        wanted = sum(map(length, spans))
        for counters in (self._own(installation, register), self._alike(installation, register)):
            quantity, days = Decimal(0), 0
            for span in spans:
                part, known = self._total(counters, span)
                quantity, days = quantity + part, days + known
            if days and days * 2 >= wanted:
                number = sum(map(length, gaps))
                basis = {"measured": str(quantity), "measured_days": days, "days": number}
                return [("estimated", quantity * number / days, basis)]
        return None

    def _by_agreed(self, rule, gaps, installation, register):
        return self._monthly("agreed", self.facts.agreed, gaps, installation, register)

    def _by_norm(self, rule, gaps, installation, register):
        return self._monthly("norm", self.facts.norms, gaps, installation, register)

    def _by_schedule(self, rule, gaps, installation, register):
        if installation is None or not installation.lifts:
            return None
        lifted = sum(
            plan.containers
            for plan in installation.lifts
            for gap in gaps
            for _day in dates(plan, gap)
        )
        quantity = lifted * installation.factor * register.multiplier
        return [("estimated", quantity, {"containers": lifted, "volume": str(installation.factor)})]

    def _by_zero(self, rule, gaps, installation, register):
        return [("estimated", Decimal(0), {})]

    # -- inside -----------------------------------------------------------------------------

    def _monthly(self, method, amounts, gaps, installation, register):
        """A monthly quantity by the days of each month, shared by the meters that hang there."""
        share = self._share(installation, register)
        found = []
        for amount in amounts:
            for gap in gaps:
                days = intersect(gap, (amount.start, amount.end))
                if days:
                    quantity = sum(
                        amount.quantity * length(piece) / month for piece, month in by_month(days)
                    )
                    basis = {
                        "monthly": str(amount.quantity),
                        "from": days[0].isoformat(),
                        "to": days[1].isoformat(),
                        **({"share": str(share)} if share != 1 else {}),
                        **amount.basis,
                    }
                    found.append((method, quantity * share, basis))
        return found or None

    def _share(self, installation, register):
        """The part of a point's whole quantity that falls to one register of one meter."""
        if register is None:
            return Decimal(1)
        if register.purpose == "export":
            return Decimal(0)
        meters = [other for other in self._adding() if self._hangs_now(other)]
        taking = [r for r in counting_registers(installation) if r.purpose == "import"]
        year = (back(self.period, 12)[0], self.period[0])
        totals = {r.id: self._total([(installation, r)], year)[0] for r in taking}
        whole = sum(totals.values())
        part = totals[register.id] / whole if whole > 0 else Decimal(1) / len(taking)
        return part / max(1, len(meters))

    def _own(self, installation, register):
        return [(installation, register)]

    def _alike(self, installation, register):
        """Registers of the same zone at the point, when no other meter hangs there now."""
        others = [other for other in self._adding() if other.id != installation.id]
        if installation.counting != "add" or any(map(self._hangs_now, others)):
            return []
        return [
            (other, counter)
            for other in (*others, installation)
            for counter in counting_registers(other)
            if counter.band == register.band
        ]

    def _adding(self):
        return [other for other in self.facts.installations if other.counting == "add"]

    def _hangs_now(self, installation):
        """Whether it hangs at the end of the period: what was exchanged within has gone."""
        active = active_days(installation)
        return bool(active and active[0] <= self.period[1] <= active[1])

    def _total(self, counters, span):
        parts = [self.history.total(*counter, span) for counter in counters]
        return sum((part for part, _days in parts), Decimal(0)), sum(days for _part, days in parts)

    def _piece(self, rule, situation, gaps, installation, register, method, quantity, basis):
        return Piece(
            span=(gaps[0][0], gaps[-1][1]),
            quantity=rounded(quantity * rule.coefficient),
            method=method,
            band=register.band if register else "import",
            sign=-1 if installation and installation.counting == "deduct" else 1,
            installation_id=installation.id if installation else 0,
            reason=situation,
            basis={
                "rule": rule.id,
                "by": rule.method,
                **({"coefficient": str(rule.coefficient)} if rule.coefficient != 1 else {}),
                **({"register": register.id} if register else {}),
                **basis,
            },
        )


def dates(plan, span):
    """The days of `span` on which containers are lifted."""
    days = intersect(span, (plan.start, plan.end))
    if not days:
        return []
    first = plan.start
    while first.weekday() != plan.weekday:
        first = day_after(first)
    step = 7 * plan.every_weeks
    behind = (days[0] - first).days
    number = max(0, -(-behind // step))
    found, ordinal = [], first.toordinal() + number * step
    while ordinal <= days[1].toordinal():
        found.append(first.fromordinal(ordinal))
        ordinal += step
    return found
