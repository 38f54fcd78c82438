from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.utility_metering.tools.decimals import to_decimal


class AllocationCalculate(models.TransientModel):
    """Share a month of chosen buildings, or of all that have something to share."""

    _name = "utility.allocation.calculate"
    _description = "Share Buildings"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_start = fields.Date("From", required=True, default=lambda self: self._default_month()[0])
    date_end = fields.Date("To", required=True, default=lambda self: self._default_month()[1])
    building_ids = fields.Many2many(
        "utility.premise",
        "utility_allocation_calculate_building_rel",
        string="Buildings",
        domain="[('level', '=', 'building')]",
        help="Empty: all buildings.",
    )
    service_ids = fields.Many2many(
        "utility.service",
        "utility_allocation_calculate_service_rel",
        string="Services",
        check_company=True,
        help="What is charged; empty: all services.",
    )
    cost_line_ids = fields.One2many(
        "utility.allocation.calculate.line",
        "wizard_id",
        "Costs",
        compute="_compute_cost_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    due_count = fields.Integer("To Be Shared", compute="_compute_due_count")

    @api.model
    def _default_month(self):
        """The month before this one."""
        today = fields.Date.context_today(self)
        first = fields.Date.subtract(today.replace(day=1), months=1)
        return first, fields.Date.end_of(first, "month")

    @api.depends("company_id", "date_start", "date_end", "building_ids", "service_ids")
    def _compute_due_count(self):
        for wizard in self:
            in_order = wizard.date_start and wizard.date_end
            wizard.due_count = len(wizard._assignments()) if in_order else 0

    @api.depends("company_id", "date_end", "building_ids", "service_ids")
    def _compute_cost_line_ids(self):
        """One line for each building whose cost somebody types."""
        for wizard in self:
            typed = {line.assignment_id: line.total for line in wizard.cost_line_ids}
            wizard.cost_line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"assignment_id": row.id, "total": typed.get(row, 0)})
                    for row in wizard._cost_assignments()
                ),
            ]

    def _cost_assignments(self):
        """Costs that are shared in force on the last day."""
        if not self.date_end:
            return self.env["utility.allocation.assignment"]
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("purpose", "=", "cost")
            & Domain("voided_at", "=", False)
            & Domain("date_start", "<=", self.date_end)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", self.date_end))
        )
        if self.building_ids:
            domain &= Domain("building_id", "in", self.building_ids._origin.ids)
        if self.service_ids:
            domain &= Domain("service_id", "in", self.service_ids._origin.ids)
        return self.env["utility.allocation.assignment"].search(domain)

    def _typed_totals(self):
        """{assignment id: cost} of what was typed."""
        return {
            line.assignment_id.id: to_decimal(line.total)
            for line in self.cost_line_ids
            if line.total
        }

    def _assignments(self):
        due = self.env["utility.allocation.run"]._due(
            self.company_id,
            (self.date_start, self.date_end),
            self.building_ids._origin if self.building_ids else None,
        )
        services = self.service_ids._origin
        return due.filtered(lambda row: row.service_id in services) if services else due

    def action_calculate(self):
        self.ensure_one()
        if self.date_end < self.date_start:
            raise UserError(self.env._("The last day may not come before the first one."))
        self.env["utility.allocation.run"].check_access("write")
        totals = self._typed_totals()
        assignments = self._assignments() | self.cost_line_ids.assignment_id.filtered(
            lambda row: row.id in totals
        )
        if not assignments:
            raise UserError(
                self.env._(
                    "Nothing is to be shared: assign methods to the buildings' inlets and "
                    "calculate the inlets' usage of the period first, or type a cost."
                )
            )
        runs = self.env["utility.allocation.run"]._allocate(
            assignments, self.date_start, self.date_end, totals
        )
        action = runs._action_open()
        return {**action, "target": "main"} if len(runs) > 1 else action
