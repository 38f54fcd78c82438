from ast import literal_eval
from collections import defaultdict
from decimal import Decimal
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..engine.facts import RatingError

SLICE = 1000
# more would keep the user waiting: the preview says how many it compared
MOST_COMPARED = 20_000


class RateAssignWizard(models.TransientModel):
    """Put many agreements on a plan from a day on, after a look at the money that it moves."""

    _name = "utility.rate.assign.wizard"
    _description = "Mass Assignment of a Tariff Plan"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    premise_ids = fields.Many2many(
        "utility.premise", string="Places", help="With all that is in them; empty: everywhere."
    )
    service_ids = fields.Many2many("utility.service", string="Services", check_company=True)
    premise_type_ids = fields.Many2many("utility.premise.type", string="Kinds of Premises")
    payer_kind = fields.Selection(
        [("individual", "Individuals"), ("legal", "Legal entities")], "Payers"
    )
    present_plan = fields.Selection(
        [("any", "Any"), ("none", "None of their own"), ("chosen", "One of")],
        required=True,
        default="any",
    )
    present_plan_ids = fields.Many2many(
        "utility.rate.plan",
        "utility_rate_assign_wizard_plan_rel",
        string="Present Plans",
        check_company=True,
    )
    domain = fields.Char("And", default="[]")
    plan_id = fields.Many2one(
        "utility.rate.plan", "New Plan", check_company=True, ondelete="cascade"
    )
    date_start = fields.Date("From", required=True, default=lambda self: self._default_date_start())
    month = fields.Date(
        "Compared Month",
        required=True,
        default=lambda self: self._default_month(),
        help="The month whose quantities are priced with both plans.",
    )
    note = fields.Char("Reason")
    line_ids = fields.One2many("utility.rate.assign.line", "wizard_id", readonly=True)
    agreement_count = fields.Integer("Agreements", readonly=True)
    compared_count = fields.Integer("Compared", readonly=True)
    held_count = fields.Integer(
        "Not Comparable",
        readonly=True,
        help="Supplies that cannot be rated for that month, with one of the plans or both.",
    )
    held_reason = fields.Char("Such As", readonly=True)
    amount_before = fields.Monetary("Before", readonly=True, help="With taxes.")
    amount_after = fields.Monetary("After", readonly=True, help="With taxes.")
    amount_difference = fields.Monetary("Difference", readonly=True)
    is_previewed = fields.Boolean()

    def _default_date_start(self):
        next_month = fields.Date.add(fields.Date.context_today(self), months=1)
        return fields.Date.start_of(next_month, "month")

    def _default_month(self):
        last_month = fields.Date.subtract(fields.Date.context_today(self), months=1)
        return fields.Date.start_of(last_month, "month")

    @api.onchange(
        "premise_ids",
        "service_ids",
        "premise_type_ids",
        "payer_kind",
        "present_plan",
        "present_plan_ids",
        "domain",
        "plan_id",
        "date_start",
        "month",
    )
    def _onchange_inputs(self):
        self.is_previewed = False

    def action_preview(self):
        self.ensure_one()
        agreements = self._agreements()
        self.agreement_count = len(agreements)
        self.line_ids = [Command.clear(), *map(Command.create, self._compare(agreements))]
        self.amount_before = sum(self.line_ids.mapped("amount_before"))
        self.amount_after = sum(self.line_ids.mapped("amount_after"))
        self.amount_difference = self.amount_after - self.amount_before
        self.is_previewed = True
        return self._reopen()

    def action_run(self):
        self.ensure_one()
        agreements = self._agreements()
        if not agreements:
            raise UserError(
                self.env._("Nothing changes: no agreement fits that is on another plan.")
            )
        if not self.is_previewed or self.agreement_count != len(agreements):
            raise UserError(
                self.env._(
                    "Look at the preview first: %(count)s agreements would change.",
                    count=len(agreements),
                )
            )
        assignment = self.env["utility.rate.assignment"].create(self._prepare_assignment())
        assignment._start(agreements.ids)
        return {
            "type": "ir.actions.act_window",
            "res_model": assignment._name,
            "res_id": assignment.id,
            "view_mode": "form",
        }

    def _prepare_assignment(self):
        return {
            "plan_id": self.plan_id.id,
            "date_start": self.date_start,
            "month": self.month,
            "note": self.note,
            "line_ids": [
                Command.create(
                    {
                        "service_id": line.service_id.id,
                        "agreement_count": line.agreement_count,
                        "amount_before": line.amount_before,
                        "amount_after": line.amount_after,
                    }
                )
                for line in self.line_ids
            ],
        }

    # -- which agreements -------------------------------------------------------------------

    def _agreements(self):
        """Agreements in force on the day or after it that are on another plan."""
        if not self.plan_id:
            raise UserError(self.env._("Choose the new plan."))
        return self.env["utility.service.agreement"].search(self._domain(), order="id")

    def _domain(self):
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("voided_at", "=", False)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", self.date_start))
            & (Domain("rate_plan_id", "!=", self.plan_id.id) | Domain("rate_plan_id", "=", False))
        )
        if self.premise_ids:
            domain &= Domain("premise_id", "child_of", self.premise_ids.ids)
        if self.service_ids:
            domain &= Domain("service_id", "in", self.service_ids.ids)
        if self.premise_type_ids:
            domain &= Domain("premise_id.type_id", "in", self.premise_type_ids.ids)
        if self.payer_kind:
            individual = Domain("account_id.kind", "=", "individual")
            domain &= individual if self.payer_kind == "individual" else ~individual
        if self.present_plan == "none":
            domain &= Domain("rate_plan_id", "=", False)
        elif self.present_plan == "chosen":
            domain &= Domain("rate_plan_id", "in", self.present_plan_ids.ids)
        return domain & self._free_domain()

    def _free_domain(self):
        """What the user filtered by; it is read as data, nothing in it is ever run."""
        try:
            return Domain(literal_eval(self.domain or "[]"))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
            raise UserError(
                self.env._(
                    "The filter cannot be read: choose its conditions from the lists. (%s)", error
                )
            ) from error

    # -- what it moves ----------------------------------------------------------------------

    def _compare(self, agreements):
        """Values of a line for each service: agreements, and the month's sums by both plans."""
        counts = defaultdict(int)
        for agreement in agreements:
            counts[agreement.service_id.id] += 1
        before, after = self._sums(agreements[:MOST_COMPARED])
        return [
            {
                "service_id": service.id,
                "agreement_count": counts[service.id],
                "amount_before": before.get(service.id, 0),
                "amount_after": after.get(service.id, 0),
            }
            for service in agreements.service_id.sorted()
        ]

    def _sums(self, agreements):
        """Sums of the compared month with taxes: {service id: amount} with the present plans and
        with the new one. What cannot be rated with both is counted and left out of both."""
        summed = partial(self.env["utility.rating"]._sum_with_tax, currency=self.currency_id)
        before, after = defaultdict(Decimal), defaultdict(Decimal)
        self.compared_count, self.held_count, self.held_reason = len(agreements), 0, False
        for first in range(0, len(agreements), SLICE):
            part = agreements[first : first + SLICE]
            services = {agreement.service_point_id.id: agreement.service_id for agreement in part}
            plans = dict.fromkeys(part.ids, self.plan_id.id)
            for key, old, new in self._rated_twice(part, plans):
                if isinstance(new, RatingError) or isinstance(old, RatingError):
                    self._hold(key, new if isinstance(new, RatingError) else old)
                    continue
                service_id = services[key[1]].id
                before[service_id] += summed(old)
                after[service_id] += summed(new)
        return before, after

    def _hold(self, key, error):
        self.held_count += 1
        if not self.held_reason:
            point = self.env["utility.service.point"].browse(key[1])
            self.held_reason = self.env["utility.rating"]._message(error, point)

    def _rated_twice(self, agreements, plans):
        """[(key, charges with the present plan, charges with the new one)] of the month."""
        rating = self.env["utility.rating"]
        wanted = {
            (agreement.account_id.id, agreement.service_point_id.id) for agreement in agreements
        }
        due = {
            key: entries
            for key, entries in rating._due_month(
                agreements.account_id, self.month, agreements.service_id
            ).items()
            if key in wanted
        }
        old, new = rating._rate(due), rating._rate(due, plans=plans)
        return [(key, old[key], new[key]) for key in old]

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Mass Assignment of a Tariff Plan"),
        }
