from odoo import api, fields, models

from odoo.addons.utility_metering.tools.decimals import to_decimal

from ..models.allocation_assignment import PURPOSES


class AllocationPreview(models.TransientModel):
    """What a method makes of a building's month. Nothing is stored."""

    _name = "utility.allocation.preview"
    _description = "Try a Sharing Method"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    method_id = fields.Many2one("utility.allocation.method", required=True, ondelete="cascade")
    service_point_id = fields.Many2one(
        "utility.service.point",
        "Source",
        required=True,
        check_company=True,
        ondelete="cascade",
        domain="[('kind', '!=', 'unit'), ('company_id', '=', company_id)]",
        default=lambda self: self._default_service_point_id(),
    )
    purpose = fields.Selection(PURPOSES, "What Is Shared", required=True, default="quantity")
    reach = fields.Selection(
        [
            ("network", "Points that are fed from the source"),
            ("building", "All points of the charged service in the building"),
        ],
        "Who Takes Part",
        required=True,
        default="network",
    )
    service_id = fields.Many2one(
        "utility.service",
        "Charged as",
        check_company=True,
        compute="_compute_service_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    date_start = fields.Date(
        "From", required=True, compute="_compute_dates", store=True, readonly=False, precompute=True
    )
    date_end = fields.Date(
        "To", required=True, compute="_compute_dates", store=True, readonly=False, precompute=True
    )
    typed_total = fields.Float(
        "Another Total", digits=(18, 6), help="0: what the source used in the period."
    )
    result_html = fields.Html(compute="_compute_result", sanitize=False)
    problem_text = fields.Char(compute="_compute_result")

    @api.model
    def _default_service_point_id(self):
        """A source that is shared by the method, else the last one that has usage and consumers."""
        assignment = self.env["utility.allocation.assignment"].search(
            [
                ("method_id", "=", self.env.context.get("default_method_id")),
                ("fact_state", "in", ["in_force"]),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )
        return assignment.service_point_id or self._latest_source()

    @api.model
    def _latest_source(self):
        usage = self.env["utility.usage"].search(
            [
                ("point_kind", "=", "inlet"),
                ("service_point_id.child_ids", "!=", False),
                ("voided_at", "=", False),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )
        return usage.service_point_id

    @api.depends("service_point_id")
    def _compute_service_id(self):
        for preview in self:
            preview.service_id = preview.service_id or preview.service_point_id.service_id

    @api.depends("service_point_id")
    def _compute_dates(self):
        """The last period in which the source has usage."""
        today = fields.Date.context_today(self)
        month = fields.Date.subtract(today.replace(day=1), months=1)
        for preview in self:
            usage = self.env["utility.usage"].search(
                [
                    ("service_point_id", "=", preview.service_point_id.id),
                    ("voided_at", "=", False),
                ],
                limit=1,
            )
            preview.date_start = usage.date_start or month
            preview.date_end = usage.date_end or fields.Date.end_of(month, "month")

    @api.depends_context("lang")
    @api.depends(
        "method_id",
        "service_point_id",
        "purpose",
        "reach",
        "service_id",
        "date_start",
        "date_end",
        "typed_total",
    )
    def _compute_result(self):
        for preview in self:
            preview.result_html, preview.problem_text = "", ""
            whole = preview.method_id and preview.service_point_id and preview.service_id
            in_order = preview.date_start and preview.date_end
            if not whole or not in_order or preview.date_end < preview.date_start:
                continue
            runs = self.env["utility.allocation.run"]
            result = runs._preview(preview._source_vals(), (preview.date_start, preview.date_end))
            if result.problem:
                preview.problem_text = runs._problem_words(result.problem)
            else:
                preview.result_html = runs._render_proof(result.sharing.proof, preview._unit_name())

    def _source_vals(self):
        place = self.service_point_id.premise_id
        building = place if place.level == "building" else place.building_id or place
        return {
            "service_point_id": self.service_point_id.id,
            "service_id": self.service_id.id,
            "company_id": self.company_id.id,
            "method_id": self.method_id.id,
            "purpose": self.purpose,
            "reach": self.reach,
            "building_id": building.id,
            "typed": to_decimal(self.typed_total) if self.typed_total else None,
        }

    def _unit_name(self):
        if self.purpose == "cost":
            return self.company_id.currency_id.name
        return self.service_point_id.service_id.uom_id.name or ""
