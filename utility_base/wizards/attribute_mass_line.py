from odoo import fields, models


class AttributeMassLine(models.TransientModel):
    _name = "utility.attribute.mass.line"
    _description = "Preview of a Mass Change"

    wizard_id = fields.Many2one("utility.attribute.mass.wizard", required=True, ondelete="cascade")
    owner = fields.Char("Of")
    before = fields.Char("Is")
    after = fields.Char("Becomes")
    problem = fields.Char()
