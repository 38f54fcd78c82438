from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ServicePoint(models.Model):
    """Where a service is delivered; per network a tree from the source to the flats."""

    _name = "utility.service.point"
    _description = "Service Point"
    _inherit = [
        "utility.tree.mixin",
        "utility.attribute.owner.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _attribute_owner_field = "service_point_id"
    _parent_store = True
    _order = "company_id, code, id"
    _rec_name = "code"
    _check_company_auto = True

    code = fields.Char(required=True, copy=False, index="trigram", tracking=True)
    name = fields.Char("Description")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    service_id = fields.Many2one(
        "utility.service", required=True, index=True, check_company=True, ondelete="restrict"
    )
    premise_id = fields.Many2one(
        "utility.premise", required=True, index=True, ondelete="restrict", tracking=True
    )
    building_id = fields.Many2one(related="premise_id.building_id", store=True, index=True)
    parent_id = fields.Many2one(
        "utility.service.point",
        "Fed from",
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('service_id', '=', service_id)]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("utility.service.point", "parent_id", "Feeds")
    child_count = fields.Integer("Feeds, Points", compute="_compute_child_count")
    kind = fields.Selection(
        [
            ("source", "Source"),
            ("main", "Main, district"),
            ("inlet", "Building inlet"),
            ("riser", "Riser"),
            ("unit", "Consumer"),
        ],
        required=True,
        default="unit",
    )
    connection = fields.Selection(
        [("connected", "Connected"), ("disconnected", "Disconnected"), ("removed", "Removed")],
        required=True,
        default="connected",
        tracking=True,
    )
    active = fields.Boolean(default=True)
    latitude = fields.Float(digits=(10, 7), aggregator=None)
    longitude = fields.Float(digits=(10, 7), aggregator=None)
    agreement_ids = fields.One2many(
        "utility.service.agreement",
        "service_point_id",
        "Agreements",
        groups="utility_base.group_reader",
    )
    attribute_value_ids = fields.One2many(
        "utility.attribute.value", "service_point_id", "Attributes"
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Another service point of the company has this code."
    )

    @api.depends("code", "service_id.name", "premise_id.address")
    def _compute_display_name(self):
        for point in self:
            parts = (point.code, point.service_id.name, point.premise_id.address)
            point.display_name = " · ".join(part for part in parts if part)

    @api.depends("child_ids")
    def _compute_child_count(self):
        counts = dict(self._read_group([("parent_id", "in", self.ids)], ["parent_id"], ["__count"]))
        for point in self:
            point.child_count = counts.get(point, 0)

    @api.model
    def _search_display_name(self, operator, value):
        if operator == "ilike" and isinstance(value, str) and value.strip():
            return Domain.AND(
                [
                    Domain("code", "ilike", word) | Domain("premise_id.address", "ilike", word)
                    for word in value.split()
                ]
            )
        return super()._search_display_name(operator, value)

    @api.constrains("parent_id", "service_id")
    def _check_parent(self):
        for point in self:
            if point.parent_id and point.parent_id.service_id != point.service_id:
                raise ValidationError(
                    self.env._(
                        "%(point)s (%(service)s) cannot be fed from %(parent)s (%(other)s): "
                        "a network carries one service.",
                        point=point.code,
                        service=point.service_id.name,
                        parent=point.parent_id.code,
                        other=point.parent_id.service_id.name,
                    )
                )

    def _cycle_message(self, parent):
        return self.env._(
            "%(point)s cannot be fed from %(parent)s: that point is fed from it.",
            point=self.code,
            parent=parent.code,
        )

    def action_open_network(self):
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "utility_base.network",
            "name": self.env._("Network of %s", self.code),
            "params": {"root_ids": self.ids},
        }
