from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

from .rebill import MOST

ZERO = Decimal(0)


class NothingHappened(Exception):
    """What was tried is taken back."""


class Rebill(models.Model):
    """Which charges go, and what comes instead of them."""

    _inherit = "utility.rebill"

    def _compare(self):
        """Try it, keep the figures, take it back.

        :return: values of lines
        """
        lines = []
        try:
            with self.env.cr.savepoint():
                lines = self._try()
                raise NothingHappened
        except NothingHappened:
            self.env.invalidate_all()
        return lines

    def _try(self):
        pairs, bills = self._standing_together()
        self._refuse(pairs, bills)
        was = self._blank_run()._sums_with_tax(self._charges_of(pairs))
        reasons = self._reasons(pairs)
        self._release_charges(pairs)
        if not self.bill_again:
            return self._lines(was, {}, {}, {})
        run = self._make_run(pairs)
        run.action_calculate()
        held = {problem.account_id.id: problem.message for problem in run.problem_ids}
        return self._lines(was, run._sums_with_tax(run.charge_ids), reasons, held)

    def _lines(self, was, now, reasons, held):
        nothing = (ZERO, ZERO)
        lines = [
            {
                "account_id": key[0],
                "service_id": key[1],
                "quantity_was": float(was.get(key, nothing)[0]),
                "quantity_is": float(now.get(key, nothing)[0]),
                "was": float(was.get(key, nothing)[1]),
                "due": float(now.get(key, nothing)[1]),
                "reason": reasons.get(key),
                "message": held.get(key[0]),
            }
            for key in {**was, **now}
        ]
        silent = set(held) - {line["account_id"] for line in lines}
        return lines + [{"account_id": key, "message": held[key]} for key in silent]

    def _reasons(self, pairs):
        """{(account id, service id): the facts that changed since the bills}"""
        accounts = self.env["utility.account"].browse({account for _run, account in pairs})
        run = self._blank_run()
        claims = self.env["utility.charge.claim"].search(
            Domain("released_at", "=", False)
            & Domain("kind", "=", "supply")
            & Domain("account_id", "in", accounts.ids)
            & Domain("run_id", "in", list({run_id for run_id, _account in pairs}))
        )
        spans = {
            (claim.account_id.id, claim.service_point_id.id, claim.date_start, claim.date_end)
            for claim in claims
        }
        facts = defaultdict(list)
        points = self.env["utility.service.point"]
        for (account_id, point_id), periods in (
            self.env["utility.rating"]._changed(accounts).items()
        ):
            for span, changed in periods.items():
                if (account_id, point_id, *span) in spans:
                    facts[account_id, points.browse(point_id).service_id.id] += changed
        return {key: run._words_of(changed) for key, changed in facts.items()}

    def _blank_run(self):
        return self.env["utility.billing.run"].new({"company_id": self.company_id.id})

    # -- what belongs together --------------------------------------------------------------

    def _standing_together(self):
        """Charges of one account in one run are claimed together, so that their bills go together:
        those of two payers, or one that a carried charge has joined.

        :return: ({(run id, account id)}, all the bills)
        """
        self.env.flush_all()
        bills, pairs = self.bill_ids, set()
        while True:
            pairs = set(
                self.env.execute_query(
                    SQL(
                        """
                    SELECT DISTINCT charge.run_id, charge.account_id
                    FROM account_move_line line JOIN utility_charge charge
                    ON charge.account_id = line.utility_account_id
                    AND charge.move_line_id = line.id AND charge.state = 'posted'
                    WHERE line.move_id = ANY(%s)
                    """,
                        bills.ids,
                    )
                )
            )
            found = bills | self._bills_of(pairs)
            if found == bills:
                return pairs, bills
            bills = found

    def _bills_of(self, pairs):
        return self.env["account.move"].browse(
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT DISTINCT line.move_id
                FROM unnest(%s::int[], %s::int[]) AS pair (run_id, account_id)
                JOIN utility_charge charge ON charge.run_id = pair.run_id
                    AND charge.account_id = pair.account_id AND charge.state = 'posted'
                JOIN account_move_line line ON line.id = charge.move_line_id
                JOIN account_move move ON move.id = line.move_id
                    AND move.move_type IN ('out_invoice', 'out_refund')
                """,
                    *_columns(pairs),
                )
            )
        )

    def _charges_of(self, pairs):
        """Live charges of accounts in runs."""
        self.env.flush_all()
        return self.env["utility.charge"].browse(
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                SELECT charge.id FROM unnest(%s::int[], %s::int[]) AS pair (run_id, account_id)
                JOIN utility_charge charge ON charge.run_id = pair.run_id
                    AND charge.account_id = pair.account_id
                    AND charge.state IN ('approved', 'posted')
                ORDER BY charge.id
                """,
                    *_columns(pairs),
                )
            )
        )

    # -- what goes, what comes --------------------------------------------------------------

    def _release_charges(self, pairs):
        """Charges become void and their periods free, of the last run first: what corrects stands
        on what it corrects."""
        by_run = defaultdict(set)
        for run_id, account_id in pairs:
            by_run[run_id].add(account_id)
        for run_id in sorted(by_run, reverse=True):
            run = self.env["utility.billing.run"].browse(run_id)
            run._take_back(self.env["utility.account"].browse(sorted(by_run[run_id])))

    def _make_run(self, pairs):
        """The run that bills the accounts again: of their month, of the services of their runs."""
        runs = self.env["utility.billing.run"]
        before = runs.browse({run_id for run_id, _account in pairs})
        services = before.service_ids if all(run.service_ids for run in before) else ()
        # what a run is made for is written by nobody by hand
        return (
            runs.sudo()
            .create(
                {
                    "purpose": "rebill",
                    "rebill_id": self.id,
                    "month": self.month,
                    "company_id": self.company_id.id,
                    "bill_date": self.date,
                    "account_ids": [Command.set(list({account for _run, account in pairs}))],
                    "service_ids": [Command.set(services and services.ids or [])],
                    "with_corrections": any(before.mapped("with_corrections")),
                }
            )
            .sudo(False)
        )

    # -- what forbids it --------------------------------------------------------------------

    def _refuse(self, pairs, bills):
        """:raise UserError: what has to be done before, or instead"""
        if not self.bill_ids:
            raise UserError(self.env._("Choose the bills to cancel."))
        for bill in bills:
            self._refuse_bill(bill)
        if len(set(bills.mapped("utility_month"))) > 1:
            raise UserError(
                self.env._(
                    "These bills are of several months. Cancel those of the last month first, "
                    "without billing again, then those of the month before."
                )
            )
        if len({account for _run, account in pairs}) > MOST:
            raise UserError(
                self.env._("At most %s accounts are cancelled at once: choose fewer bills.", MOST)
            )
        self.env["utility.billing.period"]._refuse_closed(
            self.company_id,
            self.month,
            self.env._(
                "What has changed is charged as a difference by the next bill; to cancel the bills "
                "themselves, reopen the month."
            ),
        )
        if not self._is_open(self.date):
            raise UserError(
                self.env._(
                    "%s is locked: date the credit notes on a day that is open.",
                    format_date(self.env, self.date),
                )
            )

    def _refuse_bill(self, bill):
        if bill.state != "posted" or not bill.utility_run_id:
            raise UserError(
                self.env._("%s was not posted by a billing run: use Odoo’s credit note.", bill.name)
            )
        if bill.utility_cancelled_by_id:
            raise UserError(self.env._("%s is cancelled already.", bill.name))
        if not bill.utility_month:
            raise UserError(self.env._("%s belongs to no month.", bill.name))
        credit = bill.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and not move.utility_run_id
        )
        if credit:
            raise UserError(
                self.env._(
                    "%(bill)s has a credit note by hand, %(credit)s: cancel that one first.",
                    bill=bill.name,
                    credit=credit[0].name,
                )
            )


def _columns(pairs):
    """Pairs as two lists."""
    pairs = sorted(pairs)
    return [run_id for run_id, _account in pairs], [account for _run, account in pairs]
