from odoo import api, models

from ..engine.clearing import Clearing


class BankClearing(models.AbstractModel):
    """Which money of collectors the lines of bank statements bring."""

    _name = "utility.clearing"
    _description = "Bank Clearing"

    @api.model
    def _find(self, lines):
        """What the lines bring, and whose they are.

        :param lines: of one company, in its currency, not reconciled
        :return: ({line's id: `Match`}, {line's id: its sender, a collector's id})
        """
        company = lines.company_id
        # what stands on clearing accounts is looked through for whoever brings the statement in
        facts = self.env["utility.clearing.facts"].sudo()
        collectors = facts.env["utility.payment.collector"]._of_company(company)
        if not collectors:
            return {}, {}
        self.env.flush_all()
        transfers = facts._transfers(lines.sudo(), collectors)
        days = [transfer.day for transfer in transfers]
        standings, entries = facts._standings(company, collectors, min(days), max(days))
        amounts = {transfer.amount for transfer in transfers}
        found = Clearing(transfers, standings, facts._receipts(entries, amounts)).find()
        senders = {
            transfer.id: min(transfer.collectors) for transfer in transfers if transfer.collectors
        }
        owners = {standing.id: standing.collector for standing in standings}
        for line_id, match in found.items():
            senders[line_id] = owners[match.standings[0]]
        return found, senders
