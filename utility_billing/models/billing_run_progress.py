from odoo import fields, models
from odoo.exceptions import UserError


class BillingRun(models.Model):
    """How far a run is, and a rest in the middle of it."""

    _inherit = "utility.billing.run"

    paused_at = fields.Datetime("Paused on", readonly=True, copy=False)
    paused_by = fields.Many2one("res.users", readonly=True, copy=False)
    paused_seconds = fields.Integer(
        readonly=True, copy=False, help="Rests that are over; nothing was done meanwhile."
    )

    def progress_info(self):
        """How far the run is with what it is at; cheap enough to be asked every few seconds.

        :return: {"state", "working", "paused", "done" and "total" accounts, "percent", "errors"
            so far (held accounts; failed batches), "per_second" accounts a second, "seconds" and
            "seconds_left"; figures that nobody can know yet are None}
        """
        self.ensure_one()
        self.check_access("read")
        posting = self.state == "posting"
        done, total, errors = self._progress_counts(posting)
        return {
            **self._pace(done, total),
            "posting": posting,
            "paused": bool(self.paused_at),
            "errors": errors,
        }

    def _progress_counts(self, posting):
        """(accounts done, accounts in all, errors)"""
        slices = self.env["utility.billing.posting" if posting else "utility.billing.batch"]
        wrong = "__count" if posting else "held_count:sum"
        done = total = errors = 0
        for state, accounts, count in slices._read_group(
            [("run_id", "=", self.id)], ["state"], ["account_count:sum", wrong]
        ):
            total += accounts
            if state == "done":
                done += accounts
            if state == "failed" or not posting:
                errors += count or 0
        return done, total, errors

    def _working_seconds(self):
        """Seconds of work on the step that the run is at, without rests."""
        if not self.started_at:
            return 0
        until = self.paused_at or self.ended_at or fields.Datetime.now()
        return max((until - self.started_at).total_seconds() - self.paused_seconds, 0)

    # -- a rest -----------------------------------------------------------------------------

    def _beginning(self):
        return {**super()._beginning(), **self._rested(), "paused_seconds": 0}

    def _rested(self):
        return {"paused_at": False, "paused_by": False}

    def action_pause(self):
        """Let batches that are being worked on end, and begin no other ones."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._refuse_unless(*self._working_states)
        if not self.paused_at:
            # the user may write the run; its steps are written by nobody else
            self.sudo().write({"paused_at": fields.Datetime.now(), "paused_by": self.env.uid})

    def action_resume(self):
        """Go on after a rest, or after a server was stopped; harmless when it goes on anyway."""
        self.ensure_one()
        self.check_access("write")
        if self.paused_at:
            self._lock()
            rest = (fields.Datetime.now() - self.paused_at).total_seconds()
            # the user may write the run; its steps are written by nobody else
            self.sudo().write({**self._rested(), "paused_seconds": self.paused_seconds + int(rest)})
        return super().action_resume()

    def _enqueue_open(self):
        return super(BillingRun, self.filtered(lambda run: not run.paused_at))._enqueue_open()

    def _conclude(self):
        if self.paused_at:
            # the last batches ended during the rest
            self.sudo().write(self._rested())
        return super()._conclude()

    def action_discard(self):
        done = super().action_discard()
        self.sudo().write({**self._rested(), "paused_seconds": 0})
        return done

    def action_cancel(self):
        """:raise UserError: bills of the run are in the ledger"""
        for run in self:
            if run.state in ("posting", "posted", "delivered"):
                raise UserError(
                    self.env._(
                        "Bills of “%(run)s” are in the ledger already, with numbers of their own: "
                        "they cannot be cancelled with the run. Let it end, then take back the "
                        "bills that are wrong, one or many, by “cancel and rebill” on the bills.",
                        run=run.name,
                    )
                )
        return super().action_cancel()
