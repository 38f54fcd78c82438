import logging
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.utility_base.tools.failing import PASSING, words_of

from ..engine.single import counted, single, typed
from ..engine.tax_keys import tax_key
from ..engine.terms import rounded

_logger = logging.getLogger(__name__)

HUNDRED = Decimal(100)
# documents and advances are no consumption of the month
NOT_OF_THE_MONTH = ("one_off", "manual", "advance", "settlement", "subsidy")


class Advance(models.Model):
    """Advances become charges on their days, each of a month once."""

    _inherit = "utility.advance"

    @api.model
    def _due_on(self, company, month, until, run=None):
        """Advances of a month whose day has come, that are not billed, and that no open run has
        for its accounts.

        :param until: last day that has come
        :param run: that asks for its own; runs that were begun after it have none of them
        :return: [(advance, its day)]
        """
        self.env.flush_all()
        first = month.replace(day=1)
        last = fields.Date.end_of(first, "month")
        rows = self.env.execute_query(
            SQL(
                """
            SELECT advance.id, due.day FROM utility_advance advance
            CROSS JOIN LATERAL (
                SELECT %(first)s::date + LEAST(advance.day, %(days)s) - 1 AS day
            ) due
            JOIN utility_account account ON account.id = advance.account_id
            WHERE advance.company_id = %(company)s AND advance.voided_at IS NULL
            AND daterange(advance.date_start, advance.date_end, '[]') @> due.day
            AND due.day <= %(until)s
            AND (account.date_close IS NULL OR account.date_close >= due.day)
            AND NOT EXISTS (
                SELECT FROM utility_charge charge
                WHERE charge.account_id = advance.account_id AND charge.kind = 'advance'
                AND charge.service_id = advance.service_id AND charge.date_start = due.day
                AND charge.state IN ('approved', 'posted')
            )
            AND NOT EXISTS (
                SELECT FROM utility_billing_run other
                JOIN utility_billing_run_account_rel about
                    ON about.utility_billing_run_id = other.id
                WHERE about.utility_account_id = advance.account_id
                AND other.company_id = advance.company_id AND other.purpose = 'advance'
                AND other.state IN ('calculating', 'review')
                AND other.month BETWEEN %(first)s AND %(last)s AND other.bill_date >= due.day
                AND (%(run)s::int IS NULL OR other.id < %(run)s)
            )
            ORDER BY advance.account_id, advance.id
            """,
                first=first,
                last=last,
                days=last.day,
                company=company.id,
                until=until,
                run=run.id if run else None,
            )
        )
        return [(self.browse(advance_id), day) for advance_id, day in rows]

    @api.model
    def _bill(self, company, day, posts_itself=False):
        """A run with the advances that are due on a day, being calculated, or an empty recordset.

        :param day: of the advances' month; what was due before in it is caught up
        :param posts_itself: nobody looks at it before it is posted
        """
        due = self._due_on(company, day, day)
        runs = self.env["utility.billing.run"]
        if not due:
            return runs
        accounts = self.browse({advance.id for advance, _day in due}).account_id
        # what a run is made for is written by nobody by hand
        run = runs.sudo().create(
            {
                "purpose": "advance",
                "month": day,
                "bill_date": day,
                "company_id": company.id,
                "account_ids": [Command.set(accounts.ids)],
                "with_corrections": False,
                "posts_itself": posts_itself,
            }
        )
        run = run.sudo(False)
        run.action_calculate()
        return run

    def action_bill(self):
        """Calculate the advances that are due today: a run to look at and to approve."""
        self.env["utility.billing.run"].check_access("create")
        run = self._bill(self.env.company, fields.Date.context_today(self))
        if not run:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._(
                        "No advance is due today that is not billed, or in a run to review."
                    ),
                },
            }
        return run._action_open_form()

    @api.model
    def _cron_bill(self):
        """Bill what is due today, of every company; what fails for one stops no other one."""
        today = fields.Date.context_today(self)
        for company in self.search([]).company_id:
            try:
                with self.env.cr.savepoint():
                    self.with_company(company)._bill(company, today, company.utility_advance_auto)
            except PASSING:
                raise
            except Exception as error:
                words = words_of(self.env, error, f"advances of company {company.id}")
                _logger.warning("The advances of %s are not billed: %s", company.name, words)

    # -- charges ----------------------------------------------------------------------------

    def _charge_on(self, day):
        """:return: `engine.facts.Charge`; None where there is nothing to take a share of"""
        self.ensure_one()
        term, basis = typed(Decimal(str(self.amount))), {"advance": self.id}
        if self.basis == "last_bill":
            month, net = self._last_billed(day)
            if net <= 0:
                return None
            term = counted(Decimal(str(self.percent)) / HUNDRED, net)
            basis["of_month"] = month.isoformat()
        amount = rounded(term.amount, Decimal("0.01"))
        if not amount:
            return None
        return single(
            "advance",
            self.service_id.code,
            self.env._("Advance"),
            [term],
            agreement_id=0,
            payer_id=self.account_id._payer_on(day).id,
            taxes=self._taxes_on(day),
            tax_included=False,
            day=day,
            quantity=Decimal(0),
            price=None,
            unit=Decimal(str(self.currency_id.rounding)),
            basis=basis,
            source_id=self.id,
        )

    def _last_billed(self, day):
        """(last month billed before a day, what the service came to without taxes)"""
        rows = self.env["utility.charge"]._read_group(
            [
                ("account_id", "=", self.account_id.id),
                ("service_id", "=", self.service_id.id),
                ("state", "=", "posted"),
                ("kind", "not in", NOT_OF_THE_MONTH),
                ("month", "<", day.replace(day=1)),
            ],
            ["month:month"],
            ["amount:sum"],
            order="month:month desc",
            limit=1,
        )
        return (rows[0][0], Decimal(str(rows[0][1]))) if rows else (day, Decimal(0))

    def _taxes_on(self, day):
        """Ids of the service's taxes, in order, with commas."""
        return tax_key(self.service_id._taxes_on(day).ids)
