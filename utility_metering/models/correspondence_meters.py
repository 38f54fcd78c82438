from odoo import fields, models


class Correspondence(models.Model):
    """A notice names the meters that it is about."""

    _inherit = "utility.correspondence"

    meter_ids = fields.Many2many(
        "utility.meter",
        "utility_correspondence_meter_rel",
        "correspondence_id",
        "meter_id",
        "Meters",
    )

    def _paper_values(self):
        return {**super()._paper_values(), "meters": self.meter_ids}
