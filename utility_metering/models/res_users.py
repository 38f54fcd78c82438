from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    utility_route_ids = fields.Many2many(
        "utility.route",
        "utility_route_user_rel",
        "user_id",
        "route_id",
        "Reading Routes",
        groups="utility_base.group_meter_engineer,base.group_erp_manager",
        help="A field controller sees the meters of these routes and those he has a visit to.",
    )

    def write(self, vals):
        done = super().write(vals)
        if "utility_route_ids" in vals:
            # record rules are cached with the routes' places in them
            self.env.registry.clear_cache()
        return done
