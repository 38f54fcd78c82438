from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    utility_building_ids = fields.Many2many(
        "utility.premise",
        "utility_user_building_rel",
        "user_id",
        "premise_id",
        "Own Buildings",
        domain="[('level', '=', 'building')]",
        ondelete="restrict",
        # a user tied to an archived building must not find himself tied to nothing at all
        context={"active_test": False},
        groups="utility_base.group_administrator,base.group_erp_manager",
        help="Empty: every building of the user's companies. Otherwise only these are seen.",
    )

    def write(self, vals):
        done = super().write(vals)
        if "utility_building_ids" in vals:
            # record rules are cached with the buildings in them
            self.env.registry.clear_cache()
        return done
