from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.utility_base.tools.bulk import bulk_create
from odoo.addons.utility_metering.engine.spans import intersect

from .rebill import MOST

# runs that charge documents and rate nothing
WITHOUT_RATES = ("one_off", "advance")
MADE = frozenset({"purpose", "adjustment_ids", "bill_until", "rebill_id", "posts_itself"})


class BillingRun(models.Model):
    """What a run is made for: the month, or one bill out of turn."""

    _inherit = "utility.billing.run"

    purpose = fields.Selection(
        [
            ("regular", "The month"),
            ("rebill", "Billed again"),
            ("final", "Final bill"),
            ("one_off", "One-off service"),
            ("advance", "Advances"),
        ],
        "Made for",
        required=True,
        default="regular",
        readonly=True,
        index=True,
    )
    adjustment_ids = fields.Many2many(
        "utility.adjustment",
        "utility_billing_run_adjustment_rel",
        string="Documents",
        readonly=True,
        copy=False,
        help="Only these are charged.",
    )
    bill_until = fields.Date(
        "Bill until", readonly=True, copy=False, help="Last day that is billed, of a final bill."
    )
    posts_itself = fields.Boolean(
        "Posted by Itself",
        readonly=True,
        copy=False,
        help="It is approved and posted as soon as it is calculated, unless something stops it.",
    )
    rebill_id = fields.Many2one(
        "utility.rebill",
        "Bills Again after",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        made = [field for field in MADE if any(run[field] for run in runs)]
        if not self.env.su and (made != ["purpose"] or set(runs.mapped("purpose")) != {"regular"}):
            raise AccessError(self.env._("What a run is made for follows from where it was begun."))
        return runs

    def write(self, vals):
        if MADE & set(vals) and not self.env.su:
            raise AccessError(self.env._("What a run is made for follows from where it was begun."))
        return super().write(vals)

    def _domain_accounts(self):
        if self.purpose not in WITHOUT_RATES:
            return super()._domain_accounts()
        return Domain("company_id", "=", self.company_id.id) & Domain(
            "id", "in", self.account_ids.ids
        )

    def _most_at_once(self):
        return MOST if self.purpose == "rebill" else super()._most_at_once()

    def _prepare_facts(self, accounts):
        if self.purpose in WITHOUT_RATES:
            return
        if self.bill_until:
            self._find_quantities(accounts)
        super()._prepare_facts(accounts)

    def _find_quantities(self, accounts):
        """Calculate the usage of the days up to the last one, where the month has none yet."""
        plan = {
            point_id: {entry.period for entry in entries}
            for (_account_id, point_id), entries in self._due(accounts).items()
        }
        if not plan:
            return
        begin = min(min(spans)[0] for spans in plan.values())
        # quantities follow from facts, nobody owns them
        usage = self.env["utility.usage"].sudo()
        known = usage.search(
            Domain("service_point_id", "in", list(plan))
            & Domain("voided_at", "=", False)
            & Domain("date_end", ">=", begin)
        )
        days = defaultdict(list)
        for row in known:
            days[row.service_point_id.id].append((row.date_start, row.date_end))
        missing = {
            point_id: spans
            for point_id, spans in plan.items()
            if not any(intersect(one, span) for one in days[point_id] for span in spans)
        }
        if missing:
            usage._recalculate_plan(missing, self.env._("Final bill"))

    def _due(self, accounts):
        """Of a final bill, the days up to the last one."""
        due = super()._due(accounts)
        if not self.bill_until:
            return due
        cut = {
            key: [
                entry._replace(period=(entry.period[0], min(entry.period[1], self.bill_until)))
                for entry in entries
                if entry.period[0] <= self.bill_until
            ]
            for key, entries in due.items()
        }
        return {key: entries for key, entries in cut.items() if entries}

    def _rate_accounts(self, accounts, batch):
        if self.purpose not in WITHOUT_RATES:
            return super()._rate_accounts(accounts, batch)
        moment = self.env["utility.rating"]._facts_moment()
        vals_list = self._prepare_adjustments(accounts.ids, batch)
        # charges are the engine's word, not the user's: nobody may write them
        bulk_create(self.env["utility.charge"].sudo(), vals_list, replaced=["_check_company"])
        return self._keep_rated(batch, accounts, ({}, {}), ({}, {}), moment)

    def _prepare_adjustments(self, account_ids, batch):
        made = super()._prepare_adjustments(account_ids, batch)
        if self.purpose != "one_off":
            return made
        return [vals for vals in made if vals["source_id"] in self.adjustment_ids.ids]

    def _approve_and_post(self):
        """Approve and post what was looked at elsewhere."""
        for run in self:
            run.action_approve()
            run.action_post()
