from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

SLICE = 1000
# what is done with a fixed number of queries takes more payments at a time
SLICES = {"matching": 4000}
# so many are registered while the user waits
AT_ONCE = 200


class PaymentBatch(models.Model):
    """Registering: what is matched goes into the ledger."""

    _inherit = "utility.payment.batch"

    def action_register(self):
        """Register all payments that are matched, the doubtful ones left alone."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "review":
            raise UserError(
                self.env._("%s is not to be reviewed now: wait until it is.", self.display_name)
            )
        payments = self._payments_in(("matched",))
        if not payments:
            raise UserError(
                self.env._("No payment of %s is matched: choose their accounts.", self.display_name)
            )
        self._begin_stage("registering", payments)

    def _register_sure(self):
        """Register what is matched as surely as the company asks for."""
        least = self.company_id.utility_sure_score
        sure = self._payments_in(("matched",), least)
        if sure:
            self._begin_stage("registering", sure, least)
        elif not self.open_count:
            self.state = "done"

    def _begin_stage(self, stage, payments, least_score=0):
        """Work on payments slice by slice: few at once, many as jobs.

        :param stage: matching or registering
        :param least_score: see the slice
        """
        slice_size = self._number_set("utility_billing.payment_slice", SLICES.get(stage, SLICE))
        at_once = self._number_set("utility_billing.payments_at_once", AT_ONCE)
        # slices in several workers would each make the journal that is missing
        self.collector_id._journal()
        self.slice_ids.filtered(lambda part: part.stage == stage).sudo().unlink()
        self.write({**self._beginning(), "state": stage})
        # slices are the list's own; users only read them
        slices = (
            self.env["utility.payment.slice"]
            .sudo()
            .create(
                [
                    {
                        "batch_id": self.id,
                        "stage": stage,
                        "first_id": min(part),
                        "last_id": max(part),
                        "payment_count": len(part),
                        "least_score": least_score,
                    }
                    for part in map(list, split_every(slice_size, sorted(payments.ids)))
                ]
            )
        )
        if len(payments) > at_once:
            slices._enqueue()
            return
        for part in slices:
            part._calculate_now()
        self._finish()

    def _settle(self):
        """A list whose last payment was placed is done."""
        for batch in self.filtered(lambda batch: batch.state == "review" and not batch.open_count):
            batch._finish_registering()

    def _finish_registering(self):
        self.write({"state": self._settled_state(), "ended_at": fields.Datetime.now()})
