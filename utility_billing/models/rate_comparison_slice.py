from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.queue_job.exception import RetryableJobError

from .rate_comparison import CHANNEL


class RateComparisonSlice(models.Model):
    """Some accounts of a comparison: rated in one transaction, or not at all."""

    _name = "utility.rate.comparison.slice"
    _description = "Slice of a Comparison of Tariffs"
    _order = "comparison_id, first_id"

    comparison_id = fields.Many2one(
        "utility.rate.comparison", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="comparison_id.company_id", store=True, precompute=True)
    first_id = fields.Integer("First Account", required=True)
    last_id = fields.Integer("Last Account", required=True)
    account_count = fields.Integer("Accounts", required=True)
    state = fields.Selection([("todo", "To Do"), ("done", "Done")], required=True, default="todo")

    def _enqueue(self):
        for part in self:
            part.with_delay(
                channel=CHANNEL,
                description=part.comparison_id.name,
                identity_key=f"utility.rate.comparison.slice,{part.id}",
            )._job_calculate()

    def _job_calculate(self):
        """Rate the slice unless that was done; a killed worker leaves it undone.

        :raise RetryableJobError: another worker has the slice
        """
        if not self.exists():
            # thrown away meanwhile
            return
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise RetryableJobError("another worker has this slice", seconds=10, ignore_retry=True)
        if self.state == "done" or self.comparison_id.state != "calculating":
            return
        self._calculate()
        self.comparison_id._delay_finish()

    def _calculate(self):
        comparison = self.comparison_id
        accounts = self.env["utility.account"].search(
            comparison._domain_accounts()
            & Domain("id", ">=", self.first_id)
            & Domain("id", "<=", self.last_id),
            order="id",
        )
        comparison._compare(accounts)
        # a slice is the comparison's own; users only read it
        self.sudo().state = "done"
