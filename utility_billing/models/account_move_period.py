from odoo import fields, models


class AccountMove(models.Model):
    """A closed month takes no bills, and none of its bills is undone, whoever tries."""

    _inherit = "account.move"

    def _post(self, soft=True):
        self._refuse_closed_months()
        return super()._post(soft)

    def button_draft(self):
        self._refuse_closed_months()
        return super().button_draft()

    def _refuse_closed_months(self):
        """:raise UserError: a bill of an account is of a closed month, or dated in one"""
        today = fields.Date.context_today(self)
        found = {
            (bill.company_id, day.replace(day=1)): bill
            for bill in self
            if bill._is_utility_bill()
            for day in (bill.invoice_date or today, bill.utility_month)
            if day
        }
        for (company, month), bill in found.items():
            self.env["utility.billing.period"]._refuse_closed(
                company,
                month,
                self.env._(
                    "“%s” stays as it is: post bills and credit notes with a date in an open "
                    "month, or have an administrator reopen this one.",
                    bill.display_name,
                ),
            )
