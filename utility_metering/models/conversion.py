from odoo import fields, models

FORMULAS = [
    ("factor", "Factor"),
    ("state_number", "Calorific value × state number (m³ → kWh)"),
    ("correction", "Volume × correction × calorific value in MJ ÷ 3.6"),
]


class Conversion(models.Model):
    """How what a register counts becomes what is billed, with values by period: gas in m³ → kWh."""

    _name = "utility.conversion"
    _description = "Conversion of Quantities"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    service_id = fields.Many2one(
        "utility.service", required=True, check_company=True, ondelete="restrict"
    )
    formula = fields.Selection(FORMULAS, required=True, default="factor")
    from_uom_id = fields.Many2one(
        "uom.uom", "From", required=True, help="Registers in this unit are converted."
    )
    to_uom_id = fields.Many2one(related="service_id.uom_id", string="To")
    value_ids = fields.One2many("utility.conversion.value", "conversion_id", "Values")
    active = fields.Boolean(default=True)
