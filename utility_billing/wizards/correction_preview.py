from collections import defaultdict, namedtuple
from decimal import Decimal

from odoo import api, fields, models

from ..engine.difference import differences
from ..engine.facts import RatingError
from ..engine.tax_keys import tax_ids
from ..models.charge import COUNTED
from ..models.rating_facts import RatingFacts


class Bearer(namedtuple("Bearer", "payer_id taxes tax_included")):
    """Who is charged, and the taxes that come on it or are in it."""

    @property
    def taxed(self):
        """Ids of the taxes that the amount does not include, with commas."""
        return "" if self.tax_included else self.taxes


class CorrectionPreview(models.TransientModel):
    """What an account was charged for past periods, what it should be, and which facts changed."""

    _name = "utility.correction.preview"
    _description = "Corrections to Come"
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    account_id = fields.Many2one("utility.account", required=True, readonly=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    line_ids = fields.One2many(
        "utility.correction.preview.line",
        "preview_id",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
    )
    was = fields.Monetary("Was Charged", compute="_compute_sums")
    due = fields.Monetary("Is Due", compute="_compute_sums")
    difference = fields.Monetary(compute="_compute_sums")

    @api.depends("account_id")
    def _compute_line_ids(self):
        for preview in self:
            preview.line_ids = [fields.Command.create(vals) for vals in preview._prepare_lines()]

    @api.depends("line_ids.was", "line_ids.due")
    def _compute_sums(self):
        for preview in self:
            preview.was = sum(preview.line_ids.mapped("was"))
            preview.due = sum(preview.line_ids.mapped("due"))
            preview.difference = preview.due - preview.was

    def _prepare_lines(self):
        run = self.env["utility.billing.run"].new(
            {"company_id": self.account_id.company_id.id, "month": self._next_month()}
        )
        return [*self._prepare_rated_lines(run), *self._prepare_subsidy_lines(run)]

    def _next_month(self):
        """First day of the month whose run will bring what is shown."""
        last = self.env["utility.charge"].search(
            [("account_id", "=", self.account_id.id), ("state", "in", COUNTED)],
            order="month desc",
            limit=1,
        )
        today = fields.Date.start_of(fields.Date.context_today(self), "month")
        return max(today, fields.Date.add(last.month, months=1)) if last else today

    # -- what was rated ---------------------------------------------------------------------

    def _prepare_rated_lines(self, run):
        changed = run._changed(self.account_id)
        redone = run._redone(changed)
        if not redone:
            return []
        rating = self.env["utility.rating"]
        found = rating._rate_facts(RatingFacts(self.env, redone))
        was = self.env["utility.charge"]._charged_before(set(found))
        return [
            vals
            for key, charges in found.items()
            for vals in self._prepare_supply(run, key, charges, was.get(key, {}), changed)
        ]

    def _prepare_supply(self, run, key, charges, was, changed):
        """Values of a line for each payer and tax that the run would charge a difference of."""
        point = self.env["utility.service.point"].browse(key[1])
        common = {
            "service_id": point.service_id.id,
            "date_start": key[2][0],
            "date_end": key[2][1],
            "reason": run._words_of(changed[key[:2]][key[2]]),
        }
        before = _by_bearer([(line.last, line.amount) for line in was.values()])
        if isinstance(charges, RatingError):
            total = float(sum(run._with_tax(net, each.taxed) for each, net in before.items()))
            message = self.env["utility.rating"]._message(charges, point)
            return [{**common, "was": total, "due": total, "message": message}]
        after = _by_bearer([(charge, charge.amount) for charge in charges])
        return [
            {
                **common,
                "partner_id": bearer.payer_id or False,
                "taxes": self._tax_names(bearer.taxes),
                "was": float(run._with_tax(before[bearer], bearer.taxed)),
                "due": float(run._with_tax(after[bearer], bearer.taxed)),
            }
            for bearer in dict.fromkeys(map(_bearer, differences(was, charges)))
        ]

    def _tax_names(self, key):
        taxes = self.env["account.tax"].browse(tax_ids(key)).exists()
        return ", ".join(taxes.mapped("name"))

    # -- what funds pay ---------------------------------------------------------------------

    def _prepare_subsidy_lines(self, run):
        """Subsidies that were granted, ended, raised or voided since their months were billed."""
        account_id = self.account_id.id
        changed, since = run._changed_subsidies([account_id])
        if not changed:
            return []
        was, differences = defaultdict(float), defaultdict(float)
        before = self.env["utility.charge"]._subsidised_before(changed, since, run._span()[0])
        for (_account_id, month), rows in before.items():
            for _charge_id, service_id, charge in rows:
                was[month, service_id] += float(charge.amount)
        batch = self.env["utility.billing.batch"]
        for vals in run._prepare_laid_anew(changed, since, batch, []):
            if vals["is_correction"]:
                differences[vals["period_start"], vals["service_id"]] += float(vals["amount"])
        reason = run._words_of([("utility.subsidy", each) for each in changed[account_id]])
        return [
            {
                "service_id": service_id,
                "date_start": month,
                "date_end": fields.Date.end_of(month, "month"),
                "was": was[month, service_id],
                "due": was[month, service_id] + difference,
                "reason": reason,
            }
            for (month, service_id), difference in sorted(differences.items())
            if not self.currency_id.is_zero(difference)
        ]


def _bearer(charge):
    return Bearer(charge.payer_id, charge.taxes, charge.tax_included)


def _by_bearer(amounts):
    """{`Bearer`: sum of the amounts}

    :param amounts: [(`Charge` that says the bearer, amount)]
    """
    found = defaultdict(Decimal)
    for charge, amount in amounts:
        found[_bearer(charge)] += amount
    return found
