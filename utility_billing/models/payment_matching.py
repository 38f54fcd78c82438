from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import bulk_create

from ..engine.matching import candidates, outcome, taken_back
from ..engine.payment_reading import read
from ..engine.references import compact
from .matching_facts import Facts, text_of
from .matching_words import Words
from .payment import OPEN


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
        return self.filtered(
            lambda row: row.state in OPEN and row.method != "hand" and not row.is_transfer
        )

    def _slice_matching(self, part):
        """Find the accounts of a slice's payments by what they say and who paid.

        :return: values for the slice
        """
        self._to_match()._match()
        return {}

    def _match(self, near=None):
        """Find the accounts of payments of one company; a fixed number of queries.

        :param near: {payment id: ids of accounts that were found by name, address or sum}
        """
        if not self:
            return
        self.env.flush_all()
        # read at once, however they were gathered
        self = self.with_prefetch()
        near = near or {}
        company = self.company_id
        company.ensure_one()
        facts = Facts(self.env, company)
        identities = self.env["utility.payer.identity"]
        texts = {payment: text_of(payment) for payment in self}
        clues = {
            payment: read(text, company.utility_reference_scheme) for payment, text in texts.items()
        }
        keys = {
            payment: [(kind, key) for kind, key, _shown in identities._keys_of(payment)]
            for payment in self
        }
        known = facts.load(
            [clue for found in clues.values() for clue in found],
            {key for found in keys.values() for key in found},
            {account for found in near.values() for account in found},
        )
        words = Words(self.env)
        earlier = facts.earlier({-text.amount for text in texts.values() if text.amount < 0})
        rows, found_rows = [], []
        for payment, text in texts.items():
            if payment.amount < 0:
                row, found = self._taken_back_values(payment, text, earlier, words)
            else:
                found = candidates(
                    text,
                    clues[payment],
                    keys[payment],
                    known,
                    payment.date,
                    near.get(payment.id, ()),
                )
                row, found = self._matched_values(payment, found, company, words)
            rows.append(row)
            found_rows += found
        self._write_matched(rows)
        self._keep_candidates(company, found_rows)

    def _matched_values(self, payment, found, company, words):
        """(columns of the payment, values of its candidates)"""
        state, best = outcome(found, company.utility_sure_score, company.utility_doubtful_score)
        reason = words.of(best.evidence, best.doubt) if best else words.of([("nothing", "")])
        if state == "matched" and payment.date > fields.Date.context_today(self):
            state, reason = "doubtful", words.of([("future", ""), *best.evidence])
        is_matched = state == "matched"
        row = (
            payment.id,
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
                "payment_id": payment.id,
                "company_id": company.id,
                "account_id": candidate.account_id,
                "bill_id": candidate.bill_id or False,
                "takes_back_id": False,
                "score": candidate.score,
                "method": candidate.method,
                "evidence": words.of(candidate.evidence, candidate.doubt),
            }
            for candidate in found
        ]

    def _taken_back_values(self, payment, text, earlier, words):
        """A sum below zero is never sure: a person says which payment it takes back."""
        text = replace(text, payer_iban=compact(text.payer_iban))
        found = taken_back(text, payment.bank_ref, earlier.get(-text.amount, []))
        company = payment.company_id
        best = found[0][1] if found else 0
        state = "doubtful" if found else "unmatched"
        evidence = [(code, "") for code in found[0][2]] if found else [("nothing", "")]
        row = (payment.id, state, best, None, None, None, words.of(evidence).replace("\n", "; "))
        return row, [
            {
                "payment_id": payment.id,
                "company_id": company.id,
                "account_id": other.account_id,
                "bill_id": False,
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
        columns = list(zip(*rows, strict=True))
        self.env.execute_query(
            SQL(
                """
            UPDATE utility_payment payment SET state = found.state, score = found.score,
                method = found.method, account_id = found.account_id, bill_id = found.bill_id,
                partner_id = NULL, takes_back_id = NULL, reason = found.reason,
                write_uid = %s, write_date = now() AT TIME ZONE 'UTC'
            FROM unnest(%s::int[], %s::text[], %s::int[], %s::text[], %s::int[], %s::int[],
                %s::text[]) AS found(id, state, score, method, account_id, bill_id, reason)
            WHERE payment.id = found.id RETURNING payment.id
            """,
                self.env.uid,
                *map(list, columns),
            )
        )
        self.invalidate_recordset()

    def _keep_candidates(self, company, rows):
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
