from datetime import date
from decimal import Decimal

from odoo import models

from odoo.addons.utility_metering.engine.spans import by_month, intersect, length

from ..engine.terms import term_of

ONE = Decimal(1)


class Explanation(models.AbstractModel):
    """Where quantities come from: readings, norms, estimates, shares of a building."""

    _inherit = "utility.explanation"

    def _lines_about(self, part, trace, saying):
        """What the calculation of a part rests on, as lines before it."""
        lines = []
        if not self._inline_rows(part, trace, saying):
            for row in part.get("rows", ()):
                lines += self._lines_row(row, part, trace, saying)
        for topic in ("netted", "hours", "raised", "demand", "limit_formula", "limited"):
            if topic in part:
                lines += getattr(self, f"_lines_{topic}")(part, trace, saying)
        for data in part["terms"]:
            if data["how"] == "blocks":
                limits = self._limits_words(data, trace, saying)
                lines += [limits] if limits else []
        return lines

    # -- rows -------------------------------------------------------------------------------

    def _inline_rows(self, part, trace, saying):
        """Words of a quantity that fit into the calculation: one row, one piece, one term."""
        rows = part.get("rows", ())
        if len(rows) != 1 or len(part["terms"]) != 1 or part["terms"][0]["how"] != "linear":
            return ""
        row = rows[0]
        pieces = self._pieces_in(row, part)
        whole = Decimal(row["quantity"]) == Decimal(part["terms"][0]["quantity"])
        if not whole or len(pieces) > 1:
            return ""
        return (
            self._piece_words(pieces[0], trace, saying) if pieces else self._row_words(row, saying)
        )

    def _pieces_in(self, row, part):
        span = _span(part)
        return [piece for piece in row.get("pieces", ()) if intersect(_span(piece), span)]

    def _lines_row(self, row, part, trace, saying):
        uom = trace.get("uom", "")
        lines = []
        for piece in self._pieces_in(row, part):
            quantity = Decimal(piece["quantity"]) * piece.get("sign", 1)
            words = self._piece_words(piece, trace, saying)
            lines.append(f"{saying.quantity(quantity, uom)}: {words}")
        words = self._row_words(row, saying)
        if not lines and words:
            lines.append(f"{saying.quantity(row['quantity'], uom)}: {words}")
        taken = sum(map(Decimal, row["taken"].values()))
        days = intersect(_span(row), _span(part))
        if days and days != _span(row):
            lines.append(
                self.env._(
                    "Of %(quantity)s on %(row_span)s, %(taken)s fall on %(span)s.",
                    quantity=saying.quantity(row["quantity"], uom),
                    row_span=saying.span(row["from"], row["to"]),
                    taken=saying.quantity(taken, uom),
                    span=saying.span(days[0].isoformat(), days[1].isoformat()),
                )
            )
        return lines

    def _row_words(self, row, saying):
        """A row that has no pieces to tell of."""
        if row["source"] == "allocated":
            name = saying.names.of("utility.allocation.share", row["id"])
            return self.env._("share of the building, %(sharing)s", sharing=name)
        if row["source"] in saying.labels("method") and (row["id"] or row.get("reason")):
            words = saying.labels("method")[row["source"]].lower()
            reason = saying.labels("reason").get(row.get("reason"))
            return f"{words}; {reason.lower()}" if reason else words
        return ""

    # -- pieces -----------------------------------------------------------------------------

    def _piece_words(self, piece, trace, saying):
        """How a piece of a usage was found, without its quantity."""
        if "reading_to" in piece:
            words = self._readings_words(piece, trace, saying)
        elif "settles" in piece:
            words = self.env._("billed before as estimated, taken off now")
        elif "issued" in piece:
            words = self.env._("as billed; the next reading settles it")
        elif piece["method"] == "derived":
            words = self._derived_words(piece, trace, saying)
        elif piece.get("by"):
            words = self._estimate_words(piece, trace, saying)
        else:
            words = saying.labels("method").get(piece["method"], piece["method"]).lower()
        zone = piece.get("band", "").partition(":")[2]
        words = f"{saying.zone(zone)}, {words}" if zone else words
        reason = saying.labels("reason").get(piece.get("reason"))
        return f"{words}; {reason.lower()}" if reason else words

    def _readings_words(self, piece, trace, saying):
        names, end = saying.names, piece["reading_to"]
        serial = names.records.get("utility.meter", {}).get(piece.get("meter"))
        serial = serial or names.meters.get(piece.get("installation")) or "?"
        begin = piece.get("reading_from")
        if begin:
            values = saying.pair(begin["value"], end["value"])
            words = self.env._(
                "meter %(serial)s: %(before)s on %(since)s → %(now)s on %(until)s",
                serial=serial,
                before=values[0],
                since=saying.day(begin["day"]),
                now=values[1],
                until=saying.day(end["day"]),
            )
        else:
            words = self.env._(
                "meter %(serial)s: %(now)s on %(until)s",
                serial=serial,
                now=saying.number(end["value"]),
                until=saying.day(end["day"]),
            )
        return "; ".join([words, *self._counting_words(piece, trace, saying)])

    def _counting_words(self, piece, trace, saying):
        """What lies between two readings and the quantity."""
        found = []
        if "rollover" in piece:
            found.append(self.env._("rolled over at %(end)s", end=saying.number(piece["rollover"])))
        factor = Decimal(piece.get("multiplier", 1)) * Decimal(piece.get("installation_factor", 1))
        if factor != ONE:
            found.append(f"× {saying.number(factor)}")
        between = piece.get("between_readings")
        if between and _span(between) != _span(piece):
            found.append(
                self.env._(
                    "%(days)s of %(whole_days)s days, in which %(whole)s were counted",
                    days=length(_span(piece)),
                    whole_days=length(_span(between)),
                    whole=saying.number(between["quantity"]),
                )
            )
        conversion = piece.get("conversion")
        if conversion:
            found.append(
                f"{saying.number(conversion['counted'])} × {saying.number(conversion['factor'])} = "
                f"{saying.quantity(piece['quantity'], trace.get('uom', ''))}"
            )
        return found

    def _derived_words(self, piece, trace, saying):
        quantity = saying.quantity(piece["usage"], trace.get("uom", ""))
        name = saying.names.of("utility.service.point", piece["point"])
        words = self.env._("%(quantity)s of point %(point)s", quantity=quantity, point=name)
        factor = Decimal(piece["factor"])
        return words if factor == ONE else f"{words} × {saying.number(factor)}"

    def _estimate_words(self, piece, trace, saying):
        by = piece["by"]
        label = saying.labels("by").get(by, by)
        if by in ("norm", "agreed"):
            how = self._monthly_words(piece, trace, saying)
        elif "measured_days" in piece:
            how = self.env._(
                "%(measured)s in %(measured_days)s days × %(days)s days",
                measured=saying.quantity(piece["measured"], trace.get("uom", "")),
                measured_days=piece["measured_days"],
                days=piece["days"],
            )
        elif "containers" in piece:
            how = f"{saying.number(piece['containers'])} × {saying.number(piece['volume'])}"
        else:
            return label.lower()
        if "coefficient" in piece:
            how += f" × {saying.number(piece['coefficient'])}"
        return f"{label.lower()}: {how}"

    def _monthly_words(self, piece, trace, saying):
        """2 residents × 6.935 m³ × 10/30"""
        uom = trace.get("uom", "")
        factors = []
        if "norm_quantity" in piece:
            if "residents" in piece:
                number = saying.number(piece["residents"])
                factors.append(self.env._("%(number)s residents", number=number))
            elif "area" in piece:
                factors.append(saying.quantity(piece["area"], "m²"))
            factors.append(saying.quantity(piece["norm_quantity"], uom))
        else:
            factors.append(saying.quantity(piece["monthly"], uom))
        if "share" in piece:
            factors.append(saying.number(piece["share"]))
        fractions = [(length(days), whole) for days, whole in by_month(_span(piece))]
        if fractions != [(1, 1)] and any(days != whole for days, whole in fractions):
            factors.append(self._time_words(fractions, "", saying))
        elif len(fractions) > 1:
            factors.append(saying.number(len(fractions)))
        return " × ".join(factors)

    # -- what else a part rests on ------------------------------------------------------------

    def _lines_netted(self, part, trace, saying):
        covered = ", ".join(
            f"{saying.quantity(quantity, trace.get('uom', ''))}"
            + ("" if zone == "all" else f" ({saying.zone(zone)})")
            for zone, quantity in part["netted"].items()
        )
        return [self.env._("Covered by what was fed in: %(covered)s", covered=covered)]

    def _lines_hours(self, part, trace, saying):
        hours = ", ".join(
            f"{saying.zone(zone)} {saying.number(count)}" for zone, count in part["hours"].items()
        )
        return [self.env._("No zones were measured; by the hours of each: %(hours)s", hours=hours)]

    def _lines_raised(self, part, trace, saying):
        raised = part["raised"]
        by = Decimal(raised["by"])
        excess = Decimal(raised["norm"]) * (by - 1)
        norm, uom = saying.quantity(raised["norm"], trace.get("uom", "")), trace.get("uom", "")
        return [
            self.env._(
                "No meter, though one could be installed: norm %(norm)s × (%(by)s − 1) = "
                "%(excess)s",
                norm=norm,
                by=saying.number(by),
                excess=saying.quantity(excess, uom),
            )
        ]

    def _lines_demand(self, part, trace, saying):
        lines = []
        for zone, found in part["demand"].items():
            place = "" if zone == "all" else f"{saying.zone(zone)}: "
            words = self.env._("highest demand %(actual)s", actual=saying.number(found["actual"]))
            if "floor" in found:
                words = self.env._(
                    "highest demand %(actual)s; at least %(percent)s of what was reached before, "
                    "%(floor)s",
                    actual=saying.number(found["actual"]),
                    percent=saying.percent(found["percent"]),
                    floor=saying.number(found["floor"]),
                )
            lines.append(place + words)
        return lines

    def _lines_limit_formula(self, part, trace, saying):
        data = part["limit_formula"]
        return [
            self.env._(
                "Block limits are for %(calculation)s = %(value)s",
                calculation=self._term_formula(data, part, trace, saying),
                value=saying.number(term_of(data).amount),
            )
        ]

    def _lines_limited(self, part, trace, saying):
        """Only what lies within the norm is relieved: what that part costs."""
        lines = []
        for data in part["limited"]:
            amount = self._amount_of(data)
            plain = {**part, "rows": ()}
            text = self._shared(
                getattr(self, f"_term_{data['how']}")(data, plain, trace, saying), data, saying
            )
            lines.append(
                self.env._(
                    "Within the norm of %(limit)s: %(calculation)s",
                    limit=saying.quantity(part["limit"], trace.get("uom", "")),
                    calculation=f"{text} = {saying.money(amount)}",
                )
            )
        return lines


def _span(data):
    return date.fromisoformat(data["from"]), date.fromisoformat(data["to"])
