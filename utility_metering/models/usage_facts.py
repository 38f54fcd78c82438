"""All that the engine must know about many points, by a fixed number of queries.

Numbers leave the database as text and become Decimal: nothing passes through a float.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tools import SQL

from ..engine.estimate import LOOKED_BACK
from ..engine.facts import Issued, Monthly, PointFacts, Rule, Term
from ..engine.spans import intersect, month_back
from .usage_facts_conversion import ConversionFacts
from .usage_facts_meters import MeterFacts
from .usage_facts_norms import NormFacts

LEAST_MONTHS = 25


class UsageFacts:
    """The facts of points for their periods.

    :param plan: {point id: set of periods}; a period is (first day, last day)
    """

    def __init__(self, env, plan):
        self.env = env
        self.plan = {point_id: set(periods) for point_id, periods in plan.items()}
        env.flush_all()
        days = [day for periods in plan.values() for period in periods for day in period]
        self.since, self.until = min(days), max(days)
        self._load_terms()
        self._plan_sources()
        self._load_points()
        self._load_cycles()
        self._load_rules()
        self.meters = MeterFacts(env, self)
        self.conversions = ConversionFacts(env, self)
        self.norms = NormFacts(env, self)
        self._load_agreed()
        self._load_degree_days()
        self._load_issued()
        self._whole, self._variants = {}, {}

    def of(self, point_id, period):
        """`PointFacts` of a point for one of its periods.

        :raise FactsError: a register's unit cannot be brought to the service's
        """
        whole = self._whole.get(point_id)
        if whole is None:
            whole = self._whole[point_id] = self._assemble(point_id)
        months = self.cycle_months(point_id, period)
        terms = self.terms(point_id, period)
        if months == whole.cycle_months and not terms:
            return whole
        key = (point_id, months, terms)
        if key not in self._variants:
            self._variants[key] = replace(whole, cycle_months=months, terms=terms)
        return self._variants[key]

    def span_of(self, point_id):
        """First and last day of all periods of a point."""
        days = [day for period in self.plan[point_id] for day in period]
        return min(days), max(days)

    def window_start(self, point_id):
        """The first day that estimates of the point's periods look back to."""
        periods = self.plan[point_id]
        months = max(self.cycle_months(point_id, period) for period in periods)
        return month_back(self.span_of(point_id)[0], max(LEAST_MONTHS, LOOKED_BACK * months))

    # -- derived quantities -----------------------------------------------------------------

    def _load_terms(self):
        rows = self.env.execute_query(
            SQL(
                """
            WITH RECURSIVE live AS (
                SELECT * FROM utility_derivation WHERE voided_at IS NULL
                AND date_start <= %(until)s AND (date_end IS NULL OR date_end >= %(since)s)
            ), walk (point_id) AS (
                SELECT unnest(%(ids)s::int[])
            UNION
                SELECT source.id FROM walk
                JOIN utility_service_point point ON point.id = walk.point_id
                JOIN live ON live.service_point_id = point.id
                          OR live.service_id = point.service_id
                JOIN LATERAL (%(source)s) source ON TRUE
            )
            SELECT live.id, point.id, source.id, trim_scale(live.factor)::text,
                   live.service_point_id IS NOT NULL, live.date_start, live.date_end
            FROM walk
            JOIN utility_service_point point ON point.id = walk.point_id
            JOIN live ON live.service_point_id = point.id OR live.service_id = point.service_id
            JOIN LATERAL (%(source)s) source ON TRUE
            ORDER BY live.id, source.id
            """,
                ids=list(self.plan),
                since=self.since,
                until=self.until,
                source=SQL(
                    """
                SELECT live.source_point_id AS id WHERE live.source_point_id IS NOT NULL
                UNION ALL
                SELECT other.id FROM utility_service_point other
                WHERE other.premise_id = point.premise_id AND other.active
                AND other.service_id = live.source_service_id AND other.id <> point.id
                """
                ),
            )
        )
        self._terms = defaultdict(list)
        for term_id, point_id, source_id, factor, own, start, end in rows:
            term = Term(term_id, source_id, Decimal(factor))
            self._terms[point_id].append((own, start, end or date.max, term))

    def terms(self, point_id, period):
        """What the point's quantity is made of: as in force on the period's last day."""
        found = self._terms.get(point_id)
        if not found:
            return ()
        live = [(own, term) for own, start, end, term in found if start <= period[1] <= end]
        own = any(own for own, _term in live)
        return tuple(term for is_own, term in live if is_own == own)

    def _plan_sources(self):
        """Sources are calculated for the periods of what is made of them."""
        waiting = [point_id for point_id in self.plan if point_id in self._terms]
        while waiting:
            point_id = waiting.pop()
            for *_validity, term in self._terms.get(point_id, ()):
                known = self.plan.setdefault(term.point_id, set())
                if not self.plan[point_id] <= known:
                    known |= self.plan[point_id]
                    waiting.append(term.point_id)

    # -- points, cycles, rules --------------------------------------------------------------

    def _load_points(self):
        rows = self.env.execute_query(
            SQL(
                """
            SELECT point.id, point.kind, point.company_id, point.service_id, service.cut_method,
                   service.uom_id, point.conversion_id, service.conversion_id, point.parent_path,
                   premise.id, premise.parent_path, premise.building_id
            FROM utility_service_point point
            JOIN utility_service service ON service.id = point.service_id
            JOIN utility_premise premise ON premise.id = point.premise_id
            WHERE point.id = ANY(%s)
            """,
                list(self.plan),
            )
        )
        names = (
            "id kind company_id service_id cut_method uom_id conversion_id service_conversion_id "
            "path premise_id premise_path building_id"
        ).split()
        self.points = {row[0]: dict(zip(names, row, strict=True)) for row in rows}

    def _load_cycles(self):
        self._cycles = defaultdict(list)
        for point_id, start, end, months in self.env.execute_query(
            SQL(
                """
            SELECT agreement.service_point_id, agreement.date_start, agreement.date_end,
                   cycle.months
            FROM utility_service_agreement agreement
            JOIN utility_billing_cycle cycle ON cycle.id = agreement.billing_cycle_id
            WHERE agreement.voided_at IS NULL AND agreement.service_point_id = ANY(%s)
            AND agreement.date_start <= %s
            AND (agreement.date_end IS NULL OR agreement.date_end >= %s)
            """,
                list(self.plan),
                self.until,
                self.since,
            )
        ):
            self._cycles[point_id].append((start, end or date.max, months))

    def cycle_months(self, point_id, period):
        """Length of the point's billing cycle at the period's end, else of any within it."""
        rows = self._cycles.get(point_id)
        if not rows:
            return 1
        last = [months for start, end, months in rows if start <= period[1] <= end]
        within = [months for start, end, months in rows if intersect((start, end), period)]
        return min(last or within or [1])

    def _load_rules(self):
        self.rules = defaultdict(list)
        for service_id, rule_id, coefficient, *rest in self.env.execute_query(
            SQL(
                """
            SELECT service_id, id, trim_scale(coefficient)::text, situation, method, periods,
                   min_periods, max_in_row
            FROM utility_estimation_rule WHERE active AND service_id = ANY(%s)
            ORDER BY sequence, id
            """,
                list({point["service_id"] for point in self.points.values()}),
            )
        ):
            self.rules[service_id].append(Rule(rule_id, *rest, Decimal(coefficient)))

    def points_with_rule(self, method):
        """Ids of the points whose service has a rule of this method."""
        services = {
            service_id
            for service_id, rules in self.rules.items()
            if any(rule.method == method for rule in rules)
        }
        return [point["id"] for point in self.points.values() if point["service_id"] in services]

    def points_cut_by(self, method):
        return [point["id"] for point in self.points.values() if point["cut_method"] == method]

    # -- what else there is -----------------------------------------------------------------

    def _load_agreed(self):
        self.agreed = defaultdict(list)
        wanted = self.points_with_rule("agreed")
        for point_id, agreed_id, start, end, quantity in wanted and self.env.execute_query(
            SQL(
                """
            SELECT service_point_id, id, date_start, date_end, trim_scale(quantity)::text
            FROM utility_agreed_quantity
            WHERE voided_at IS NULL AND service_point_id = ANY(%s) AND date_start <= %s
            AND (date_end IS NULL OR date_end >= %s)
            ORDER BY date_start
            """,
                wanted,
                self.until,
                self.since,
            )
        ):
            self.agreed[point_id].append(
                Monthly(start, end or date.max, Decimal(quantity), {"agreed": agreed_id})
            )

    def _load_degree_days(self):
        self.degree_days = defaultdict(dict)
        wanted = self.points_cut_by("degree_days")
        if not wanted:
            return
        since = min(
            [self.window_start(point_id) for point_id in wanted]
            + [self.meters.first_days.get(point_id, date.max) for point_id in wanted]
        )
        for company_id, day, value in self.env.execute_query(
            SQL(
                "SELECT company_id, date, trim_scale(value)::text FROM utility_degree_day "
                "WHERE voided_at IS NULL AND company_id = ANY(%s) AND date >= %s",
                list({self.points[point_id]["company_id"] for point_id in wanted}),
                since,
            )
        ):
            self.degree_days[company_id][day] = Decimal(value)

    def _load_issued(self):
        """What was given out as estimated, for services that are cut by readings only."""
        self.issued = defaultdict(list)
        wanted = self.points_cut_by("reading")
        for usage_id, point_id, start, end, pieces in wanted and self.env.execute_query(
            SQL(
                """
            SELECT id, service_point_id, date_start, date_end, trace->'pieces' FROM utility_usage
            WHERE voided_at IS NULL AND service_point_id = ANY(%s) AND date_start <= %s
            AND reason = 'missing'
            ORDER BY date_start
            """,
                wanted,
                self.until,
            )
        ):
            quantities = _issued_quantities(pieces)
            if quantities:
                given = next((piece["issued"] for piece in pieces if "issued" in piece), usage_id)
                self.issued[point_id].append(Issued(given, start, end, quantities))

    # -- together ---------------------------------------------------------------------------

    def _assemble(self, point_id):
        point = self.points[point_id]
        rules = self.rules.get(point["service_id"], ())
        if point["kind"] != "unit":
            rules = [rule for rule in rules if rule.situation != "unmetered"]
        return PointFacts(
            point_id,
            cut_method=point["cut_method"],
            installations=self.meters.installations(point_id),
            rules=tuple(rules),
            conversions=self.conversions.factors(point_id),
            agreed=tuple(self.agreed.get(point_id, ())),
            norms=self.norms.spans(point_id),
            degree_days=self.degree_days.get(point["company_id"], {}),
            issued=tuple(self.issued.get(point_id, ())),
        )


def _issued_quantities(pieces):
    """{"installation:band": quantity} of the pieces that stood in for a reading."""
    quantities = {}
    for piece in pieces or ():
        stands_in = "rule" in piece or "issued" in piece
        if stands_in and piece.get("reason") == "missing" and "installation" in piece:
            key = f"{piece['installation']}:{piece['band']}"
            quantities[key] = quantities.get(key, Decimal(0)) + Decimal(piece["quantity"])
    return quantities
