from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    utility_birth_date = fields.Date("Date of Birth", groups="utility_base.group_personal_data")
    utility_personal_code = fields.Char(
        "Personal Code", groups="utility_base.group_personal_data", index="btree_not_null",
        help="The state's number of the person.",
    )
    utility_occupancy_ids = fields.One2many("utility.occupancy", "partner_id", "Premises")
    utility_account_ids = fields.One2many("utility.account", "partner_id", "Utility Accounts")
    utility_account_count = fields.Integer(compute="_compute_utility_account_count")
    utility_attribute_value_ids = fields.One2many("utility.attribute.value", "partner_id", "Attributes")

    def _compute_utility_account_count(self):
        counts = dict(self.env["utility.account"]._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
        ))
        for partner in self:
            partner.utility_account_count = counts.get(partner, 0)

    def action_open_utility_accounts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.account_action")
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
