from decimal import Decimal

from odoo import models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL

from ..engine.single import single, typed


class BillingRun(models.Model):
    """Advances are charged by runs of their own; the month's bill takes them off, with the same
    taxes, each once."""

    _inherit = "utility.billing.run"

    def _conclude(self):
        calculated = self.state == "calculating"
        done = super()._conclude()
        if calculated and self.posts_itself and self.charge_count:
            self._post_itself()
        return done

    def _post_itself(self):
        """Post what nobody need look at; where that is not possible, the run waits for somebody."""
        try:
            with self.env.cr.savepoint():
                self._approve_and_post()
        except (UserError, RedirectWarning) as error:
            # what a run is made for is written by nobody by hand
            self.sudo().posts_itself = False
            self.message_post(
                body=self.env._("The advances were not posted by themselves: %s", error.args[0])
            )

    def _prepare_adjustments(self, account_ids, batch):
        if self.purpose == "advance":
            return self._prepare_advances(account_ids, batch)
        return super()._prepare_adjustments(account_ids, batch)

    def _prepare_advances(self, account_ids, batch):
        advances = self.env["utility.advance"]
        wanted, until = set(account_ids), self.bill_date or self._span()[1]
        return [
            self._prepare_document(advance.account_id.id, advance.service_id, charge, batch)
            for advance, day in advances._due_on(self.company_id, self.month, until, self)
            if advance.account_id.id in wanted and (charge := advance._charge_on(day))
        ]

    def _prepare_documents(self, accounts, held, batch, vals_list):
        made = super()._prepare_documents(accounts, held, batch, vals_list)
        if self.purpose not in ("regular", "rebill", "final"):
            return made
        ids = [account_id for account_id in accounts.ids if account_id not in held]
        return made + self._prepare_settlements(ids, batch)

    def _prepare_settlements(self, account_ids, batch):
        """Charges that take posted advances off, up to the month's."""
        advances = self._open_advances(account_ids)
        return [
            self._prepare_document(
                charge.account_id.id, charge.service_id, _settlement(charge), batch
            )
            for charge in advances
            if not self.service_ids or charge.service_id in self.service_ids
        ]

    def _open_advances(self, account_ids):
        self.env.flush_all()
        return self.env["utility.charge"].browse(
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT advance.id FROM utility_charge advance
                WHERE advance.account_id = ANY(%s) AND advance.kind = 'advance'
                AND advance.state = 'posted' AND advance.month <= %s
                AND NOT EXISTS (
                    SELECT FROM utility_charge taken WHERE taken.account_id = advance.account_id
                    AND taken.kind = 'settlement' AND taken.source_id = advance.id
                    AND taken.state IN ('approved', 'posted')
                )
                ORDER BY advance.id
                """,
                    list(account_ids),
                    self._span()[1],
                )
            )
        )

    def _claim_documents(self, batch):
        self._refuse_cancelled_advances(batch)
        return super()._claim_documents(batch)

    def _refuse_cancelled_advances(self, batch):
        """:raise UserError: an advance that the batch takes off was cancelled since it was
        calculated"""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT taken.account_id FROM utility_charge taken
            JOIN utility_charge advance ON advance.id = taken.source_id
                AND advance.account_id = taken.account_id
            WHERE taken.batch_id = %s AND taken.kind = 'settlement' AND advance.state <> 'posted'
            ORDER BY taken.account_id LIMIT 1
            """,
                batch.id,
            )
        )
        if rows:
            raise UserError(
                self.env._(
                    "The advance of account %(account)s was cancelled since “%(run)s” was "
                    "calculated. Calculate it again.",
                    account=self.env["utility.account"].browse(rows[0][0]).number,
                    run=self.name,
                )
            )

    def _refuse_if_corrected(self, accounts=None):
        """Advances that a bill has taken off stay: the bill goes first."""
        done = super()._refuse_if_corrected(accounts)
        rows = self.env.execute_query(
            SQL(
                """
            SELECT taken.run_id, mine.account_id FROM utility_charge mine
            JOIN utility_charge taken ON taken.account_id = mine.account_id
                AND taken.kind = 'settlement' AND taken.source_id = mine.id
                AND taken.state IN ('approved', 'posted')
            WHERE mine.run_id = %s AND mine.kind = 'advance' AND %s
            AND mine.state IN ('approved', 'posted') LIMIT 1
            """,
                self.id,
                self._chosen("mine", accounts),
            )
        )
        if rows:
            later, account = rows[0]
            raise UserError(
                self.env._(
                    "“%(later)s” has taken the advance of account %(account)s off its bill: cancel "
                    "that bill first.",
                    later=self.browse(later).name,
                    account=self.env["utility.account"].browse(account).number,
                )
            )
        return done


def _settlement(charge):
    """An advance, taken off: `engine.facts.Charge`."""
    amount = typed(abs(_exact(charge.amount)), minus=True)
    return single(
        "settlement",
        charge.code,
        charge.trace["component"]["name"],
        [amount],
        agreement_id=0,
        payer_id=charge.partner_id.id,
        taxes=charge.tax_key or "",
        tax_included=charge.tax_included,
        day=charge.date_start,
        quantity=_exact(0),
        price=None,
        unit=_exact(charge.currency_id.rounding),
        basis={"advance_charge": charge.id},
        source_id=charge.id,
    )


def _exact(value):
    return Decimal(str(value))
