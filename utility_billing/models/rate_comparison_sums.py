from decimal import Decimal

from odoo import models
from odoo.tools import SQL

# steps on each side of zero; what lies beyond is one step more
STEPS = 6
NICE = (1, 2, 5)


class RateComparison(models.Model):
    """Totals of a comparison and how its differences are distributed."""

    _inherit = "utility.rate.comparison"

    def _sum_up(self):
        """Totals, and steps of a distribution that holds nearly all; extremes stand at its ends."""
        self.env.flush_all()
        self.write(self._totals())
        step = self._step()
        # steps are the comparison's own; users only read them
        buckets = (
            self.env["utility.rate.comparison.bucket"].sudo().create(self._prepare_buckets(step))
        )
        buckets.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_rate_comparison_line line SET bucket_id = bucket.id
            FROM utility_rate_comparison_bucket bucket
            WHERE line.comparison_id = %s AND line.problem IS NULL
            AND bucket.comparison_id = line.comparison_id AND bucket.place = %s
            """,
                self.id,
                _place(step),
            )
        )
        self.line_ids.invalidate_recordset(["bucket_id"])

    def _totals(self):
        ((*sums,),) = self.env.execute_query(
            SQL(
                """
            SELECT count(*) FILTER (WHERE problem IS NULL),
                   count(*) FILTER (WHERE problem IS NOT NULL),
                   count(*) FILTER (WHERE difference > 0), count(*) FILTER (WHERE difference < 0),
                   count(*) FILTER (WHERE problem IS NULL AND difference = 0),
                   COALESCE(sum(was), 0), COALESCE(sum(now), 0), COALESCE(sum(difference), 0)
            FROM utility_rate_comparison_line WHERE comparison_id = %s
            """,
                self.id,
            )
        )
        names = "line_count problem_count more_count less_count same_count was now difference"
        return dict(zip(names.split(), sums, strict=True))

    def _step(self):
        """Width of a step: 1, 2 or 5 of some power of ten, at least a cent."""
        ((usual, most),) = self.env.execute_query(
            SQL(
                """
            SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY abs(difference))::text,
                   max(abs(difference))::text
            FROM utility_rate_comparison_line
            WHERE comparison_id = %s AND problem IS NULL
            """,
                self.id,
            )
        )
        wanted = Decimal(usual or 0) or Decimal(most or 0)
        return nice_step(wanted / STEPS, Decimal(str(self.currency_id.rounding)))

    def _prepare_buckets(self, step):
        rows = self.env.execute_query(
            SQL(
                """
            SELECT %s AS place, count(*), sum(difference)
            FROM utility_rate_comparison_line line
            WHERE comparison_id = %s AND problem IS NULL GROUP BY place
            """,
                _place(step),
                self.id,
            )
        )
        found = {place: (count, total) for place, count, total in rows}
        whole = sum(count for count, _total in found.values())
        # a step without anybody shows the gap in the chart
        places = range(min(found, default=0), max(found, default=-1) + 1)
        return [
            {
                "comparison_id": self.id,
                "place": place,
                "lower": float(step * max(abs(place) - 1, 0)),
                "upper": float(step * abs(place)) if abs(place) <= STEPS else 0,
                "line_count": found.get(place, (0, 0))[0],
                "share": 100 * found.get(place, (0, 0))[0] / whole,
                "difference": found.get(place, (0, 0))[1],
            }
            for place in places
        ]


def nice_step(wanted, least):
    """The smallest of 1, 2, 5, 10, 20 ... that is not below what is wanted."""
    step = least
    while True:
        for nice in NICE:
            if step * nice >= wanted:
                return step * nice
        step *= 10


def _place(step):
    """The step in which a difference lies: its upper end counts to it."""
    return SQL(
        "(sign(line.difference) * LEAST(ceil(abs(line.difference) / %s), %s))::int",
        step,
        STEPS + 1,
    )
