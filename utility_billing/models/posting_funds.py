from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Command


class Posting(models.AbstractModel):
    """What funds pay of bills: an entry of its own, for Odoo writes one partner on all lines of
    a bill. It credits what the payer owes and makes it a receivable from the fund."""

    _inherit = "utility.posting"

    @api.model
    def _book_funds(self, facts, bills, posted, batch):
        """Book the funds' parts of a batch's bills, and settle the bills with them."""
        parts = [(bill, part, facts.gross(part)) for bill in bills for part in bill.funds]
        parts = [entry for entry in parts if entry[2]]
        if not parts:
            return
        move = facts.env["account.move"].create(
            self._prepare_fund_entry(facts, parts, batch, posted)
        )
        move._post(soft=False)
        credits = move.line_ids.sorted("sequence")[: len(parts)]
        self._settle_with_funds(facts, parts, credits, posted)
        for (_bill, part, _amount), line in zip(parts, credits, strict=True):
            facts.fund_lines.update(dict.fromkeys(part.charges, line.id))

    def _prepare_fund_entry(self, facts, parts, batch, posted=()):
        """Lines of the payers first, in the order of `parts`, then those of the funds."""
        moves = {id(entry.bill): entry.move_id for entry in posted}
        due = defaultdict(Decimal)
        for _bill, part, amount in parts:
            due[part.fund_id, part.service_id] += amount
        lines = [
            {
                **self._prepare_relief(facts, bill, part, amount),
                "utility_bill_id": moves.get(id(bill), False),
            }
            for bill, part, amount in parts
        ]
        lines += [
            self._prepare_fund_due(facts, fund_id, service_id, amount)
            for (fund_id, service_id), amount in due.items()
            if amount
        ]
        return {
            "move_type": "entry",
            "journal_id": facts.company._utility_fund_journal().id,
            "company_id": facts.company.id,
            "date": facts.date,
            "ref": self.env._("Benefits and subsidies, %s", facts.run.name),
            "utility_run_id": facts.run.id,
            "utility_posting_id": batch.id,
            "utility_month": facts.month,
            "line_ids": [
                Command.create({**line, "sequence": place}) for place, line in enumerate(lines)
            ],
        }

    def _prepare_relief(self, facts, bill, part, amount):
        payer = facts.payers[bill.partner_id].with_company(facts.company)
        return {
            "name": facts.words.of_fund(part, bill),
            "partner_id": payer.commercial_partner_id.id,
            "account_id": payer.property_account_receivable_id.id,
            "date_maturity": facts.date,
            "balance": float(-amount),
            "utility_account_id": bill.account_id,
            "utility_service_id": part.service_id,
        }

    def _prepare_fund_due(self, facts, fund_id, service_id, amount):
        fund = facts.env["res.partner"].browse(fund_id).with_company(facts.company)
        return {
            "name": facts.services[service_id].name,
            "partner_id": fund.commercial_partner_id.id,
            "account_id": fund.property_account_receivable_id.id,
            "date_maturity": facts.date,
            "balance": float(amount),
            "utility_service_id": service_id,
        }

    def _settle_with_funds(self, facts, parts, credits, posted):
        """A bill is paid by what the fund pays of it, as far as there is something to pay."""
        given = defaultdict(list)
        for (bill, _part, amount), line in zip(parts, credits, strict=True):
            if amount > 0:
                given[id(bill)].append([line.id, amount])
        pairs = [
            pair
            for entry in posted
            if entry.total > 0
            for pair in _pairs(entry.owed, given[id(entry.bill)])
        ]
        facts.env["utility.reconciling"]._reconcile(facts.company, pairs)


def _pairs(owed, given):
    """[(what is owed, what is given, amount)], in their order, as far as both reach."""
    for line_id, amount in owed:
        for entry in given:
            part = min(amount, entry[1])
            if part > 0:
                yield line_id, entry[0], part
                amount -= part
                entry[1] -= part
