from datetime import date
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import bulk_create
from odoo.addons.utility_base.tools.bulk_references import references_checked
from odoo.addons.utility_base.tools.garbage import uncollected

from ..engine.matching import candidates, outcome, taken_back
from ..engine.payment_reading import read
from ..engine.references import compact
from .matching_facts import Facts
from .matching_lines import lines_of
from .matching_words import Words
from .payment import OPEN

TO_MATCH = (
    Domain("state", "in", OPEN) & Domain("method", "!=", "hand") & Domain("is_transfer", "=", False)
)


class Terms(NamedTuple):
    """What a company asks for.

    :param sure: points from which its payments register themselves
    :param doubtful: points below which nothing was found
    """

    company_id: int
    sure: int
    doubtful: int
    today: date


class Payment(models.Model):
    """Whose payment it is: see `engine.matching`."""

    _inherit = "utility.payment"

    candidate_ids = fields.One2many(
        "utility.payment.candidate", "payment_id", readonly=True, copy=False
    )
    takes_back_id = fields.Many2one(
        "utility.payment",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Of a sum below zero: the registered payment that it takes back.",
    )

    _registered_amount = models.Index("(company_id, amount) WHERE state = 'registered'")

    def _to_match(self):
        """Those that nobody has placed by hand, save for what a collector has transferred."""
        return self.filtered_domain(TO_MATCH)

    def _slice_matching(self, part):
        """Find the accounts of a slice's payments by what they say and who paid.

        :return: values for the slice
        """
        self.search(Domain("id", "in", self.ids) & TO_MATCH)._match()
        return {}

    def _match(self, near=None):
        """Find the accounts of payments of one company; a fixed number of queries.

        :param near: {payment id: ids of accounts that were found by name, address or sum}
        """
        if not self:
            return
        self.env.flush_all()
        with uncollected():
            lines = lines_of(self.env, self.ids)
            company = self.env["res.company"].browse({line.company_id for line in lines})
            company.ensure_one()
            self._match_lines(company, lines, near or {})

    def _match_lines(self, company, lines, near):
        scheme = company.utility_reference_scheme
        clues = {line.payment_id: read(line.text, scheme) for line in lines}
        facts = Facts(self.env, company)
        known = facts.load(
            [clue for found in clues.values() for clue in found],
            {key for line in lines for key in line.payer_keys},
            {account for found in near.values() for account in found},
        )
        words = Words(self.env)
        terms = Terms(
            company.id,
            company.utility_sure_score,
            company.utility_doubtful_score,
            fields.Date.context_today(self),
        )
        earlier = facts.earlier({-line.text.amount for line in lines if line.text.amount < 0})
        rows, found_rows = [], []
        for line in lines:
            if line.amount < 0:
                row, found = self._taken_back_values(line, earlier, terms, words)
            else:
                found = candidates(
                    line.text,
                    clues[line.payment_id],
                    line.payer_keys,
                    known,
                    line.date,
                    near.get(line.payment_id, ()),
                )
                row, found = self._matched_values(line, found, terms, words)
            rows.append(row)
            found_rows += found
        self._write_matched(rows)
        self._keep_candidates(found_rows)

    def _matched_values(self, line, found, terms, words):
        """(columns of the payment, values of its candidates)"""
        state, best = outcome(found, terms.sure, terms.doubtful)
        reason = words.of(best.evidence, best.doubt) if best else words.of([("nothing", "")])
        if state == "matched" and line.date > terms.today:
            state, reason = "doubtful", words.of([("future", ""), *best.evidence])
        is_matched = state == "matched"
        row = (
            line.payment_id,
            state,
            best.score if best else 0,
            best.method if best and state != "unmatched" else None,
            best.account_id if is_matched else None,
            (best.bill_id or None) if is_matched else None,
            reason.replace("\n", "; "),
        )
        if is_matched:
            found = []
        return row, [
            {
                "payment_id": line.payment_id,
                "company_id": terms.company_id,
                "account_id": candidate.account_id,
                "bill_id": candidate.bill_id or False,
                "payer_id": candidate.partner_id or False,
                "takes_back_id": False,
                "score": candidate.score,
                "method": candidate.method,
                "evidence": words.of(candidate.evidence, candidate.doubt),
            }
            for candidate in found
        ]

    def _taken_back_values(self, line, earlier, terms, words):
        """A sum below zero is never sure: a person says which payment it takes back."""
        text = line.text._replace(payer_iban=compact(line.text.payer_iban))
        found = taken_back(text, line.bank_ref, earlier.get(-text.amount, []))
        best = found[0][1] if found else 0
        state = "doubtful" if found else "unmatched"
        evidence = [(code, "") for code in found[0][2]] if found else [("nothing", "")]
        reason = words.of(evidence).replace("\n", "; ")
        row = (line.payment_id, state, best, None, None, None, reason)
        return row, [
            {
                "payment_id": line.payment_id,
                "company_id": terms.company_id,
                "account_id": other.account_id,
                "bill_id": False,
                "payer_id": False,
                "takes_back_id": other.payment_id,
                "score": score,
                "method": "reference" if "same_reference" in codes else "amount",
                "evidence": words.of([(code, "") for code in codes]),
            }
            for other, score, codes in found
        ]

    def _write_matched(self, rows):
        """Nothing stored hangs on what is written: such payments are all open, whatever their
        state."""
        columns = list(map(list, zip(*rows, strict=True)))
        references = {"account_id": columns[4], "bill_id": columns[5], "write_uid": [self.env.uid]}
        with references_checked(self.env.cr, self._table, references):
            self.env.execute_query(self._matched_query(columns))
        self.invalidate_recordset()

    def _matched_query(self, columns):
        return SQL(
            """
            UPDATE utility_payment payment SET state = found.state, score = found.score,
                method = found.method, account_id = found.account_id, bill_id = found.bill_id,
                partner_id = NULL, takes_back_id = NULL, reason = found.reason, refusal = NULL,
                write_uid = %s, write_date = now() AT TIME ZONE 'UTC'
            FROM unnest(%s::int[], %s::text[], %s::int[], %s::text[], %s::int[], %s::int[],
                %s::text[]) AS found(id, state, score, method, account_id, bill_id, reason)
            WHERE payment.id = found.id RETURNING payment.id
            """,
            self.env.uid,
            *columns,
        )

    def _keep_candidates(self, rows):
        """Candidates of these payments, in place of those that were found before."""
        # candidates are found, not typed: users only read them
        model = self.env["utility.payment.candidate"].sudo()
        self.env.execute_query(
            SQL(
                "DELETE FROM utility_payment_candidate WHERE payment_id = ANY(%s) RETURNING id",
                self.ids,
            )
        )
        model.invalidate_model()
        bulk_create(model, rows)

    def action_match(self):
        """Look for the accounts of these payments again."""
        self.check_access("write")
        for payments in self._to_match().grouped("company_id").values():
            # the columns of matching are nobody's to type
            payments.sudo()._match()
            payments.sudo()._search_near()
        return True
