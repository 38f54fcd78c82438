from decimal import Decimal

from odoo import models

from odoo.addons.utility_base.tools.bulk import bulk_create
from odoo.addons.utility_metering.engine.spans import intersect

from ..engine.facts import RatingError
from .rating_facts import RatingFacts

ZERO = Decimal(0)


class RateComparison(models.Model):
    """Some accounts of a comparison, rated both ways."""

    _inherit = "utility.rate.comparison"

    def _compare(self, accounts):
        """Rate the supplies of accounts that the comparison is about, and keep a line of each."""
        rating = self.env["utility.rating"]
        due = rating._due_month(accounts, self._span()[0], self._services())
        if not due:
            return
        was = RatingFacts(self.env, due, versions=self._versions_was())
        was.due = {
            key: entries for key, entries in due.items() if self._concerns(was, key, entries)
        }
        if not was.due:
            return
        now = RatingFacts(self.env, was.due, self._plans_now(was), self._versions_now())
        sides = [self._summed(rating._rate_facts(facts)) for facts in (was, now)]
        # lines are the engine's word, not the user's: nobody may write them
        bulk_create(
            self.env["utility.rate.comparison.line"].sudo(),
            self._prepare_lines(was, *sides),
            replaced=["_check_company"],
        )

    # -- whom it concerns, and what stands in for what -------------------------------------------

    def _concerns(self, facts, key, entries):
        """Whether a supply is on the plan, or the version prices it, on a day of its periods."""
        if self.basis == "plan":
            default = facts.supplies[key]["default_plan_id"]
            return any(
                (plan_id or default) == self.plan_id.id and intersect((start, end), entry.period)
                for start, end, _agreement_id, _share, plan_id in facts.agreements(key)
                for entry in entries
            )
        return any(
            version.id == self.version_id.id and intersect((start, end), entry.period)
            for entry in entries
            for start, end, version in self._prices(facts, key)
        )

    def _prices(self, facts, key):
        """[(start, end, `Version`)] of a supply's agreements."""
        supply = facts.supplies[key]
        plans = {plan_id for *_row, plan_id in facts.agreements(key)}
        for plan_id in plans:
            yield from facts.rates.versions(key, supply, plan_id)

    def _versions_was(self):
        """The first version stands in for whatever its tariff had in force."""
        return self._in_place_of_all(self.version_id) if self.basis == "version" else None

    def _versions_now(self):
        return self._in_place_of_all(self.other_version_id) if self.basis == "version" else None

    def _in_place_of_all(self, version):
        approved = self.version_id.schedule_id.version_ids.filtered(
            lambda one: one.state == "approved" and not one.voided_at
        )
        return dict.fromkeys(approved.ids, version.id)

    def _plans_now(self, facts):
        if self.basis == "version":
            return None
        return {
            agreement_id: self.other_plan_id.id
            for key in facts.due
            for _start, _end, agreement_id, _share, plan_id in facts.agreements(key)
            if (plan_id or facts.supplies[key]["default_plan_id"]) == self.plan_id.id
        }

    # -- lines --------------------------------------------------------------------------------

    def _prepare_lines(self, facts, was, now):
        points = self.env["utility.service.point"].browse([key[1] for key in facts.due])
        by_id = {point.id: point for point in points}
        found = []
        for key in facts.due:
            supply, before, after = facts.supplies[key], was[key], now[key]
            vals = {
                "comparison_id": self.id,
                "company_id": self.company_id.id,
                "account_id": key[0],
                "service_point_id": key[1],
                "service_id": supply["service_id"],
                "premise_id": supply["premise_id"],
                "building_id": supply["building_id"],
            }
            error = next((one for one in (before, after) if isinstance(one, RatingError)), None)
            if error:
                vals["problem"] = self.env["utility.rating"]._message(error, by_id[key[1]])
            else:
                vals.update(was=str(before), now=str(after), difference=str(after - before))
                if before:
                    vals["percent"] = str(round(100 * (after - before) / before, 1))
            found.append(vals)
        return found

    def _summed(self, rated):
        """{(account id, point id): amount of all periods with taxes, or the first error}"""
        found, rating = {}, self.env["utility.rating"]
        for (account_id, point_id, _period), charges in rated.items():
            key = account_id, point_id
            before = found.get(key, ZERO)
            if isinstance(before, RatingError):
                continue
            if isinstance(charges, RatingError):
                found[key] = charges
            else:
                found[key] = before + rating._sum_with_tax(charges, self.currency_id)
        return found
