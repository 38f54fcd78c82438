from odoo import models


class BillingRun(models.Model):
    """From a run's bills to paper."""

    _inherit = "utility.billing.run"

    def action_print_bills(self):
        """The printing of the run's bills: the one that is not begun yet, or a new one."""
        self.ensure_one()
        prints = self.env["utility.print.run"]
        vals = {"billing_run_id": self.id, "company_id": self.company_id.id}
        domain = [(name, "=", value) for name, value in vals.items()]
        run = prints.search([*domain, ("state", "=", "draft")], limit=1)
        return (run or prints.create(vals))._opened()
