from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL


class Payment(models.Model):
    """Where a payment's money stands in the ledger, and how it is taken up from there."""

    _inherit = "utility.payment"

    correction_ids = fields.One2many("utility.payment.correction", "payment_id", "Corrections")
    correction_count = fields.Integer("Number of Corrections", compute="_compute_correction_count")

    def _compute_correction_count(self):
        counts = dict(
            self.env["utility.payment.correction"]._read_group(
                [("payment_id", "in", self.ids)], ["payment_id"], ["__count"]
            )
        )
        for payment in self:
            payment.correction_count = counts.get(payment, 0)

    def _return(self, reason, day=None):
        """Take registered payments back: the bank did, or they were not ours. What they covered is
        open again.

        :param reason: the bank's or the cashier's, in words
        :param day: of the entry; today when empty
        :return: the corrections, applied
        :raise UserError: a payment is not registered, or some of it was refunded
        """
        corrections = self.env["utility.payment.correction"].create(
            [
                {
                    "kind": "return",
                    "payment_id": payment.id,
                    "date": day or fields.Date.context_today(self),
                    "reason": reason,
                }
                for payment in self
            ]
        )
        corrections.action_apply()
        return corrections

    def _lock_ledger(self):
        """Wait for whoever registers or corrects the same payments."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM account_move_line WHERE utility_payment_id = ANY(%s) "
                "ORDER BY id FOR NO KEY UPDATE",
                self.ids,
            )
        )

    def _standing(self):
        """Ledger lines on which the payments' money stands now, transferred or not, without what
        was taken away from them.

        :return: {line: Decimal above zero, in company currency}, first booked first
        """
        return self.sudo().line_ids.sorted(lambda line: (line.date, line.id))._utility_standing()

    def _in_ledger(self):
        """What the ledger's accounts have of the payment, in company currency."""
        self.ensure_one()
        lines = self.sudo().line_ids.filtered(
            lambda line: line.utility_account_id and line.parent_state == "posted"
        )
        return -sum(lines.mapped("balance"))

    def _follow_ledger(self, moves):
        """Entries of payments were reversed in the ledger: payments of which nothing is left are
        returned, those that are there again are registered."""
        for payment in self:
            stands = payment.currency_id.compare_amounts(payment._in_ledger(), 0) > 0
            if payment.state == "registered" and not stands:
                payment.write(
                    {
                        "state": "returned",
                        "reason": self.env._(
                            "Reversed in the ledger: %s", ", ".join(moves.mapped("name"))
                        ),
                    }
                )
            elif payment.state == "returned" and stands:
                payment.write({"state": "registered", "reason": False})


def cut(standing, amount):
    """The first of the lines that money stands on, up to an amount.

    :param standing: {line: Decimal}
    :return: {line: Decimal}, which may come to less
    """
    found = {}
    for line, whole in standing.items():
        part = min(whole, amount)
        if part > 0:
            found[line] = part
            amount -= part
    return found


def by_bill_and_service(allocations):
    """{(what is owed, service): Decimal}"""
    found = defaultdict(Decimal)
    for row in allocations:
        found[row.line_id, row.service_id] += Decimal(str(row.amount))
    return found
