from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.utility_metering.engine.spans import intersect

from ..engine.facts import Dated, Quantity, Spell, SupplyFacts
from ..engine.formula import FormulaError
from ..engine.rate import RatingError, rate
from ..engine.tax_keys import tax_key
from ..tools.check_values import (
    OVERRIDES,
    CheckError,
    last_of_month,
    months_in,
    number,
    read_values,
)
from ..tools.loads import as_demand, local
from .rate_component import RESERVED
from .rating_facts import RatingFacts

ALWAYS = (date.min, date.max)
SHARES = {"common": "common", "cost": "cost"}


class RateChecking(models.AbstractModel):
    """Supplies that are made up, or those of an account with some facts changed: what would they
    cost? Nothing is written."""

    _name = "utility.rate.checking"
    _description = "Tariff Check"

    @api.model
    def _check(self, plan, values):
        """Rate what was typed.

        :param plan: `utility.rate.plan`; may be empty with an account or a version
        :param values: see `check_rate` of `utility.rate.plan`
        :return: [(service point or empty, service, list of `Charge` or an error)]
        :raise UserError: the values cannot be understood
        """
        typed = self._read(values)
        supplies = self._account_supplies(plan, typed) if "account_id" in typed else None
        if supplies is None:
            supplies = [self._typed_supply(plan, typed)]
        return [
            (point, service, self._rated(facts, typed, error))
            for point, service, facts, error in supplies
        ]

    def _rated(self, facts, typed, error):
        if error:
            return error
        try:
            return rate(self._overridden(facts, typed))
        except (RatingError, FormulaError) as found:
            return found

    def _read(self, values):
        try:
            return read_values(values)
        except CheckError as error:
            raise UserError(
                self.env._(
                    "“%(name)s” cannot be %(value)s. See the description of check_rate for what "
                    "can be given.",
                    name=error.name,
                    value=error.value,
                )
            ) from error

    # -- a supply that is made up ---------------------------------------------------------------

    def _typed_supply(self, plan, typed):
        period = typed["period"]
        version = self.env["utility.rate.version"].browse(typed.get("version_id", ()))
        schedule = version.schedule_id or self._schedule_of(plan, typed)
        version.check_access("read")
        service = schedule.service_id
        found = [(*period, version)] if version else self._in_force(schedule, period)
        compiled = self.env["utility.rate.version"].browse([row[2].id for row in found])._compiled()
        facts = SupplyFacts(
            account_id=0,
            point_id=0,
            service_id=service.id,
            period=period,
            cycle=(period[0].replace(day=1), last_of_month(period[1])),
            cycle_months=len(months_in(period)),
            spells=tuple(
                Spell(first, last, 0, 0, compiled[row.id], typed.get("share", Decimal(100)), taxes)
                for first, last, row in found
                for first, last, taxes in self._by_taxes(service, (first, last))
            ),
            uom=service.uom_id.name,
            currency_unit=Decimal(str(service.company_id.currency_id.rounding)),
        )
        return self.env["utility.service.point"], service, facts, None

    def _schedule_of(self, plan, typed):
        """The plan's tariff of a service; where there are several, the widest one in force."""
        if "schedule_id" in typed:
            schedule = self.env["utility.rate.schedule"].browse(typed["schedule_id"])
            schedule.check_access("read")
            return schedule
        if not plan:
            raise UserError(self.env._("Choose a tariff plan, a version or an account."))
        plan.ensure_one()
        service = self._service_of(typed)
        schedules = plan.schedule_ids.filtered(lambda one: not service or one.service_id == service)
        if not service and len(schedules.service_id) > 1:
            raise UserError(
                self.env._(
                    "%(plan)s has tariffs of several services: say which service.", plan=plan.name
                )
            )
        in_force = schedules.filtered(lambda one: self._versions_in(one, typed["period"]))
        found = (in_force or schedules).sorted("priority")[:1]
        if not found:
            raise UserError(self.env._("%(plan)s has no tariff of this service.", plan=plan.name))
        return found

    def _service_of(self, typed):
        services = self.env["utility.service"]
        if "service_id" in typed:
            return services.browse(typed["service_id"])
        if "service" in typed:
            found = services.search([("code", "=", typed["service"])], limit=1)
            if not found:
                raise UserError(
                    self.env._("There is no service with code %(code)s.", code=typed["service"])
                )
            return found
        return services

    def _versions_in(self, schedule, period):
        return schedule.version_ids.filtered(
            lambda version: (
                version.state == "approved"
                and not version.voided_at
                and intersect((version.date_start, version.date_end or date.max), period)
            )
        )

    def _in_force(self, schedule, period):
        """[(first, last day, version)] of a period."""
        versions = self._versions_in(schedule, period).sorted("date_start")
        found = [
            (*intersect((one.date_start, one.date_end or date.max), period), one)
            for one in versions
        ]
        if not found or found[0][0] > period[0] or found[-1][1] < period[1]:
            raise UserError(
                self.env._(
                    "%(tariff)s has no approved version in force on all days of the period. "
                    "Choose a version or other days.",
                    tariff=schedule.display_name,
                )
            )
        return found

    def _by_taxes(self, service, span):
        """[(first, last day, ids of taxes with commas)]: dated taxes before what always is."""
        usual = tax_key(service.tax_ids.ids)
        dated = [
            (both, tax_key(row.tax_ids.ids))
            for row in service.dated_tax_ids
            if not row.voided_at
            and (both := intersect((row.date_start, row.date_end or date.max), span))
        ]
        found, first = [], span[0]
        for (start, end), taxes in sorted(dated):
            if start > first:
                found.append((first, start.fromordinal(start.toordinal() - 1), usual))
            found.append((start, end, taxes))
            first = end.fromordinal(end.toordinal() + 1)
        if first <= span[1]:
            found.append((first, span[1], usual))
        return found

    # -- an account's own ------------------------------------------------------------------------

    def _account_supplies(self, plan, typed):
        """[(point, service, facts, error)] of an account in the period that is billed with a
        month, rated by another plan or version where one is given."""
        account = self.env["utility.account"].browse(typed["account_id"])
        account.check_access("read")
        rating = self.env["utility.rating"]
        service = self._service_of(typed)
        versions = self._instead(typed)
        if not service and versions:
            version = self.env["utility.rate.version"].browse(typed["version_id"])
            service = version.service_id
        due = rating._due_month(account, typed["period"][0], service or None)
        if "service_point_id" in typed:
            due = {key: rows for key, rows in due.items() if key[1] == typed["service_point_id"]}
        if len(due) > 1 and OVERRIDES & typed.keys():
            raise UserError(
                self.env._("Several service points are billed: say which one it is about.")
            )
        if not due:
            raise UserError(
                self.env._(
                    "No billing period of %(account)s for such a service ends in this month. "
                    "Choose another month or service.",
                    account=account.display_name,
                )
            )
        facts = RatingFacts(self.env, due, self._plans_instead(account, plan), versions)
        points = self.env["utility.service.point"].browse([key[1] for key in due])
        by_id = {point.id: point for point in points}
        found = []
        for key, entries in due.items():
            point = by_id[key[1]]
            for entry in entries:
                try:
                    found.append((point, point.service_id, facts.of(key, entry), None))
                except RatingError as error:
                    found.append((point, point.service_id, None, error))
        return found

    def _plans_instead(self, account, plan):
        if not plan:
            return None
        plan.ensure_one()
        agreements = self.env["utility.service.agreement"].search([("account_id", "=", account.id)])
        return dict.fromkeys(agreements.ids, plan.id)

    def _instead(self, typed):
        """{version id: version id}: the chosen one stands in for all of its service."""
        if "version_id" not in typed:
            return None
        version = self.env["utility.rate.version"].browse(typed["version_id"])
        version.check_access("read")
        others = self.env["utility.rate.version"].search(
            [("service_id", "=", version.service_id.id), ("state", "=", "approved")]
        )
        return dict.fromkeys(others.ids, version.id)

    # -- what was typed --------------------------------------------------------------------------

    def _overridden(self, facts, typed):
        """The facts with all that was typed in the place of what is known."""
        bands, peaks = self._loaded(facts, typed)
        changes = {}
        quantities = dict(facts.quantities)
        usage = self._typed_usage(facts, typed, bands)
        if usage:
            quantities["usage"] = (usage,)
            changes["preference"] = (_wanted(usage.source),)
        for name, source in SHARES.items():
            if name in typed:
                quantities[source] = (Quantity(*facts.period, typed[name], "allocated"),)
        values = {
            **facts.values,
            **{
                code: (Dated(*ALWAYS, value),)
                for code, value in typed.get("attributes", {}).items()
            },
        }
        if "residents" in typed:
            values["residents"] = (Dated(*ALWAYS, typed["residents"]),)
        demand = dict(facts.demand)
        if "demand" in typed:
            highest = {"": max(typed["demand"].values(), default=Decimal(0)), **typed["demand"]}
            demand.update(dict.fromkeys(months_in(facts.period), highest))
        demand.update(peaks)
        if "raising" in typed:
            changes["raising"] = (Dated(*ALWAYS, typed["raising"]),)
        return replace(facts, quantities=quantities, values=values, demand=demand, **changes)

    def _typed_usage(self, facts, typed, bands):
        """The typed quantity as a row of usage for all days of the period, or None."""
        if not bands:
            bands = {f"import:{zone}": q for zone, q in typed.get("zones", {}).items()}
            if "quantity" in typed:
                bands["import"] = typed["quantity"]
        if "export" in typed:
            bands["export"] = typed["export"]
        if not bands:
            return None
        taken = sum((q for band, q in bands.items() if band != "export"), Decimal(0))
        reason = "unmetered" if typed["method"] == "norm" else ""
        return Quantity(*facts.period, taken, typed["method"], reason=reason, bands=bands)

    def _loaded(self, facts, typed):
        """({band: quantity}, {(year, month): {zone: highest kW}}) of loads by the calendar."""
        if not typed.get("loads"):
            return {}, {}
        loads = self._read_loads(typed["loads"])
        demands, _hours = as_demand(loads)
        calendar = facts.spells[0].version.calendar
        if calendar:
            return calendar.bands(loads), calendar.peaks(demands)
        peaks = {}
        for moment, demand in demands:
            month = peaks.setdefault((moment.year, moment.month), {"": demand})
            month[""] = max(month[""], demand)
        return {"import": sum((q for _moment, q in loads), Decimal(0))}, peaks

    def _read_loads(self, rows):
        zone = self.env.company.partner_id.tz or self.env.user.tz or "UTC"
        found = []
        for row in rows:
            try:
                moment, quantity = row
                found.append((local(str(moment), zone), number("loads", quantity)))
            except (ValueError, TypeError) as error:
                raise UserError(
                    self.env._(
                        "“%(row)s” is no load: give a moment and kWh, such as "
                        '["2026-10-01 00:00", "0.52"].',
                        row=row,
                    )
                ) from error
        return sorted(found)

    # -- what a rate asks for ---------------------------------------------------------------------

    @api.model
    def _asked(self, versions):
        """What must be known to price by some versions.

        :return: [(kind, code)] in the order of the components: quantity, common, cost and export
            (of no code, or of a zone), demand (of a zone or none), residents, attribute (its code)
        """
        found = {}
        for version in versions:
            for component in version.components:
                for asked in _asked_by(component, version):
                    found[asked] = True
            if version.netting:
                found["export", ""] = True
        return list(found)


def _wanted(method):
    return "measured" if method == "estimated" else method


def _asked_by(component, version):
    zones = component.zones or ("",)
    if component.kind == "unit":
        if component.source in ("common", "cost"):
            yield component.source, ""
        elif component.source in ("export", "excess"):
            yield "export", ""
        else:
            yield from (("quantity", zone) for zone in zones)
    if component.kind == "demand":
        yield from (("demand", zone) for zone in zones)
    for code in sorted(component.needs):
        if code == "residents":
            yield "residents", ""
        elif code in ("quantity", "total_quantity"):
            yield "quantity", ""
        elif code in ("common", "cost", "demand"):
            yield code, ""
        elif code not in RESERVED and code not in version.by_code:
            yield "attribute", code
