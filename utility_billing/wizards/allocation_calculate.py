from odoo import api, fields, models
from odoo.exceptions import UserError


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
        assignments = self._assignments()
        if not assignments:
            raise UserError(
                self.env._(
                    "Nothing is to be shared: assign methods to the buildings' inlets and "
                    "calculate the inlets' usage of the period first."
                )
            )
        runs = self.env["utility.allocation.run"]._allocate(
            assignments, self.date_start, self.date_end
        )
        action = runs._action_open()
        return {**action, "target": "main"} if len(runs) > 1 else action
