from odoo import fields, models

from .account import READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    utility_birth_date = fields.Date("Date of Birth", groups="utility_base.group_personal_data")
    utility_personal_code = fields.Char(
        "Personal Code",
        groups="utility_base.group_personal_data",
        index="btree_not_null",
        help="The state's number of the person.",
    )
    utility_occupancy_ids = fields.One2many(
        "utility.occupancy", "partner_id", "Premises", groups=READERS
    )
    utility_account_ids = fields.One2many(
        "utility.account", "partner_id", "Utility Accounts", groups=READERS
    )
    utility_payer_ids = fields.One2many(
        "utility.account.payer", "partner_id", "Pays or Paid for", groups=READERS
    )
    utility_account_count = fields.Integer(compute="_compute_utility_account_count", groups=READERS)
    utility_attribute_value_ids = fields.One2many(
        "utility.attribute.value", "partner_id", "Attributes", groups=READERS
    )
    id_numbers = fields.One2many(groups="utility_base.group_personal_data")

    def _compute_utility_account_count(self):
        counts = dict(
            self.env["utility.account"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.utility_account_count = counts.get(partner, 0)

    def action_open_utility_accounts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.account_action")
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
