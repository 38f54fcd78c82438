from odoo import api, fields, models
from odoo.tools import float_repr


class MeterRegister(models.Model):
    """One dial of a meter."""

    _name = "utility.meter.register"
    _description = "Meter Register"
    _inherit = ["utility.register.mixin"]
    _order = "meter_id, sequence, id"

    meter_id = fields.Many2one("utility.meter", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="meter_id.company_id", store=True, index=True, precompute=True
    )
    active = fields.Boolean(default=True)
    reading_ids = fields.One2many("utility.reading", "register_id", "Readings")

    _code_unique = models.Constraint(
        "UNIQUE (meter_id, code)", "Another register of the meter has this code."
    )

    @api.depends("meter_id.serial", "code")
    def _compute_display_name(self):
        for register in self:
            register.display_name = f"{register.meter_id.serial} · {register.code}"

    def _shown(self, value):
        """A value as the register shows it: 00123.450."""
        self.ensure_one()
        text = float_repr(value, self.decimals)
        return text.zfill(self.digits + self.decimals + (1 if self.decimals else 0))
