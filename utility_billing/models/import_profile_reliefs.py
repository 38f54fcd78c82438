from odoo import api, fields, models


class ImportProfile(models.Model):
    _inherit = "utility.import.profile"

    ends_missing = fields.Boolean(
        "The File Is the Whole Register",
        help="Benefits of the kinds in the file that are in force and not in the file end with "
        "the day before the import. Only when all rows of the file are good.",
    )

    @api.model
    def _import_targets(self):
        return {
            **super()._import_targets(),
            "benefits": {
                "label": self.env._("Benefits: registers of beneficiaries"),
                "model": "utility.import.target.benefit",
            },
            "subsidies": {
                "label": self.env._("Subsidies: registers of funds"),
                "model": "utility.import.target.subsidy",
            },
        }
