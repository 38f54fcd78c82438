from odoo import fields, models


class MeterTypeRegister(models.Model):
    _name = "utility.meter.type.register"
    _description = "Register of a Meter Type"
    _inherit = ["utility.register.mixin"]

    type_id = fields.Many2one("utility.meter.type", required=True, index=True, ondelete="cascade")

    def _prepare_register_vals(self):
        """Values of the same register on a meter of the type."""
        self.ensure_one()
        names = self.env["utility.register.mixin"]._fields
        return {name: value for name, value in self.copy_data()[0].items() if name in names}
