from collections import defaultdict
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import fields, models

from ..engine.dial_history import by_month
from .usage import METHODS

SHOWN_MONTHS = 24
YEAR = 12


class ConsumptionMixin(models.AbstractModel):
    """Consumption of the last 24 months, for the chart on a form."""

    _name = "utility.consumption.mixin"
    _description = "Consumption by Month"

    def consumption_months(self):
        """What was used in each of the last 24 months, up to today, and a year before each.

        What lasted longer than a month is spread by days. The number of queries does not depend
        on how much there is.

        :return: {months: [ISO first day], methods: [[value, label]], series: [{id, name, uom,
            bars: [{method, quantities}], last_year}]}; `quantities` and `last_year`
            follow `months`, in the series' unit; a month of last year that nothing is known of is
            False
        :raise AccessError: the user may not read the record
        """
        self.ensure_one()
        self.check_access("read")
        today = fields.Date.context_today(self)
        months = [
            today.replace(day=1) - relativedelta(months=back)
            for back in range(SHOWN_MONTHS + YEAR - 1, -1, -1)
        ]
        sums = defaultdict(lambda: defaultdict(Decimal))
        found = {}
        for series, start, end, parts in self._consumption_parts(months[0], today):
            found[series["id"]] = series
            for method, quantity in parts.items():
                for month, share in by_month(start, end, quantity).items():
                    sums[series["id"]][method, month] += share
        return {
            "months": [fields.Date.to_string(month) for month in months[YEAR:]],
            "methods": self.env["utility.usage"]._fields["method"]._description_selection(self.env),
            "series": [
                {**series, **self._consumption_series(sums[series["id"]], months)}
                for series in found.values()
            ],
        }

    def _consumption_parts(self, start, end):
        """What was used from `start` to `end`.

        :return: iterable of (series {id, name, uom}, first day, last day, {method: Decimal})
        """
        raise NotImplementedError

    def _consumption_series(self, sums, months):
        """Bars by method and last year's line, from {(method, month): quantity}."""
        totals = defaultdict(Decimal)
        for (_method, month), quantity in sums.items():
            totals[month] += quantity
        methods = {method for method, month in sums if month >= months[YEAR]}
        return {
            "bars": [
                {
                    "method": method,
                    "quantities": [_shown(sums[method, month]) for month in months[YEAR:]],
                }
                for method, _label in METHODS
                if method in methods
            ],
            "last_year": [
                _shown(totals[month]) if month in totals else False for month in months[:-YEAR]
            ],
        }

    def _consumption_of_points(self, points, start, end):
        """Live usage of points: (usage, {method: Decimal}), by service and day."""
        rows = self.env["utility.usage"].search(
            [
                ("service_point_id", "in", points.ids),
                ("voided_at", "=", False),
                ("date_end", ">=", start),
                ("date_start", "<=", end),
            ],
            order="service_id, date_start, id",
        )
        return [(row, self._consumption_methods(row)) for row in rows]

    def _consumption_methods(self, usage):
        """The part of a measured quantity that was not measured counts as estimated."""
        quantity = Decimal(str(usage.quantity))
        estimated = Decimal(str(usage.estimated_quantity))
        if usage.method != "measured" or not estimated:
            return {usage.method: quantity}
        return {"measured": quantity - estimated, "estimated": estimated}

    def _consumption_of_service(self, service):
        return {"id": service.id, "name": service.name, "uom": service.uom_id.name}


def _shown(quantity):
    return round(float(quantity), 3)
