from odoo import fields, models


class ServicePoint(models.Model):
    """How what a source counts is shared among those it feeds."""

    _inherit = "utility.service.point"

    allocation_assignment_ids = fields.One2many(
        "utility.allocation.assignment",
        "service_point_id",
        "Sharing",
        groups="utility_base.group_reader",
    )
