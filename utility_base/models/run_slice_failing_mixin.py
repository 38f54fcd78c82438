import logging

from odoo import fields, models

from ..tools.failing import PASSING, words_of

_logger = logging.getLogger(__name__)


class RunSliceFailingMixin(models.AbstractModel):
    """A slice that keeps what went wrong, for somebody to mend; the others go on."""

    _name = "utility.run.slice.failing.mixin"
    _description = "Slice of a Run that May Fail"
    _inherit = ["utility.run.slice.mixin"]

    state = fields.Selection(
        selection_add=[("failed", "Failed")], ondelete={"failed": "set default"}
    )
    message = fields.Text("What to Mend")

    def _job_calculate(self):
        """Do the work, or say on the slice why not: whatever it is, the others go on.

        What passes (a lost connection, two workers at one row) is left to the queue, which tries
        again.
        """
        if self._kept_from_failing(super()._job_calculate):
            return None
        return self._calculated()

    def _calculate_now(self):
        """The same while a user waits: what goes wrong in the slice leaves all before it done."""
        self._kept_from_failing(self._calculate)

    def _kept_from_failing(self, work):
        """Whether the work is done; otherwise the slice says why not."""
        try:
            with self.env.cr.savepoint():
                work()
            return True
        except PASSING:
            raise
        except Exception as error:
            self._failed(words_of(self.env, error, f"{self._name} {self.id}"))
        return False

    def _failed(self, message):
        _logger.info("%s %s: %s", self._name, self.id, message)
        self.env.invalidate_all()
        # a slice is the run's own; users only read it
        self.sudo().write({"state": "failed", "message": message})
