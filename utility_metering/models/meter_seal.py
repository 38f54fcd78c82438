from odoo import fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class MeterSeal(models.Model):
    """A numbered seal on a meter, from the day it was placed to the day it was taken off."""

    _name = "utility.meter.seal"
    _description = "Seal"
    _inherit = ["utility.dated.mixin"]
    _rec_name = "number"
    _fact_key = ("company_id", "number")
    _fact_editors = "utility_base.group_meter_engineer,utility_base.group_field_controller"

    number = fields.Char(required=True, index="trigram")
    meter_id = fields.Many2one("utility.meter", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    place = fields.Selection(
        [
            ("connection", "Connection"),
            ("body", "Body of the meter"),
            ("bypass", "Bypass"),
            ("box", "Box"),
            ("magnetic", "Magnetic sticker"),
        ],
        required=True,
        default="connection",
    )
    date_start = fields.Date("Placed on")
    date_end = fields.Date("Removed on")
    act_id = fields.Many2one("utility.meter.act", ondelete="restrict")
    replaces_id = fields.Many2one(
        "utility.meter.seal", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
