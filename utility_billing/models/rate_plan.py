from odoo import api, fields, models


class RatePlan(models.Model):
    """A bundle of rates that agreements are put on: one schedule, or several, for each service."""

    _name = "utility.rate.plan"
    _description = "Tariff Plan"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, copy=False, help="Used by imports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    is_default = fields.Boolean(
        "Company's Default",
        copy=False,
        tracking=True,
        help="Agreements without a plan of their own are on this one.",
    )
    note = fields.Text()
    schedule_ids = fields.One2many("utility.rate.schedule", "plan_id", "Schedules")
    schedule_count = fields.Integer(compute="_compute_counts")
    agreement_count = fields.Integer(
        compute="_compute_counts", help="Agreements in force today that are on the plan."
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Another tariff plan of the company has this code."
    )
    _one_default = models.UniqueIndex(
        "(company_id) WHERE is_default",
        "Another tariff plan is the company's default: take it away there first.",
    )

    _default_is_active = models.Constraint(
        "CHECK (active OR NOT is_default)",
        "The company's default plan cannot be archived: make another one the default first.",
    )

    def _compute_counts(self):
        schedules = dict(
            self.env["utility.rate.schedule"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        agreements = dict(
            self.env["utility.service.agreement"]._read_group(
                [("rate_plan_id", "in", self.ids), ("fact_state", "in", ["in_force"])],
                ["rate_plan_id"],
                ["__count"],
            )
        )
        without = self._count_without_plan()
        for plan in self:
            plan.schedule_count = schedules.get(plan, 0)
            own = agreements.get(plan, 0)
            plan.agreement_count = own + (without.get(plan.company_id, 0) if plan.is_default else 0)

    def _count_without_plan(self):
        companies = self.filtered("is_default").company_id
        if not companies:
            return {}
        return dict(
            self.env["utility.service.agreement"]._read_group(
                [
                    ("rate_plan_id", "=", False),
                    ("company_id", "in", companies.ids),
                    ("fact_state", "in", ["in_force"]),
                ],
                ["company_id"],
                ["__count"],
            )
        )

    @api.model
    def _default_of(self, company):
        """The plan of a company's agreements that name none; may be empty."""
        return self.search([("company_id", "=", company.id), ("is_default", "=", True)], limit=1)

    def copy_data(self, default=None):
        data = super().copy_data(default)
        for plan, vals in zip(self, data, strict=True):
            vals.setdefault("code", self.env._("%(code)s copy", code=plan.code))
            vals["name"] = self.env._("%(name)s (copy)", name=plan.name)
        return data

    def action_open_schedules(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("utility_billing.rate_schedule_action"),
            "domain": [("plan_id", "=", self.id)],
            "context": {"default_plan_id": self.id},
        }

    def action_open_agreements(self):
        self.ensure_one()
        plans = [self.id, False] if self.is_default else [self.id]
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "utility_base.service_agreement_action"
            ),
            "domain": [("rate_plan_id", "in", plans), ("company_id", "=", self.company_id.id)],
            "context": {"search_default_in_force": 1, "default_rate_plan_id": self.id},
        }
