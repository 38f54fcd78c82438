from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.queue_job.exception import RetryableJobError

CHANNEL = "root.utility_rating"


class BillingBatch(models.Model):
    """Some accounts of a run: locked, rated and kept in one transaction, or not at all."""

    _name = "utility.billing.batch"
    _description = "Batch of a Billing Run"
    _order = "run_id, first_id"

    run_id = fields.Many2one("utility.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    first_id = fields.Integer("First Account", required=True)
    last_id = fields.Integer("Last Account", required=True)
    account_count = fields.Integer("Accounts", required=True)
    state = fields.Selection([("todo", "To Do"), ("done", "Done")], required=True, default="todo")
    charge_count = fields.Integer("Charges")
    held_count = fields.Integer("Held Accounts")
    rated = fields.Json(help="Periods that were rated: what approval claims.")
    facts_at = fields.Datetime("Facts of", help="When the facts were read.")

    def _enqueue(self):
        for batch in self:
            batch.with_delay(
                channel=CHANNEL,
                description=batch.run_id.name,
                identity_key=f"utility.billing.batch,{batch.id}",
            )._job_calculate()

    def _job_calculate(self):
        """Rate the batch unless that was done or thrown away; a killed worker leaves it undone.

        :raise RetryableJobError: another worker has the batch
        """
        if not self.exists():
            return
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise RetryableJobError("another worker has this batch", seconds=10, ignore_retry=True)
        if self.state == "done" or self.run_id.state != "calculating":
            return
        self._calculate()
        self.run_id._delay_finish()

    def _accounts(self):
        return self.env["utility.account"].search(
            self.run_id._domain_accounts()
            & Domain("id", ">=", self.first_id)
            & Domain("id", "<=", self.last_id),
            order="id",
        )

    def _calculate(self):
        self.run_id._rate_accounts(self._accounts(), self)
        # a batch is the run's own; users only read it
        self.sudo().state = "done"
