from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.queue_job.exception import RetryableJobError

from .usage_storing import PointsBusyError


class UsageRunSlice(models.Model):
    """Some points of a run: locked, calculated and kept in one transaction, or not at all."""

    _name = "utility.usage.run.slice"
    _description = "Slice of a Calculation of Usage"
    _order = "run_id, first_id"

    run_id = fields.Many2one("utility.usage.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    first_id = fields.Integer("First Point", required=True)
    last_id = fields.Integer("Last Point", required=True)
    point_count = fields.Integer("Service Points", required=True)
    state = fields.Selection([("todo", "To Do"), ("done", "Done")], required=True, default="todo")
    counts = fields.Json()

    def _enqueue(self):
        for part in self:
            part.with_delay(
                channel="root.utility_usage",
                description=part.run_id.name,
                identity_key=f"utility.usage.run.slice,{part.id}",
            )._job_calculate()

    def _job_calculate(self):
        """Calculate the slice unless that was done; a killed worker leaves it undone.

        :raise RetryableJobError: another worker has the slice or its points
        """
        if not self.exists():
            # thrown away meanwhile
            return
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise RetryableJobError("another worker has this slice", seconds=10, ignore_retry=True)
        if self.state == "done" or self.run_id.state != "calculating":
            return
        try:
            self._calculate()
        except PointsBusyError as error:
            raise RetryableJobError(str(error), seconds=10, ignore_retry=True) from error
        self.run_id.with_delay(
            channel="root.utility_usage",
            description=self.run_id.name,
            identity_key=f"utility.usage.run,{self.run_id.id},finish",
        )._job_finish()

    def _calculate(self):
        """What is due for the points, and what rests on facts that changed since."""
        run = self.run_id
        points = self.env["utility.service.point"].search(
            run._domain_points()
            & Domain("id", ">=", self.first_id)
            & Domain("id", "<=", self.last_id),
            order="id",
        )
        usages = self.env["utility.usage"]
        counts = usages._recalculate_plan(usages._due_plan(points, run.month))
        self.env["utility.usage.stale"]._settle(points)
        # a slice is the run's own; users only read it
        self.sudo().write({"state": "done", "counts": counts})
