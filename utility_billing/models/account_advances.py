from odoo import api, models


class Account(models.Model):
    _inherit = "utility.account"

    @api.model
    def _timeline_sources(self):
        return super()._timeline_sources() + [
            {
                "key": "advance",
                "label": self.env._("Advance"),
                "icon": "fa-calendar-plus-o",
                "model": "utility.advance",
                "domain": lambda account: [("account_id", "=", account.id)],
            },
        ]
