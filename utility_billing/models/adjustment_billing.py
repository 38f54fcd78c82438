from odoo import fields, models
from odoo.exceptions import UserError


class Adjustment(models.Model):
    """A one-off service is billed at once, without waiting for the month."""

    _inherit = "utility.adjustment"

    bill_id = fields.Many2one("account.move", compute="_compute_bill_id")

    def _compute_bill_id(self):
        """The last bill that charged it."""
        charges = self.env["utility.charge"].search(
            [
                ("account_id", "in", self.account_id.ids),
                ("kind", "in", ("manual", "one_off")),
                ("source_id", "in", self.ids),
                ("state", "=", "posted"),
            ],
            order="id",
        )
        bills = {charge.source_id: charge.move_id for charge in charges}
        for adjustment in self:
            adjustment.bill_id = bills.get(adjustment.id)

    def action_bill_now(self):
        """Post a bill of this document alone, dated today.

        :raise UserError: it is not approved, is billed already, or the ledger does not allow it
        """
        self.ensure_one()
        return self._bill_now()._action_open_form()

    def _bill_now(self):
        """:return: the run that posted it"""
        runs = self.env["utility.billing.run"]
        runs.check_access("create")
        self._refuse_billing()
        today = fields.Date.context_today(self)
        # what a run is made for is written by nobody by hand
        run = runs.sudo().create(
            {
                "purpose": "one_off",
                "month": max(today, self.date),
                "bill_date": today,
                "company_id": self.company_id.id,
                "account_ids": [fields.Command.set(self.account_id.ids)],
                "adjustment_ids": [fields.Command.set(self.ids)],
                "with_corrections": False,
            }
        )
        run = run.sudo(False)
        run.action_calculate()
        run._approve_and_post()
        if run.posting_ids.filtered("message"):
            raise UserError("\n".join(run.posting_ids.filtered("message").mapped("message")))
        return run

    def _refuse_billing(self):
        if self.kind != "one_off":
            raise UserError(
                self.env._(
                    "%s goes on the next bill: only one-off services have their own.",
                    self.display_name,
                )
            )
        if self.state != "approved":
            raise UserError(
                self.env._(
                    "%s cannot be billed: it is not approved, or it is charged already.",
                    self.display_name,
                )
            )

    def action_open_bill(self):
        self.ensure_one()
        return self.bill_id._action_utility_bill()
