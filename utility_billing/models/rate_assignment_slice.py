from odoo import fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from .rate_assignment import AT_ONCE


class RateAssignmentSlice(models.Model):
    """Some agreements of a mass assignment: changed in one transaction, or not at all."""

    _name = "utility.rate.assignment.slice"
    _description = "Slice of a Mass Assignment"
    _order = "assignment_id, id"

    assignment_id = fields.Many2one(
        "utility.rate.assignment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, precompute=True)
    agreement_ids = fields.Json(required=True)
    state = fields.Selection([("todo", "To Do"), ("done", "Done")], required=True, default="todo")

    def _go(self, count):
        """Do it at once where it is little, else in jobs."""
        for part in self:
            if count <= AT_ONCE:
                part._job_run()
            else:
                part.with_delay(
                    channel="root.utility_rates",
                    description=part.assignment_id.display_name,
                    identity_key=f"utility.rate.assignment.slice,{part.id}",
                )._job_run()

    def _job_run(self):
        """Change the slice's agreements unless that was done.

        :raise RetryableJobError: another worker has the slice
        """
        if not self.exists():
            # thrown away meanwhile
            return
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise RetryableJobError("another worker has this slice", seconds=10, ignore_retry=True)
        assignment = self.assignment_id
        if self.state == "done" or assignment.state not in ("running", "undoing"):
            return
        agreements = self.env["utility.service.agreement"].browse(self.agreement_ids).exists()
        if assignment.state == "running":
            assignment._assign(agreements)
        else:
            assignment._take_back(agreements)
        # a slice is the assignment's own; users only read it
        self.sudo().state = "done"
        assignment._finish()
