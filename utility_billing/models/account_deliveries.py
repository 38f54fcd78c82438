from odoo import fields, models

READERS = "utility_base.group_reader"


class Account(models.Model):
    """How the account's bills went."""

    _inherit = "utility.account"

    delivery_count = fields.Integer(
        "Deliveries", compute="_compute_delivery_count", groups="utility_base.group_reader"
    )
    delivery_failed = fields.Boolean(
        "Last Bill Not Delivered",
        compute="_compute_delivery_count",
        groups="utility_base.group_reader",
    )

    def _compute_delivery_count(self):
        deliveries = self.env["utility.bill.delivery"]
        counts = dict(
            deliveries._read_group([("account_id", "in", self.ids)], ["account_id"], ["__count"])
        )
        failed = deliveries.search(
            [
                ("account_id", "in", self.ids),
                ("is_current", "=", True),
                ("state", "=", "failed"),
            ]
        ).account_id
        for account in self:
            account.delivery_count = counts.get(account, 0)
            account.delivery_failed = account in failed

    def action_open_deliveries(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.bill_delivery_action"
        )
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}
