from odoo import fields, models
from odoo.fields import Domain

from .account_move_screen import BILLS


class Account(models.Model):
    _inherit = "utility.account"

    bill_count = fields.Integer(
        "Bills", compute="_compute_bill_count", groups="utility_base.group_reader"
    )

    def _compute_bill_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                self._domain_bills(), ["utility_account_id"], ["__count"]
            )
        )
        for account in self:
            account.bill_count = counts.get(account, 0)

    def _domain_bills(self):
        return (
            Domain("utility_account_id", "in", self.ids)
            & Domain("move_type", "in", BILLS)
            & Domain("state", "=", "posted")
        )

    def action_open_bills(self):
        self.ensure_one()
        return self.env["account.move"]._action_utility_bills(
            self._domain_bills(), self.env._("Bills of %s", self.number)
        )
