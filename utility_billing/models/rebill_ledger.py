from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ..engine.bill import Bill, FundPart
from .posting_facts import QUIET, PostingFacts
from .rebill_compare import _columns


class Rebill(models.Model):
    """The ledger's side of a cancellation: credit notes by Odoo's own reversal, and what funds paid
    is taken back."""

    _inherit = "utility.rebill"

    def _cancel(self):
        pairs, bills = self._standing_together()
        self._refuse(pairs, bills)
        parts = self._fund_parts(pairs)
        self._release_charges(pairs)
        credits = self._credit(bills)
        self._take_back_funds(parts, bills, credits)
        run = self.env["utility.billing.run"]
        if self.bill_again:
            run = self._make_run(pairs)
            run.action_calculate()
        # the steps are written by nobody by hand
        self.sudo().write(
            {
                "bill_ids": [fields.Command.set(bills.ids)],
                "run_id": run.id,
                "state": "done",
                "done_by": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )

    # -- bills ------------------------------------------------------------------------------

    def _credit(self, bills):
        """Credit notes (of credit notes, bills), reconciled with the bills as far as they are
        open."""
        # the ledger is posted for the operator, who need not be an accountant
        bills = bills.sudo().with_context(**QUIET).with_company(self.company_id)
        credits = bills._reverse_moves([self._prepare_credit(bill) for bill in bills])
        credits._post(soft=False)
        bills.write({"utility_cancelled_by_id": self.id})
        return credits

    def _prepare_credit(self, bill):
        lang = bill.utility_account_id.lang or bill.partner_id.lang or self.env.lang
        return {
            "date": self.date,
            "invoice_date": self.date,
            "invoice_date_due": self.date,
            "invoice_payment_term_id": False,
            "ref": bill.ref,
            "payment_reference": bill.payment_reference,
            "narration": self.with_context(lang=lang).env._(
                "Cancels bill %(bill)s: %(reason)s", bill=bill.name, reason=self.reason
            ),
            "utility_bill_kind": "correction",
            "utility_month": bill.utility_month,
            "utility_corrects_id": bill.id,
            "utility_rebill_id": self.id,
        }

    # -- what funds paid --------------------------------------------------------------------

    def _fund_parts(self, pairs):
        """What funds bear of posted charges, as it was booked: [`Bill`] with its `FundPart`s."""
        bills = {}
        for (
            account_id,
            payer_id,
            member_id,
            fund_id,
            service_id,
            key,
            included,
            amount,
            ids,
        ) in self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(account.bill_to_account_id, account.id) AS bill_id,
                       COALESCE(payer.partner_id, charge.partner_id) AS payer_id, account.id,
                       charge.fund_partner_id, charge.service_id, COALESCE(charge.tax_key, ''),
                       COALESCE(charge.tax_included, FALSE), sum(charge.fund_amount)::text,
                       array_agg(charge.id)
                FROM unnest(%s::int[], %s::int[]) AS pair (run_id, account_id)
                JOIN utility_charge charge ON charge.run_id = pair.run_id
                    AND charge.account_id = pair.account_id AND charge.state = 'posted'
                JOIN utility_account account ON account.id = charge.account_id
                LEFT JOIN utility_account payer ON payer.id = account.bill_to_account_id
                WHERE charge.fund_partner_id IS NOT NULL AND charge.fund_amount <> 0
                GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 4, 3, 5
                """,
                *_columns(pairs),
            )
        ):
            bill = bills.setdefault((account_id, payer_id), Bill(account_id, payer_id))
            bill.funds.append(
                FundPart(
                    member_id,
                    fund_id,
                    service_id,
                    key,
                    included,
                    Decimal(amount),
                    dict.fromkeys(ids),
                )
            )
        return list(bills.values())

    def _take_back_funds(self, fund_bills, bills, credits):
        """The fund's entry the other way round: the payer owes it again, the fund no more."""
        if not fund_bills:
            return
        facts = PostingFacts(self.env, bills.utility_run_id[:1], [])
        facts.date = self.date
        facts.load(fund_bills)
        parts = [(bill, part, -facts.gross(part)) for bill in fund_bills for part in bill.funds]
        parts = [entry for entry in parts if entry[2]]
        posting = facts.env["utility.posting"]
        entry = facts.env["account.move"].create(
            {
                **posting._prepare_fund_entry(facts, parts, bills.utility_posting_id.browse()),
                "ref": self.env._("Benefits and subsidies of cancelled bills: %s", self.name),
                "utility_run_id": False,
                "utility_rebill_id": self.id,
            }
        )
        entry._post(soft=False)
        lines = entry.line_ids.sorted("sequence")
        self._settle(lines[: len(parts)], credits.line_ids)
        booked = facts.env["account.move"].search(
            [
                ("move_type", "=", "entry"),
                ("utility_posting_id", "in", bills.utility_posting_id.ids),
            ]
        )
        self._settle(lines[len(parts) :], booked.line_ids)

    def _settle(self, lines, others):
        """Reconcile lines with open ones of the same partner, account and ledger account."""
        others = others.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        for key, mine in lines.grouped(_owed_by).items():
            matching = others.filtered(lambda line, key=key: _owed_by(line) == key)
            if matching:
                (mine | matching).reconcile()


def _owed_by(line):
    # the fund's lines are under no account: they are told apart by service
    return (
        line.partner_id,
        line.account_id,
        line.utility_account_id,
        line.utility_service_id if not line.utility_account_id else None,
    )
