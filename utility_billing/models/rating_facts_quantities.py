"""What was used: rows of usage, shares of a building, agreed attributes, demand."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tools import SQL

from odoo.addons.utility_metering.engine.measure import MONTH_DAYS, TYPICAL_HEATING
from odoo.addons.utility_metering.engine.spans import by_month, intersect, length

from ..engine.facts import Quantity

SHARES = {"quantity": "allocated", "common": "common", "cost": "cost"}
DEFAULT = ("usage", "allocated")


class QuantityFacts:
    """Quantities of the supplies of `RatingFacts`."""

    def __init__(self, facts):
        self.facts = facts
        self.env = facts.env
        self._rows = defaultdict(lambda: defaultdict(list))
        self._points = list({key[1] for key in facts.supplies})
        self._load_weights()
        self._load_usage()
        self._load_shares()
        self.demand = defaultdict(dict)
        if any(
            component.kind == "demand" or "demand" in component.needs
            for version in facts.rates.compiled.values()
            for component in version.components
        ):
            self._load_demand()

    def preference(self, service_id):
        """The service's sources of quantities, the preferred first."""
        return self.facts.preferences.get(service_id, DEFAULT)

    def of(self, key, due):
        """{source: (Quantity, ...)} of a supply on the days of a due period."""
        found = {
            source: tuple(
                row for row in rows if row.start <= due.period[1] and row.end >= due.period[0]
            )
            for source, rows in self._rows[key[1]].items()
        }
        for source in self.preference(self.facts.supplies[key]["service_id"]):
            if source.startswith("attribute:"):
                found[source] = self._by_attribute(key, source.partition(":")[2], due.period)
        return found

    def _by_attribute(self, key, code, period):
        """A monthly quantity that an attribute says; a part of a month counts by its days."""
        found = []
        for piece, days in by_month(period):
            for value in self.facts.values.of(key).get(code, ()):
                both = intersect((value.start, value.end), piece)
                if both:
                    quantity = value.value * length(both) / days
                    found.append(Quantity(*both, quantity, "attribute", value.source_id))
        return tuple(found)

    def _load_usage(self):
        weighted = {
            key[1]: self.weights.get(supply["company_id"], {})
            for key, supply in self.facts.supplies.items()
            if supply["cut_method"] == "degree_days"
        }
        for (
            point_id,
            row_id,
            start,
            end,
            quantity,
            method,
            reason,
            bands,
            pieces,
        ) in self.env.execute_query(
            SQL(
                """
            SELECT service_point_id, id, date_start, date_end, trim_scale(quantity)::text, method,
                   reason, bands, trace->'pieces'
            FROM utility_usage
            WHERE voided_at IS NULL AND service_point_id = ANY(%s) AND date_start <= %s
            AND date_end >= %s
            ORDER BY date_start
            """,
                self._points,
                self.facts.until,
                self.facts.since,
            )
        ):
            self._rows[point_id]["usage"].append(
                Quantity(
                    start,
                    end,
                    Decimal(quantity),
                    method,
                    row_id,
                    reason or "",
                    tuple(pieces or ()),
                    {band: Decimal(value) for band, value in (bands or {}).items()},
                    weighted.get(point_id, {}),
                )
            )

    def _load_shares(self):
        for point_id, row_id, start, end, purpose, quantity, amount in self.env.execute_query(
            SQL(
                """
            SELECT service_point_id, id, date_start, date_end, purpose,
                   trim_scale(quantity)::text, trim_scale(amount)::text
            FROM utility_allocation_share
            WHERE voided_at IS NULL AND service_point_id = ANY(%s) AND date_start <= %s
            AND date_end >= %s
            -- a cost that is shared once is a charge of its own, whatever the rate
            AND (purpose <> 'cost' OR assignment_id IS NOT NULL)
            ORDER BY date_start, id
            """,
                self._points,
                self.facts.until,
                self.facts.since,
            )
        ):
            value = amount if purpose == "cost" else quantity
            self._rows[point_id][SHARES[purpose]].append(
                Quantity(start, end, Decimal(value or 0), "allocated", row_id)
            )

    def _load_weights(self):
        """Degree days of the companies, for services that are cut by them; where none are known, a
        month's typical part of the heating."""
        self.weights = {}
        companies = {
            supply["company_id"]
            for supply in self.facts.supplies.values()
            if supply["cut_method"] == "degree_days"
        }
        if not companies:
            return
        since, until = self.facts.since.replace(day=1), fields.Date.end_of(self.facts.until, "year")
        typical = {
            day: Decimal(TYPICAL_HEATING[day.month - 1]) / MONTH_DAYS[day.month - 1]
            for day in (since + timedelta(days=n) for n in range((until - since).days + 1))
        }
        self.weights = {company_id: dict(typical) for company_id in companies}
        for company_id, day, value in self.env.execute_query(
            SQL(
                "SELECT company_id, date, trim_scale(value)::text FROM utility_degree_day "
                "WHERE voided_at IS NULL AND company_id = ANY(%s) AND date BETWEEN %s AND %s",
                list(companies),
                since,
                until,
            )
        ):
            self.weights[company_id][day] = Decimal(value)

    def _load_demand(self):
        """Highest demand by month: readings of registers that are kept for information and whose
        every value is an amount of its own, with a year to look back."""
        for point_id, day, zone, value in self.env.execute_query(
            SQL(
                """
            SELECT installation.service_point_id, reading.date, COALESCE(zone.code, ''),
                   trim_scale(reading.value * register.multiplier)::text
            FROM utility_reading reading
            JOIN utility_meter_register register ON register.id = reading.register_id
            JOIN utility_meter_installation installation
                ON installation.id = reading.installation_id
            LEFT JOIN utility_tou_zone zone ON zone.id = register.zone_id
            WHERE reading.state = 'accepted' AND register.purpose = 'info'
            AND register.counting = 'amount' AND installation.service_point_id = ANY(%s)
            AND reading.date BETWEEN %s AND %s
            """,
                self._points,
                fields.Date.subtract(self.facts.since.replace(day=1), months=12),
                self.facts.until,
            )
        ):
            peaks = self.demand[point_id].setdefault((day.year, day.month), {})
            for key in {"", zone}:
                peaks[key] = max(peaks.get(key, Decimal(0)), Decimal(value))
