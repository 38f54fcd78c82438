from contextlib import closing

from odoo import api, fields, models

from odoo.addons.queue_job.exception import RetryableJobError

# more than workers can be at, so that others surely follow
LAST_SLICES = 32


class RunMixin(models.AbstractModel):
    """Long work on many records: cut into slices, each done in a job and a transaction of its own,
    taken up again after a server was stopped.

    A model that inherits this has a `state` that is `calculating` meanwhile, a one2many of slices
    (`utility.run.slice.mixin`), and says in `_conclude` what follows the last of them. Work in
    several stages has a state and slices for each: `_working_states` and `_slices`.
    """

    _name = "utility.run.mixin"
    _description = "Run in Slices"

    _slices_field = "slice_ids"
    # states in which slices are worked on, where there are more of them than one
    _working_states = ("calculating",)
    _channel = "root"

    started_at = fields.Datetime(readonly=True, copy=False)
    ended_at = fields.Datetime(readonly=True, copy=False)
    run_user_id = fields.Many2one("res.users", "Calculated by", readonly=True, copy=False)

    @api.model
    def _default_month(self):
        """The first day of the month before this one."""
        today = fields.Date.context_today(self)
        return fields.Date.subtract(today.replace(day=1), months=1)

    def _slices(self):
        """The slices of what the run is at."""
        return self[self._slices_field]

    def _conclude(self):
        """The last slice is done: sum up, and leave the working state."""
        raise NotImplementedError

    def _beginning(self):
        """Values of a run whose slices are about to be worked on."""
        return {
            "state": "calculating",
            "started_at": fields.Datetime.now(),
            "ended_at": False,
            "run_user_id": self.env.uid,
        }

    def _done_share(self, weight):
        """Per cent of the slices that are done.

        :param weight: field of a slice that says how much it is
        """
        self.ensure_one()
        slices = self._slices()
        done = slices.filtered(lambda part: part.state == "done")
        total = sum(slices.mapped(weight))
        return 100.0 * sum(done.mapped(weight)) / total if total else 0

    @api.model
    def _number_set(self, key, default):
        """A number that an administrator may set as a system parameter."""
        # whoever runs may know it; parameters are read by administrators only
        value = self.env["ir.config_parameter"].sudo().get_param(key) or ""
        return int(value) if value.isdecimal() and int(value) else default

    def _working_seconds(self):
        """Seconds of work on the step that the run is at."""
        if not self.started_at:
            return 0
        until = self.ended_at or fields.Datetime.now()
        return max((until - self.started_at).total_seconds(), 0)

    def _pace(self, done, total):
        """How far the run is, and how fast; figures that nobody can know yet are None.

        :param done: accounts, payments, ... that are done
        :param total: of so many
        """
        seconds = self._working_seconds()
        rate = done / seconds if done and seconds else None
        working = self.state in self._working_states
        return {
            "state": self.state,
            "working": working,
            "done": done,
            "total": total,
            "percent": 100.0 * done / total if total else 0.0,
            "seconds": seconds,
            "per_second": rate,
            "seconds_left": (total - done) / rate if rate and working else None,
        }

    def _waiting(self):
        return self._slices().filtered(lambda part: part.state == "todo")

    # -- jobs -------------------------------------------------------------------------------

    def action_resume(self):
        """Take up what a stopped server left behind; harmless when it goes on."""
        self.ensure_one()
        self.check_access("write")
        self._enqueue_open()

    @api.model
    def _cron_resume(self):
        """Runs whose jobs were lost with a server; a job too many finds nothing to do."""
        for run in self.search([("state", "in", self._working_states)]):
            run.with_user(run.run_user_id or run.create_uid)._enqueue_open()

    def _enqueue_open(self):
        for run in self.filtered(lambda run: run.state in run._working_states):
            waiting = run._waiting()
            if waiting:
                waiting._enqueue()
            else:
                run._finish()

    def _delay_finish(self):
        self.with_delay(
            channel=self._channel,
            description=self.display_name,
            identity_key=f"{self._name},{self.id},finish",
        )._job_finish()

    def _job_finish(self):
        """:raise RetryableJobError: the last slices are done, but not committed yet; their workers
        saw this job waiting and left no other one
        """
        if not self.exists():
            return
        waiting = self._waiting() if self.state in self._working_states else ()
        if 0 < len(waiting) <= LAST_SLICES and self._are_worked_on(waiting):
            raise RetryableJobError("the last slices are ending", seconds=3, ignore_retry=True)
        self._finish()

    def _are_worked_on(self, slices):
        """Whether a worker holds one of the slices."""
        with closing(self.env.cr.savepoint()):
            # rolled back at once: a worker that is about to begin must find them free
            return slices.sudo().try_lock_for_update(allow_referencing=True) != slices

    def _finish(self):
        self.ensure_one()
        if self.state in self._working_states and not self._waiting():
            self._conclude()
