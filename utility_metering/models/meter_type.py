from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.utility_base.models.service import KINDS


class MeterType(models.Model):
    """A model of meter: what it measures, its registers, how often it is verified."""

    _name = "utility.meter.type"
    _description = "Meter Type"
    _order = "service_kind, name, id"

    name = fields.Char(required=True, help="As engineers call it: maker, model, size.")
    code = fields.Char(required=True, copy=False, help="Used by imports.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    service_kind = fields.Selection(KINDS, "Measures", required=True, default="cold_water")
    technology = fields.Selection(
        [
            ("dial", "Meter with registers"),
            ("allocator", "Heat-cost allocator"),
            ("lifts", "Containers that are lifted"),
        ],
        required=True,
        default="dial",
    )
    manufacturer = fields.Char()
    size = fields.Char(help="Nominal size or current: DN15, 5(60) A.")
    accuracy_class = fields.Char(help="As on the plate: R160, class B, 1.0.")
    verification_months = fields.Integer(
        "Verified Every, Months", aggregator=None, help="0: needs no verification."
    )
    remote = fields.Boolean("Read Remotely")
    register_ids = fields.One2many("utility.meter.type.register", "type_id", "Registers", copy=True)
    meter_count = fields.Integer(compute="_compute_meter_count")
    note = fields.Text()

    _code_unique = models.Constraint("UNIQUE (code)", "Another meter type has this code.")
    _verification_not_negative = models.Constraint(
        "CHECK (verification_months >= 0)", "A verification interval is 0 or more months."
    )

    def _compute_meter_count(self):
        counts = dict(
            self.env["utility.meter"]._read_group(
                [("type_id", "in", self.ids)], ["type_id"], ["__count"]
            )
        )
        for kind in self:
            kind.meter_count = counts.get(kind, 0)

    @api.constrains("register_ids")
    def _check_registers(self):
        for kind in self:
            codes = kind.register_ids.mapped("code")
            if len(codes) != len(set(codes)):
                raise ValidationError(
                    self.env._("%(type)s: two registers have the same code.", type=kind.name)
                )

    def _valid_until(self, verified_on):
        """Last day on which a verification of `verified_on` holds: months later, clamped to the
        month's end; None where none is needed."""
        self.ensure_one()
        if not self.verification_months:
            return None
        return verified_on + relativedelta(months=self.verification_months)
