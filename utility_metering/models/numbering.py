from odoo import fields, models


class Numbering(models.Model):
    _inherit = "utility.numbering"

    purpose = fields.Selection(
        selection_add=[("meter_act", "Metering acts")], ondelete={"meter_act": "cascade"}
    )
