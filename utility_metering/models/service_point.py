from odoo import fields, models


class ServicePoint(models.Model):
    _inherit = "utility.service.point"

    installation_ids = fields.One2many("utility.meter.installation", "service_point_id", "Meters")
    usage_ids = fields.One2many("utility.usage", "service_point_id")
    agreed_quantity_ids = fields.One2many(
        "utility.agreed.quantity", "service_point_id", "Agreed Quantities"
    )
    derivation_ids = fields.One2many("utility.derivation", "service_point_id", "Derived from")
    conversion_id = fields.Many2one(
        "utility.conversion",
        help="Empty: that of the point that feeds it, or else of its service.",
    )
