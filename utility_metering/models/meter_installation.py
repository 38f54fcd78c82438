from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.utility_base.models.dated_mixin import no_overlap

from ..engine.convert import transformer_factor


class MeterInstallation(models.Model):
    """A meter hangs at a service point. It measures from the end of `date_start`, when its first
    reading was taken, to the end of `date_end`, when the last one was."""

    _name = "utility.meter.installation"
    _description = "Meter Installation"
    _inherit = ["utility.dated.mixin"]
    _fact_key = ("meter_id",)
    _fact_editors = "utility_base.group_meter_engineer"
    _check_company_auto = True

    meter_id = fields.Many2one("utility.meter", required=True, index=True, ondelete="restrict")
    service_point_id = fields.Many2one(
        "utility.service.point", required=True, index=True, check_company=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="meter_id.company_id", store=True, index=True, precompute=True
    )
    service_id = fields.Many2one(
        related="service_point_id.service_id", store=True, index=True, precompute=True
    )
    premise_id = fields.Many2one(
        related="service_point_id.premise_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        related="service_point_id.building_id", store=True, index=True, precompute=True
    )
    technology = fields.Selection(related="meter_id.type_id.technology")
    date_start = fields.Date("Installed on")
    date_end = fields.Date("Removed on")
    counting = fields.Selection(
        [
            ("add", "Counts"),
            ("deduct", "Is deducted: garden, leak, another's use"),
            ("check", "For control only"),
        ],
        required=True,
        default="add",
    )
    place = fields.Char("Where It Hangs", help="Kitchen, cellar, well in the yard.")
    ct_primary = fields.Float("CT Primary, A", digits=(16, 3))
    ct_secondary = fields.Float("CT Secondary, A", digits=(16, 3))
    vt_primary = fields.Float("VT Primary, V", digits=(16, 3))
    vt_secondary = fields.Float("VT Secondary, V", digits=(16, 3))
    allocator_factor = fields.Float(
        digits=(16, 6),
        help="K: rated output of the radiator times the factors of contact and temperature.",
    )
    container_volume = fields.Float("Volume of a Container", digits=(16, 3))
    container_count = fields.Integer("Containers")
    factor = fields.Float(
        compute="_compute_factor",
        store=True,
        precompute=True,
        digits=(16, 6),
        help="What the register's usage is multiplied by, besides its own multiplier.",
    )
    schedule_ids = fields.One2many("utility.lift.schedule", "installation_id", "Lifts")
    reading_ids = fields.One2many("utility.reading", "installation_id", "Readings")
    replaces_id = fields.Many2one(
        "utility.meter.installation", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)

    @api.depends("meter_id.serial", "service_point_id.code")
    def _compute_display_name(self):
        for row in self:
            parts = (row.meter_id.serial, row.service_point_id.code)
            row.display_name = " · ".join(part for part in parts if part)

    @api.depends(
        "ct_primary",
        "ct_secondary",
        "vt_primary",
        "vt_secondary",
        "allocator_factor",
        "container_volume",
    )
    def _compute_factor(self):
        for row in self:
            transformers = transformer_factor(
                row.ct_primary, row.ct_secondary, row.vt_primary, row.vt_secondary
            )
            factor = float(transformers)
            row.factor = factor * (row.allocator_factor or 1.0) * (row.container_volume or 1.0)

    @api.constrains("meter_id", "service_point_id")
    def _check_kind(self):
        for row in self:
            kinds = (row.meter_id.service_kind, row.service_id.kind)
            if row.counting == "add" and kinds[0] != kinds[1]:
                labels = dict(row.service_id._fields["kind"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "Meter %(meter)s measures %(measures)s, the point %(point)s delivers "
                        "%(delivers)s. Choose another point, or install it to be deducted.",
                        meter=row.meter_id.serial,
                        measures=labels[kinds[0]],
                        point=row.service_point_id.code,
                        delivers=labels[kinds[1]],
                    )
                )

    def _facts_changed(self):
        done = super()._facts_changed()
        self.meter_id._refresh_installation()
        return done
