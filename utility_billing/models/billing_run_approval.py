import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, mute_logger

from odoo.addons.utility_base.tools.bulk_references import references_checked


class BillingRun(models.Model):
    """Approval claims what was rated, so that nobody can bill it again; cancelling releases it."""

    _inherit = "utility.billing.run"

    def action_approve(self):
        """:raise UserError: something of it was billed by another run meanwhile"""
        self.check_access("write")
        self._lock()
        self._refuse_unless("review")
        for run in self:
            self.env.flush_all()
            # charges and claims are the run's own; nobody writes them by hand
            for batch in run.sudo().batch_ids:
                run._claim(batch)
            run._set_charges("calculated", "approved")
            run._begin_billing()
            run.sudo().write(
                {
                    "state": "approved",
                    "approved_by": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                }
            )
        return True

    def action_cancel(self):
        """Take back an approved run: its charges are void, what it claimed may be billed again.

        :raise UserError: a later run stands on its charges
        """
        self.check_access("write")
        self._lock()
        self._refuse_unless("approved")
        for run in self:
            run._refuse_if_corrected()
            run._set_charges("approved", "cancelled")
            run._release()
            run.sudo().state = "cancelled"
        return True

    def _release(self, accounts=None):
        """Give back what the run claimed; what it corrected has the facts of its first run again,
        so that the next run finds the same changes.

        :param accounts: only of these; None: of all
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_charge_claim claim
            SET facts_at = (SELECT min(batch.facts_at) FROM utility_billing_batch batch
                            WHERE batch.run_id = claim.run_id)
            FROM utility_charge_claim mine
            WHERE mine.run_id = %(run_id)s AND mine.kind = 'correction' AND %(chosen)s
            AND mine.released_at IS NULL AND claim.released_at IS NULL AND claim.kind = 'supply'
            AND claim.run_id <> %(run_id)s AND claim.account_id = mine.account_id
            AND claim.service_point_id = mine.service_point_id
            AND claim.date_start = mine.date_start AND claim.date_end = mine.date_end
            """,
                run_id=self.id,
                chosen=self._chosen("mine", accounts),
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE utility_charge_claim mine SET released_at = %s "
                "WHERE run_id = %s AND released_at IS NULL AND %s",
                fields.Datetime.now(),
                self.id,
                self._chosen("mine", accounts),
            )
        )
        self.env["utility.charge.claim"].invalidate_model()

    def _chosen(self, table, accounts):
        """SQL of a condition: the rows are of these accounts; None: of any."""
        if accounts is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", SQL.identifier(table, "account_id"), accounts.ids)

    def _begin_billing(self):
        """The first approved month is the first that is billed: from now on nothing since then is
        forgotten."""
        company = self.company_id
        if not company.utility_billing_start:
            # operators bill; they need not be allowed to change companies
            company.sudo().utility_billing_start = self._span()[0]

    def _set_charges(self, before, after):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE utility_charge SET state = %s WHERE run_id = ANY(%s) AND state = %s",
                after,
                self.ids,
                before,
            )
        )
        self.env["utility.charge"].invalidate_model()

    # -- claims -----------------------------------------------------------------------------

    def _claim(self, batch):
        """Claims of what a batch rated: new periods, and differences by what they stand on."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._claim_corrections(batch)
                self._claim_periods(batch)
                self._claim_documents(batch)
        except psycopg2.errors.ExclusionViolation as error:
            raise UserError(self._billed_already(batch)) from error
        self.env["utility.charge.claim"].invalidate_model()

    def _claim_periods(self, batch):
        values, rated = self._log_values(), batch.rated or ()
        referred = {
            "id": (),
            "company_id": [values["company_id"]],
            "run_id": [values["run_id"]],
            "account_id": [entry[0] for entry in rated],
            "service_point_id": [entry[1] for entry in rated],
            "create_uid": [values["uid"]],
        }
        with references_checked(self.env.cr, "utility_charge_claim", referred):
            self.env.cr.execute(
                SQL(
                    """
                INSERT INTO utility_charge_claim (
                    company_id, run_id, account_id, service_point_id, kind, source, date_start,
                    date_end, cycle_start, cycle_end, cycle_months, facts_at,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(company_id)s, %(run_id)s, account_id, point_id, 'supply', '', date_start,
                       date_end, cycle_start, cycle_end, months, %(facts_at)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                FROM (%(rated)s) rated WHERE NOT again
                """,
                    rated=self._rated(batch),
                    facts_at=batch.facts_at,
                    **values,
                )
            )

    def _rated(self, batch):
        """SQL of what a batch rated; `again` are periods that were billed when it did, `basis` is
        the last charge of them that it knew."""
        return SQL(
            """
            SELECT (entry->>0)::int AS account_id, (entry->>1)::int AS point_id,
                   (entry->>2)::date AS date_start, (entry->>3)::date AS date_end,
                   (entry->>4)::date AS cycle_start, (entry->>5)::date AS cycle_end,
                   (entry->>6)::int AS months, (entry->>7)::bool AS again,
                   (entry->>8)::int AS basis
            FROM jsonb_array_elements(
                (SELECT rated FROM utility_billing_batch WHERE id = %s)
            ) AS entry
            """,
            batch.id,
        )

    def _claim_corrections(self, batch):
        """A difference stands on the last charge that it was taken from: two runs that took theirs
        from the same cannot both be right. What was rated again has its facts as of now.

        :raise UserError: what was billed is billed no more
        """
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_charge_claim claim
            SET facts_at = GREATEST(claim.facts_at, %(facts_at)s)
            FROM (%(rated)s) rated
            WHERE rated.again AND claim.released_at IS NULL AND claim.kind = 'supply'
            AND claim.account_id = rated.account_id AND claim.service_point_id = rated.point_id
            AND claim.date_start = rated.date_start AND claim.date_end = rated.date_end
            """,
                rated=self._rated(batch),
                facts_at=batch.facts_at,
            )
        )
        if self.env.cr.rowcount != sum(entry[7] for entry in batch.rated or ()):
            raise UserError(self._billed_already(batch))
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO utility_charge_claim (
                company_id, run_id, account_id, service_point_id, kind, source, date_start,
                date_end, facts_at, create_uid, create_date, write_uid, write_date
            )
            SELECT %(company_id)s, %(run_id)s, account_id, point_id, 'correction', basis::text,
                   date_start, date_end, %(facts_at)s, %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM (%(rated)s) rated
            WHERE again AND EXISTS (
                SELECT FROM utility_charge charge WHERE charge.batch_id = %(batch_id)s
                AND charge.is_correction AND charge.account_id = rated.account_id
                AND charge.service_point_id = rated.point_id
                AND charge.period_start = rated.date_start
            )
            """,
                rated=self._rated(batch),
                batch_id=batch.id,
                facts_at=batch.facts_at,
                **self._log_values(),
            )
        )

    def _claim_documents(self, batch):
        """A document is charged once; of a subsidy, a run uses what the one before it left."""
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO utility_charge_claim (
                company_id, run_id, account_id, kind, source, date_start, date_end, facts_at,
                create_uid, create_date, write_uid, write_date
            )
            SELECT DISTINCT %(company_id)s, %(run_id)s, account_id, 'source',
                   concat_ws(',', kind, source_id,
                             CASE WHEN trace->'parts'->0 ? 'taken_back' THEN 'back' END,
                             trace->'parts'->0->>'after'),
                   period_start, period_end, %(facts_at)s,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM utility_charge
            WHERE batch_id = %(batch_id)s AND kind = ANY(%(kinds)s)
            """,
                batch_id=batch.id,
                kinds=list(self.env["utility.charge"]._kinds_of_documents()),
                facts_at=batch.facts_at,
                **self._log_values(),
            )
        )

    def _log_values(self):
        return {
            "company_id": self.company_id.id,
            "run_id": self.id,
            "uid": self.env.uid,
            "now": fields.Datetime.now(),
        }

    # -- messages ---------------------------------------------------------------------------

    def _billed_already(self, batch):
        claim = self.env["utility.charge.claim"].search(
            [
                ("released_at", "=", False),
                ("run_id", "!=", self.id),
                ("account_id", "in", batch._accounts().ids),
                ("create_date", ">=", batch.facts_at),
            ],
            limit=1,
        )
        if not claim:
            return self.env._(
                "Something of this run was billed by another one since it was calculated. "
                "Calculate it again."
            )
        return self.env._(
            "%(account)s was billed for %(start)s – %(end)s by “%(run)s” since this run was "
            "calculated. Calculate it again.",
            account=claim.account_id.number,
            start=format_date(self.env, claim.date_start),
            end=format_date(self.env, claim.date_end),
            run=claim.run_id.name,
        )

    def _refuse_if_corrected(self, accounts=None):
        """Charges of a later run that say the difference to charges of this one, or take back what
        one of its documents had brought.

        :param accounts: only of these; None: of all
        """
        rows = self.env.execute_query(
            SQL(
                """
            SELECT later.run_id FROM utility_charge_claim later
            JOIN utility_charge_claim mine ON mine.account_id = later.account_id
                AND mine.service_point_id = later.service_point_id
                AND mine.date_start = later.date_start AND mine.date_end = later.date_end
            WHERE later.kind = 'correction' AND later.released_at IS NULL
            AND mine.run_id = %(run_id)s AND later.run_id <> mine.run_id AND %(chosen)s
            AND mine.released_at IS NULL AND later.id > mine.id
            UNION ALL
            SELECT later.run_id FROM utility_charge_claim later
            JOIN utility_charge_claim mine ON mine.account_id = later.account_id
                AND later.source = mine.source || ',back'
            WHERE later.kind = 'source' AND later.released_at IS NULL
            AND mine.kind = 'source' AND mine.run_id = %(run_id)s AND %(chosen)s
            AND later.run_id <> mine.run_id AND mine.released_at IS NULL LIMIT 1
            """,
                run_id=self.id,
                chosen=self._chosen("mine", accounts),
            )
        )
        if rows:
            raise self._corrected_error(self.browse(rows[0][0]))

    def _corrected_error(self, later):
        return UserError(
            self.env._(
                "“%(later)s” has corrected charges of “%(run)s”: cancel the later run first.",
                later=later.name,
                run=self.name,
            )
        )
