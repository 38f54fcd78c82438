from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.utility_metering.tools.decimals import to_decimal

from ..models.allocation_storing import cost_parts

SHARED_LEVELS = ("unit",)


class AllocationSpread(models.TransientModel):
    """Share a cost once: a work act over a building, an entrance, some flats."""

    _name = "utility.allocation.spread"
    _description = "Share a Cost"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char("What For", required=True, help="The work act with its number and date.")
    document_ids = fields.Many2many(
        "utility.document",
        "utility_allocation_spread_document_rel",
        string="Documents",
        check_company=True,
        help="The work act, the decision of the house.",
    )
    service_id = fields.Many2one(
        "utility.service", "Charged as", required=True, check_company=True, ondelete="cascade"
    )
    method_id = fields.Many2one(
        "utility.allocation.method",
        required=True,
        ondelete="cascade",
        domain="[('pool_kind', 'in', ('any', 'cost')), ('company_id', 'in', (False, company_id))]",
        default=lambda self: self.env.ref(
            "utility_billing.allocation_method_total_area", raise_if_not_found=False
        ),
    )
    total = fields.Monetary("Cost", required=True, help="Before tax, as the act says.")
    date_start = fields.Date("From", required=True, default=lambda self: self._default_month()[0])
    date_end = fields.Date("To", required=True, default=lambda self: self._default_month()[1])
    place_ids = fields.Many2many(
        "utility.premise",
        "utility_allocation_spread_place_rel",
        string="Places",
        help="Buildings, entrances or single flats: everything in them bears the cost.",
    )
    type_ids = fields.Many2many(
        "utility.premise.type",
        "utility_allocation_spread_type_rel",
        string="Only Premises of Type",
        domain="[('level', '=', 'unit')]",
        help="Empty: flats, shops, rooms, whatever stands in the places.",
    )
    line_ids = fields.One2many(
        "utility.allocation.spread.line",
        "wizard_id",
        compute="_compute_lines",
        store=True,
        readonly=True,
    )
    problem_text = fields.Char(compute="_compute_lines", store=True)
    residual = fields.Monetary(
        "Not Given Out", compute="_compute_lines", store=True, help="What rounding leaves."
    )

    @api.model
    def _default_month(self):
        today = fields.Date.context_today(self)
        return today.replace(day=1), fields.Date.end_of(today, "month")

    def _premises(self):
        """Who bears the cost: units that hold no other unit."""
        domain = (
            Domain("id", "child_of", self.place_ids._origin.ids)
            & Domain("level", "in", SHARED_LEVELS)
            & ~Domain("child_ids.level", "in", SHARED_LEVELS)
        )
        if self.type_ids:
            domain &= Domain("type_id", "in", self.type_ids._origin.ids)
        return self.env["utility.premise"].search(domain)

    def _run_vals(self, places):
        building = places[:1] if places[:1].level == "building" else places[:1].building_id
        return {
            "name": self.name or "",
            "company_id": self.company_id.id,
            "service_id": self.service_id.id,
            "method_id": self.method_id.id,
            "building_id": building.id,
            "date_start": self.date_start,
            "date_end": self.date_end,
        }

    @api.depends(
        "method_id", "service_id", "total", "date_start", "date_end", "place_ids", "type_ids"
    )
    def _compute_lines(self):
        """The shares as they would be, and what is in the way."""
        runs = self.env["utility.allocation.run"]
        for wizard in self:
            wizard.line_ids, wizard.problem_text, wizard.residual = [Command.clear()], "", 0
            whole = wizard.method_id and wizard.service_id and wizard.place_ids and wizard.total
            if not whole or not wizard._has_period():
                continue
            places = wizard.place_ids._origin
            result, _span = runs._result_of_cost(
                wizard._run_vals(places), wizard._premises(), to_decimal(wizard.total)
            )
            if result.problem:
                wizard.problem_text = runs._problem_words(result.problem)
                continue
            wizard.residual = float(result.sharing.residual)
            wizard.line_ids = [
                Command.create(
                    {"premise_id": share.key, "account_id": account_id, "amount": float(amount)}
                )
                for share in sorted(result.sharing.shares, key=lambda share: share.key)
                for account_id, amount in cost_parts(result, share).items()
            ]

    def _has_period(self):
        return self.date_start and self.date_end and self.date_start <= self.date_end

    def action_share(self):
        self.ensure_one()
        runs = self.env["utility.allocation.run"]
        runs.check_access("write")
        if not self._has_period():
            raise UserError(self.env._("The last day may not come before the first one."))
        if not self.place_ids or not self.total:
            raise UserError(self.env._("Choose the places that bear the cost, and type the cost."))
        run = runs._share_cost(
            self._run_vals(self.place_ids), self._premises(), to_decimal(self.total)
        )
        run.document_ids = self.document_ids
        return run._action_open()
