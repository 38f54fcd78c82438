from odoo import fields, models


class Numbering(models.Model):
    _inherit = "utility.numbering"

    purpose = fields.Selection(
        selection_add=[
            ("claim_act", "Claim acts"),
            ("work_act", "Work acts"),
            ("absence", "Absences"),
            ("correction", "Corrections by hand"),
        ],
        ondelete={
            "claim_act": "cascade",
            "work_act": "cascade",
            "absence": "cascade",
            "correction": "cascade",
        },
    )
