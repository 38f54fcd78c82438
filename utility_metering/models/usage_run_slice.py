from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.queue_job.exception import RetryableJobError

from .usage_storing import PointsBusyError


class UsageRunSlice(models.Model):
    """Some points of a run: locked, calculated and kept in one transaction, or not at all."""

    _name = "utility.usage.run.slice"
    _description = "Slice of a Calculation of Usage"
    _inherit = ["utility.run.slice.mixin"]
    _order = "run_id, first_id"

    run_id = fields.Many2one("utility.usage.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    first_id = fields.Integer("First Point", required=True)
    last_id = fields.Integer("Last Point", required=True)
    point_count = fields.Integer("Service Points", required=True)
    counts = fields.Json()

    def _job_calculate(self):
        """:raise RetryableJobError: another worker has the slice or its points"""
        try:
            return super()._job_calculate()
        except PointsBusyError as error:
            raise RetryableJobError(str(error), seconds=10, ignore_retry=True) from error

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
