from odoo import fields, models


class Account(models.Model):
    """Meters at the points that serve an account."""

    _inherit = "utility.account"

    meter_installation_ids = fields.Many2many(
        "utility.meter.installation",
        string="Meters",
        compute="_compute_meter_installation_ids",
        help="At the points of its service agreements, also those that were removed.",
    )

    def _compute_meter_installation_ids(self):
        for account in self:
            account.meter_installation_ids = self.env["utility.meter.installation"].search(
                [("service_point_id", "in", account._metered_points().ids)]
            )

    def _metered_points(self):
        """Points of the agreements that were not voided.

        Whoever sees the account may know its points: field controllers see no agreements.
        """
        agreements = self.sudo().agreement_ids.filtered(lambda row: not row.voided_at)
        return agreements.service_point_id.sudo(False)

    def _timeline_sources(self):
        return super()._timeline_sources() + [
            {
                "key": "installation",
                "label": self.env._("Meter"),
                "icon": "fa-tachometer",
                "model": "utility.meter.installation",
                "domain": lambda account: [
                    ("service_point_id", "in", account._metered_points().ids)
                ],
            },
        ]
