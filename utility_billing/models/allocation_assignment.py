from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.utility_base.models.dated_mixin import no_overlap

PURPOSES = [
    ("quantity", "The flats' quantity"),
    ("common", "The common use, in addition"),
    ("cost", "A cost"),
]


class AllocationAssignment(models.Model):
    """By which method a building's quantity or cost is shared, from when to when."""

    _name = "utility.allocation.assignment"
    _description = "Sharing of a Building"
    _inherit = ["utility.dated.mixin"]
    _order = "company_id, building_id, service_point_id, purpose, date_start desc, id desc"
    _check_company_auto = True
    _fact_key = ("service_point_id", "service_id", "purpose")
    _fact_editors = "utility_base.group_billing_operator"

    service_point_id = fields.Many2one(
        "utility.service.point",
        "Source",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '!=', 'unit')]",
        help="The point whose quantity is shared: the building's inlet with its meter.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    premise_id = fields.Many2one(
        related="service_point_id.premise_id", string="Place", store=True, index=True
    )
    building_id = fields.Many2one(
        "utility.premise", compute="_compute_building_id", store=True, index=True
    )
    purpose = fields.Selection(
        PURPOSES,
        "What Is Shared",
        required=True,
        default="quantity",
        help="The flats' quantity: all that the source counted becomes the flats' quantity of the "
        "service. Common use: what the source counted above the flats' own use is charged in "
        "addition. A cost: money that is typed for each period.",
    )
    service_id = fields.Many2one(
        "utility.service",
        "Charged as",
        required=True,
        check_company=True,
        compute="_compute_service_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    method_id = fields.Many2one(
        "utility.allocation.method",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', 'in', (False, company_id)),"
        " ('pool_kind', 'in', ('any', purpose == 'cost' and 'cost' or 'quantity'))]",
    )
    reach = fields.Selection(
        [
            ("network", "Points that are fed from the source"),
            ("building", "All points of the charged service in the building"),
        ],
        "Who Takes Part",
        required=True,
        default="network",
    )
    method_bearer = fields.Selection(related="method_id.bearer", string="Who Bears the Rest")
    bearer_point_id = fields.Many2one(
        "utility.service.point",
        "The Rest Is Charged at",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('service_id', '=', service_id), ('kind', '=', 'unit')]",
        help="Where the method leaves the rest to the association: its point of the charged "
        "service, whose account is charged for it as for any other share. Empty: it is charged to "
        "nobody.",
    )
    replaces_id = fields.Many2one(
        "utility.allocation.assignment", copy=False, readonly=True, index="btree_not_null"
    )
    run_ids = fields.One2many("utility.allocation.run", "assignment_id", "Sharings")

    _no_overlap = no_overlap(*_fact_key)

    @api.depends("service_point_id.premise_id.building_id", "service_point_id.premise_id.level")
    def _compute_building_id(self):
        for assignment in self:
            place = assignment.service_point_id.premise_id
            assignment.building_id = (
                place if place.level == "building" else place.building_id or place
            )

    @api.depends("service_point_id")
    def _compute_service_id(self):
        for assignment in self:
            assignment.service_id = assignment.service_id or assignment.service_point_id.service_id

    @api.depends("service_point_id", "purpose", "method_id")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for assignment in self:
            parts = (
                assignment.service_point_id.code,
                purposes.get(assignment.purpose, "").lower(),
                assignment.method_id.name,
            )
            assignment.display_name = " · ".join(part for part in parts if part)

    @api.constrains("method_id", "purpose", "company_id")
    def _check_method_fits(self):
        for assignment in self:
            method = assignment.method_id
            wanted = "cost" if assignment.purpose == "cost" else "quantity"
            if method.pool_kind not in ("any", wanted):
                kinds = dict(method._fields["pool_kind"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "“%(method)s” is for: %(kind)s. Choose another method.",
                        method=method.name,
                        kind=kinds[method.pool_kind].lower(),
                    )
                )
            if method.company_id and method.company_id != assignment.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(method)s” belongs to %(company)s. Copy it to use it here.",
                        method=method.name,
                        company=method.company_id.name,
                    )
                )

    @api.constrains("bearer_point_id", "service_id", "method_id")
    def _check_bearer_point(self):
        for assignment in self.filtered("bearer_point_id"):
            point, method = assignment.bearer_point_id, assignment.method_id
            if method.bearer != "association":
                raise ValidationError(
                    self.env._(
                        "“%(method)s” does not leave the rest to the association: leave “The Rest "
                        "Is Charged at” empty, or choose another method.",
                        method=method.name,
                    )
                )
            if point.service_id != assignment.service_id or point.kind != "unit":
                raise ValidationError(
                    self.env._(
                        "The rest cannot be charged at %(point)s: choose a consumer's point of "
                        "%(service)s.",
                        point=point.display_name,
                        service=assignment.service_id.name,
                    )
                )

    def _retire_replaced(self, vals_list):
        """A sharing has the company of its source, whatever company is active."""
        for vals in vals_list:
            point = self.env["utility.service.point"].browse(vals.get("service_point_id"))
            if point:
                vals["company_id"] = point.company_id.id
        return super()._retire_replaced(vals_list)

    def _facts_changed(self):
        """A period is shared by what is in force on its last day: what was shared by anything else
        is taken back. What was billed of it comes back as corrections."""
        done = super()._facts_changed()
        # sharings follow from their assignments; whoever may change these need not write those
        live = self.env["utility.allocation.run"].sudo()
        live = live.search([("assignment_id", "in", self.ids), ("state", "!=", "cancelled")])
        gone = live.filtered(lambda run: not run.assignment_id._in_force(run.date_end))
        if gone:
            gone._retire(self.env._("The building is shared otherwise since"))
            gone.write({"is_outdated": True})
        return done

    def _shared_as_typed(self, day):
        """Sharings of a period that ends on a day, of a total that somebody typed: it stays, though
        the source's usage is known."""
        return self.env["utility.allocation.run"].search(
            [
                ("assignment_id", "in", self.ids),
                ("date_end", "=", day),
                ("total_source", "=", "typed"),
                ("state", "in", ("calculated", "approved")),
            ]
        )

    def action_open_runs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.allocation_run_action"
        )
        action["domain"] = [("assignment_id", "=", self.id)]
        action["context"] = {"default_assignment_id": self.id}
        return action

    def action_preview(self):
        """What the method makes of the last month; nothing is stored."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.allocation_preview_action"
        )
        action["context"] = {
            "default_service_point_id": self.service_point_id.id,
            "default_method_id": self.method_id.id,
            "default_purpose": self.purpose,
            "default_service_id": self.service_id.id,
            "default_reach": self.reach,
        }
        return action
