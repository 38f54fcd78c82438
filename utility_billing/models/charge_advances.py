from odoo import api, fields, models


class Charge(models.Model):
    _inherit = "utility.charge"

    kind = fields.Selection(
        selection_add=[("advance", "Advance"), ("settlement", "Advance Taken off")],
        ondelete=dict.fromkeys(("advance", "settlement"), "cascade"),
    )

    @api.model
    def _kinds_of_documents(self):
        return (*super()._kinds_of_documents(), "advance", "settlement")
