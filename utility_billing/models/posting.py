from odoo import api, models

from ..engine.bill import bills_of
from .posting_facts import PostingFacts


class Posting(models.AbstractModel):
    """Charges as posted bills of Odoo's ledger. Two ways behind one interface: `_post_orm`, by
    Odoo itself, and `_post_bulk`, which writes the same rows many at a time."""

    _name = "utility.posting"
    _description = "Posting of Bills"

    @api.model
    def _post_batch(self, batch):
        """Post the bills of a batch's accounts, book what funds pay, mark the charges.

        :return: values for the batch
        :raise UserError: the ledger does not allow it, or something is not set up
        """
        run = batch.run_id
        rows = self._charge_rows(run, batch.first_id, batch.last_id)
        facts = PostingFacts(self.env, run, rows)
        bills = bills_of(rows, facts.ranks, facts.quantity_places)
        bills, carried = self._carry(bills, facts)
        facts.load(bills)
        facts.refuse_what_the_ledger_forbids()
        prepared = self._prepare_bills(facts, bills)
        facts.give_numbers(batch, prepared)
        posted, way, reason = self._post_bills(facts, prepared, batch)
        self._book_funds(facts, bills, posted, batch)
        self._cover_by_credit(facts, posted)
        self._mark_charges(facts, posted, bills, carried)
        return {
            "bill_count": len(posted),
            "amount": sum(bill.total for bill in posted),
            "way": way,
            "fallback_reason": reason,
            "wait_seconds": facts.wait_seconds,
        }

    @api.model
    def _prepare_bills(self, facts, bills):
        """:return: [`PreparedBill`] of those that have lines; their numbers come later"""
        prepared = [facts.prepare(bill) for bill in bills if bill.lines]
        self._ask_once(facts, prepared)
        return prepared

    def _ask_once(self, facts, prepared):
        """Of a payer's bills under one account the first tells what was owed before, so that all of
        them together ask for what is owed."""
        told = set()
        for entry in prepared:
            payer = facts.payers[entry.bill.partner_id].commercial_partner_id
            key = entry.bill.account_id, payer.id
            if key in told:
                entry.vals["utility_balance_before"] = 0.0
            told.add(key)

    @api.model
    def _post_bills(self, facts, prepared, batch):
        """([`PostedBill`], bulk or orm, why one by one)"""
        if not prepared:
            return [], False, False
        if facts.company.utility_posting_way == "orm":
            return self._post_orm(facts, prepared, batch), "orm", False
        reason = self._why_not_bulk(facts, prepared)
        if reason:
            return self._post_orm(facts, prepared, batch), "orm", reason
        posted, reason = self._post_bulk(facts, prepared, batch)
        return posted, "bulk", reason

    @api.model
    def _carry(self, bills, facts):
        """(bills to post, bills below zero or too small, which wait for the next month)"""
        posted, waiting = [], []
        for bill in bills:
            (waiting if self._waits(bill, facts) else posted).append(bill)
        return posted, waiting

    def _waits(self, bill, facts):
        total = facts.comes_to(bill)
        is_carried = total < 0 and facts.company.utility_negative_bills == "carry"
        is_small = 0 < abs(total) < facts.smallest
        return (is_carried or is_small) and facts.may_wait(bill)
