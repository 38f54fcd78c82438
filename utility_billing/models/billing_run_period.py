from odoo import api, models


class BillingRun(models.Model):
    """A closed month takes no new bills."""

    _inherit = "utility.billing.run"

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        for company, month in {(run.company_id, run.month.replace(day=1)) for run in runs}:
            self.env["utility.billing.period"]._for(company, month)
        return runs

    @api.constrains("month", "company_id")
    def _check_period(self):
        for run in self:
            run._refuse_closed_month()

    def action_calculate(self):
        self._refuse_closed_month()
        return super().action_calculate()

    def action_approve(self):
        for run in self:
            run._refuse_closed_month()
        return super().action_approve()

    def action_post(self):
        self._refuse_closed_month()
        self._refuse_closed_date()
        return super().action_post()

    def action_post_failed(self):
        self._refuse_closed_date()
        return super().action_post_failed()

    def _refuse_closed_month(self):
        """:raise UserError: the month that is billed is closed"""
        self.env["utility.billing.period"]._refuse_closed(
            self.company_id,
            self.month,
            self.env._("Bill an open month: what has changed in a closed one is corrected there."),
        )

    def _refuse_closed_date(self):
        """:raise UserError: the month that the bills are dated in is closed"""
        self.env["utility.billing.period"]._refuse_closed(
            self.company_id,
            self.bill_date,
            self.env._("Date the bills of %s on a day of an open month.", self.name),
        )
