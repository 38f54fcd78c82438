from odoo import fields, models

from .rate_assignment import AT_ONCE


class RateAssignmentSlice(models.Model):
    """Some agreements of a mass assignment: changed in one transaction, or not at all."""

    _name = "utility.rate.assignment.slice"
    _description = "Slice of a Mass Assignment"
    _inherit = ["utility.run.slice.mixin"]
    _order = "assignment_id, id"
    _run_field = "assignment_id"
    _run_states = ("running", "undoing")

    assignment_id = fields.Many2one(
        "utility.rate.assignment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, precompute=True)
    agreement_ids = fields.Json(required=True)

    def _go(self, count):
        """Do it at once where it is little, else in jobs."""
        if count > AT_ONCE:
            self._enqueue()
            return
        for part in self:
            part._job_calculate()

    def _calculate(self):
        """Change the slice's agreements, or take the change back."""
        assignment = self.assignment_id
        agreements = self.env["utility.service.agreement"].browse(self.agreement_ids).exists()
        if assignment.state == "running":
            assignment._assign(agreements)
        else:
            assignment._take_back(agreements)
        # a slice is the assignment's own; users only read it
        self.sudo().state = "done"

    def _calculated(self):
        self.assignment_id._finish()
