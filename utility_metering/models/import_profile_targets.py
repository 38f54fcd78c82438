from odoo import api, models


class ImportProfile(models.Model):
    _inherit = "utility.import.profile"

    @api.model
    def _import_targets(self):
        return {
            **super()._import_targets(),
            "meters": {
                "label": self.env._("Meters and where they hang"),
                "model": "utility.import.target.meter",
            },
            "readings": {
                "label": self.env._("Readings"),
                "model": "utility.import.target.reading",
            },
        }
