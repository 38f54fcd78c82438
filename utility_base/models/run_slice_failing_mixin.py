import logging

import psycopg2

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

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
        """Do the work, or say on the slice why not.

        Errors of the machine (a lost connection, two workers at one row) are left to the queue,
        which tries again.
        """
        try:
            with self.env.cr.savepoint():
                return super()._job_calculate()
        except (UserError, ValidationError, AccessError) as error:
            self._failed(str(error))
        except psycopg2.IntegrityError as error:
            _logger.exception("%s %s", self._name, self.id)
            self._failed(str(error))
        return self._calculated()

    def _failed(self, message):
        _logger.info("%s %s: %s", self._name, self.id, message)
        self.env.invalidate_all()
        # a slice is the run's own; users only read it
        self.sudo().write({"state": "failed", "message": message})
