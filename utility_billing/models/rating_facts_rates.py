"""Which version of which rate is in force for a supply."""

from collections import defaultdict

from odoo.tools import SQL

from odoo.addons.utility_metering.engine.spans import subtract

LEGAL = ("legal", "collective")


class RateFacts:
    """Rates of the supplies of `RatingFacts`.

    :param versions: {version id: version id} to take instead
    :ivar _own: (plan, service) with schedules for some places or accounts only
    """

    def __init__(self, facts, versions):
        self.facts = facts
        self.env = facts.env
        self._schedules, self._found, self._merged = defaultdict(list), {}, {}
        self._needs, self._own = {}, set()
        self._load_schedules()
        self._load_versions(versions)

    def versions(self, key, supply, plan_id):
        """[(start, end, `Version`)] of a supply on a plan, or on the company's default plan: on
        each day the most specific schedule that has a version."""
        plan = plan_id or supply["default_plan_id"], supply["service_id"]
        alike = *plan, supply["type_id"], supply["account_kind"], key if plan in self._own else None
        found = self._found.get(alike)
        if found is None:
            fitting = [
                schedule
                for schedule in self._schedules.get(plan, ())
                if _fits(schedule, key, supply)
            ]
            same = tuple(schedule["id"] for schedule in fitting)
            if same not in self._merged:
                self._merged[same] = self._layered(fitting)
            found = self._found[alike] = self._merged[same]
        return found

    def needs(self, service_id):
        """Codes of the dated values that any rate of a service asks for."""
        if service_id not in self._needs:
            self._needs[service_id] = {
                code
                for (_plan_id, of_service), schedules in self._schedules.items()
                if of_service == service_id
                for schedule in schedules
                for _start, _end, version in self._versions.get(schedule["id"], ())
                for component in version.components
                for code in component.needs
            }
        return self._needs[service_id]

    def _layered(self, schedules):
        found, taken = [], []
        for schedule in schedules:
            rows = self._versions.get(schedule["id"], ())
            for start, end, version in rows:
                found += [(*days, version) for days in subtract((start, end), taken)]
            taken += [(start, end) for start, end, _version in rows]
        return sorted(found, key=lambda row: row[0])

    def _load_schedules(self):
        plans = {
            row[4] or supply["default_plan_id"]
            for key, supply in self.facts.supplies.items()
            for row in self.facts.agreements(key)
        }
        names = "id plan_id service_id premise_id payer_kind account_id types".split()
        for row in self.env.execute_query(
            SQL(
                """
            SELECT schedule.id, plan_id, service_id, premise_id, payer_kind, account_id,
                   ARRAY(SELECT premise_type_id FROM utility_rate_schedule_type_rel rel
                         WHERE rel.schedule_id = schedule.id)
            FROM utility_rate_schedule schedule
            WHERE plan_id = ANY(%s) AND service_id = ANY(%s)
            AND (account_id IS NULL OR account_id = ANY(%s))
            ORDER BY priority DESC, sequence, id
            """,
                list(plans - {None}),
                list({supply["service_id"] for supply in self.facts.supplies.values()}),
                list({key[0] for key in self.facts.supplies}),
            )
        ):
            schedule = dict(zip(names, row, strict=True))
            plan = schedule["plan_id"], schedule["service_id"]
            self._schedules[plan].append(schedule)
            if schedule["account_id"] or schedule["premise_id"]:
                self._own.add(plan)

    def _load_versions(self, instead):
        ids = [schedule["id"] for rows in self._schedules.values() for schedule in rows]
        rows = self.env.execute_query(
            SQL(
                """
            SELECT schedule_id, date_start, COALESCE(date_end, 'infinity'::date), id
            FROM utility_rate_version
            WHERE state = 'approved' AND voided_at IS NULL AND schedule_id = ANY(%s)
            AND date_start <= %s AND (date_end IS NULL OR date_end >= %s)
            ORDER BY schedule_id, date_start
            """,
                ids,
                self.facts.until,
                self.facts.since,
            )
        )
        wanted = {instead.get(row[3], row[3]) for row in rows}
        self.compiled = self.env["utility.rate.version"].browse(wanted)._compiled()
        self._versions = defaultdict(list)
        for schedule_id, start, end, version_id in rows:
            version = self.compiled[instead.get(version_id, version_id)]
            self._versions[schedule_id].append((start, end, version))


def _fits(schedule, key, supply):
    if schedule["account_id"] and schedule["account_id"] != key[0]:
        return False
    if schedule["types"] and supply["type_id"] not in schedule["types"]:
        return False
    if schedule["payer_kind"]:
        kind = "legal" if supply["account_kind"] in LEGAL else "individual"
        if schedule["payer_kind"] != kind:
            return False
    place = schedule["premise_id"]
    return not place or f"/{place}/" in f"/{supply['premise_path']}"
