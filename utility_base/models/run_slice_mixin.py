from odoo import fields, models

from odoo.addons.queue_job.exception import RetryableJobError


class RunSliceMixin(models.AbstractModel):
    """Some records of a run (`utility.run.mixin`): worked on in one transaction, or not at all.

    A model that inherits this names its run in `_run_field` and does the work in `_calculate`.
    """

    _name = "utility.run.slice.mixin"
    _description = "Slice of a Run"

    _run_field = "run_id"
    # states of the run in which its slices are worked on
    _run_states = ("calculating",)
    # of the queue; the run's own when empty
    _channel = None

    state = fields.Selection([("todo", "To Do"), ("done", "Done")], required=True, default="todo")

    def _calculate(self):
        raise NotImplementedError

    def _run(self):
        return self[self._run_field]

    def _queue_channel(self):
        return self._channel or self._run()._channel

    def _enqueue(self):
        for part in self:
            part.with_delay(
                channel=part._queue_channel(),
                description=part._run().display_name,
                identity_key=f"{self._name},{part.id}",
            )._job_calculate()

    def _job_calculate(self):
        """Do the slice's work unless that was done or thrown away; a killed worker leaves it
        undone.

        :raise RetryableJobError: another worker has the slice
        """
        if not self.exists():
            return
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise RetryableJobError("another worker has this slice", seconds=10, ignore_retry=True)
        if self.state == "done" or not self._is_wanted():
            return
        self._calculate()
        self._calculated()

    def _is_wanted(self):
        """Whether the run is at what the slice is for."""
        return self._run().state in self._run_states

    def _calculated(self):
        """The slice is done."""
        self._run()._delay_finish()
