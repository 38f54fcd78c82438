from odoo import models


class Account(models.Model):
    _inherit = "utility.account"

    def action_statement(self):
        """What was billed and paid in a period, to be looked at, printed or taken along."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.account_statement_action"
        )
        statement = self.env["utility.account.statement"].create({"account_id": self.id})
        return {**action, "res_id": statement.id, "context": {}}
