from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.settlement import read_settlement
from .import_target_payment_work import plain_iban


class ImportBatch(models.Model):
    """A file of payments is one list of payments; it is matched once the file is in."""

    _inherit = "utility.import.batch"

    payment_batch_ids = fields.One2many("utility.payment.batch", "import_batch_id", "Payments")
    payment_batch_count = fields.Integer(compute="_compute_payment_batch_count")

    def _compute_payment_batch_count(self):
        for batch in self:
            batch.payment_batch_count = len(batch.payment_batch_ids)

    def action_open_payments(self):
        """The list of payments that the file became."""
        self.ensure_one()
        if not self.payment_batch_ids:
            raise UserError(self.env._("%s has not become payments yet: import it.", self.name))
        return {
            "type": "ir.actions.act_window",
            "res_model": "utility.payment.batch",
            "res_id": self.payment_batch_ids.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # -- the list ---------------------------------------------------------------------------

    def _payment_batch_made(self):
        """The file's list of payments, made for its first line."""
        self.ensure_one()
        if not self.payment_batch_ids:
            self.env["utility.payment.batch"].create(self._prepare_payment_batch())
        return self.payment_batch_ids

    def _prepare_payment_batch(self):
        return {
            "collector_id": self.profile_id.collector_id.id,
            "company_id": self.company_id.id,
            "import_batch_id": self.id,
            "source": "file",
            "date": self._last_payment_day() or fields.Date.context_today(self),
        }

    def _last_payment_day(self):
        ((day,),) = self.env.execute_query(
            SQL(
                "SELECT max(parsed->>'date') FROM utility_import_row "
                "WHERE batch_id = %s AND state IN ('valid', 'imported')",
                self.id,
            )
        )
        return day

    def _do_check(self):
        """A statement in which nothing is to be imported is done; what collectors transferred is
        taken from it all the same."""
        more = super()._do_check()
        if self.profile_id.target == "payments" and not more and self.state == "validated":
            if not (self.good_count or self.bad_count):
                self._take_over_transfers()
                self.state = "done"
        return more

    def _do_import(self):
        for payments in self.payment_batch_ids:
            if payments.state in (*payments._working_states, "cancelled"):
                raise UserError(
                    self.env._(
                        "%(list)s is in state “%(state)s”: wait until it is done, then import the "
                        "rest.",
                        list=payments.display_name,
                        state=dict(payments._fields["state"]._description_selection(self.env))[
                            payments.state
                        ],
                    )
                )
        return super()._do_import()

    def _finish(self):
        done = super()._finish()
        if self.profile_id.target == "payments":
            self._compare_totals()
            self._take_over_transfers()
            for payments in self.payment_batch_ids:
                payments._take_over_stated(self)
                payments._begin_matching()
                if payments.state not in payments._working_states:
                    self._send_readings()
        return done

    # -- transfers in a bank statement ------------------------------------------------------

    def _take_over_transfers(self):
        """Tell the lists of collectors whose transfers the statement brings what came."""
        target = self._run_target()
        senders = target._transfer_senders()
        for iban, purpose, amount, day in self._left_out_transfers() if senders else ():
            collector = senders.get(plain_iban(iban))
            settlement = read_settlement(purpose)
            if not collector or not settlement or not settlement.agrees(Decimal(amount)):
                continue
            for payments in self._lists_of_transfer(collector, settlement, day):
                payments._note_transfer(settlement, Decimal(amount))

    def _left_out_transfers(self):
        return self.env.execute_query(
            SQL(
                """
            SELECT parsed->>'payer_iban', parsed->>'purpose', parsed->>'amount', parsed->>'date'
            FROM utility_import_row
            WHERE batch_id = %s AND state = 'skipped' AND skipped_by IS NULL
                AND parsed->>'payer_iban' IS NOT NULL AND parsed->>'purpose' IS NOT NULL
                AND COALESCE(parsed->>'direction', '') <> 'debit'
            ORDER BY number
            """,
                self.id,
            )
        )

    def _lists_of_transfer(self, collector, settlement, day):
        """The earliest list of the collector that a transfer may be of: of its sum, of the days
        that its text names, and not later than it."""
        amount = float(settlement.amount)
        domain = Domain(
            [
                ("collector_id", "=", collector.id),
                ("state", "!=", "cancelled"),
                ("transferred", "=", False),
                ("date", "<=", settlement.last_day or day),
            ]
        )
        if settlement.first_day:
            domain &= Domain("date", ">=", settlement.first_day)
        domain &= Domain("amount", "=", amount) | Domain("stated_amount", "=", amount)
        return self.env["utility.payment.batch"].search(domain, order="date, id", limit=1)
