from decimal import Decimal

from odoo import models

ZERO = Decimal(0)


class Explanation(models.AbstractModel):
    """What was charged, what is due and which facts made the difference."""

    _inherit = "utility.explanation"

    def _lines_difference(self, trace, saying):
        was, now = trace["was"], trace["is"]
        due = sum((Decimal(one["amount"]) for one in now), ZERO)
        lines = [
            self.env._(
                "Was %(was)s, is %(now)s: %(difference)s",
                was=saying.money(was["amount"]),
                now=saying.money(due),
                difference=saying.money(trace["amount"]),
            )
        ]
        before = _latest(was["trace"])
        lines += self._changes(before, now, trace, saying)
        for lead, traces in ((self.env._("Before"), before), (self.env._("Now"), now)):
            lines += [f"{lead}: {line}" for one in traces for line in self._lines(one, saying)]
        return lines

    def _changes(self, before, now, trace, saying):
        """A line for each fact that is not what it was."""
        if not now:
            return [self.env._("Nothing is due for it any more.")]
        old, new = _facts(before), _facts(now)
        lines = []
        for key in [*old, *(key for key in new if key not in old)]:
            was, now = old.get(key), new.get(key)
            if was != now:
                describe = getattr(self, f"_change_{key[0]}")
                line = describe(key, was, now, trace, saying)
                lines += [line] if line else []
        return lines

    def _changed(self, what, was, now):
        nothing = self.env._("nothing")
        return self.env._(
            "%(what)s: was %(was)s, is %(now)s", what=what, was=was or nothing, now=now or nothing
        )

    def _change_reading(self, key, was, now, trace, saying):
        serial = saying.names.of("utility.meter", key[1])
        what = self.env._(
            "Reading of meter %(serial)s on %(day)s", serial=serial, day=saying.day(key[3])
        )
        return self._changed(what, *(value and saying.number(value) for value in (was, now)))

    def _change_quantity(self, key, was, now, trace, saying):
        uom = trace.get("uom", "")
        return self._changed(
            self.env._("Quantity"),
            *(None if value is None else saying.quantity(value, uom) for value in (was, now)),
        )

    def _change_price(self, key, was, now, trace, saying):
        return self._changed(
            self.env._("Price"),
            *(value and ", ".join(map(saying.money, value)) for value in (was, now)),
        )

    def _change_days(self, key, was, now, trace, saying):
        return self._changed(
            self.env._("Days"),
            *(
                value and ", ".join(saying.span(first, last) for first, last in value)
                for value in (was, now)
            ),
        )

    def _change_share(self, key, was, now, trace, saying):
        return self._changed(
            self.env._("Share"),
            *(value and ", ".join(map(saying.percent, value)) for value in (was, now)),
        )

    def _change_value(self, key, was, now, trace, saying):
        _unit, name = saying.names.attributes.get(key[1], ("", ""))
        return self._changed(
            name or key[1].replace("_", " ").capitalize(),
            *(value and ", ".join(map(saying.number, value)) for value in (was, now)),
        )

    def _change_percent(self, key, was, now, trace, saying):
        return self._changed(
            self.env._("Per cent"),
            *(value and ", ".join(map(saying.percent, value)) for value in (was, now)),
        )


def _latest(trace):
    """The traces of a charge; of a difference, those that it led to."""
    while trace["kind"] == "difference":
        if not trace["is"]:
            return []
        trace = trace["is"][-1]
    return [trace]


def _facts(traces):
    """{(what, …): value} of what charges rest on, as far as their traces say."""
    found = {}
    for trace in traces:
        for part in trace["parts"]:
            found.setdefault(("days",), []).append((part["from"], part["to"]))
            _part_facts(found, trace, part)
    return found


def _part_facts(found, trace, part):
    for row in part.get("rows", ()):
        taken = sum(map(Decimal, row["taken"].values()), ZERO)
        found["quantity",] = found.get(("quantity",), ZERO) + taken
        for piece in row.get("pieces", ()):
            _piece_facts(found, piece)
    for term in part["terms"]:
        prices = term.get("prices") or ([term["price"]] if "price" in term else [])
        for price in prices:
            _once(found, ("price",), Decimal(price))
        if "percent" in term:
            _once(found, ("percent",), Decimal(term["percent"]))
        if "share" in term:
            _once(found, ("share",), Decimal(term["share"]))
        for name, value in term.get("names", {}).items():
            _once(found, ("value", name), Decimal(value))
        if "value" in part and "quantity" in term:
            _once(found, ("value", part["value"]["code"]), Decimal(term["quantity"]))


def _piece_facts(found, piece):
    for end in ("reading_from", "reading_to"):
        if end in piece and piece.get("meter"):
            key = ("reading", piece["meter"], piece.get("register"), piece[end]["day"])
            found[key] = Decimal(piece[end]["value"])
    for name in ("residents", "area", "norm_quantity"):
        if name in piece:
            _once(found, ("value", name), Decimal(piece[name]))


def _once(found, key, value):
    values = found.setdefault(key, [])
    if value not in values:
        values.append(value)
