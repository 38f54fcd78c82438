from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    """Money on an account, as corrections of payments see it."""

    _inherit = "account.move.line"

    def _copy_data_extend_business_fields(self, values):
        """The reversal of a payment's entry takes that payment back."""
        done = super()._copy_data_extend_business_fields(values)
        values["utility_payment_id"] = self.utility_payment_id.id
        return done

    def _utility_standing(self):
        """What stands on lines of given money, whether it covers something or not.

        :return: {line: Decimal above zero, in company currency}, in the order of the lines
        """
        lines = self.filtered(
            lambda line: (
                line.utility_account_id and line.balance < 0 and line.parent_state == "posted"
            )
        )
        self.env.flush_all()
        gone = dict(
            self.env.execute_query(
                SQL(
                    """
                SELECT part.credit_move_id, sum(part.amount)::text
                FROM account_partial_reconcile part
                JOIN account_move_line debit ON debit.id = part.debit_move_id
                WHERE part.credit_move_id = ANY(%s) AND debit.utility_payment_id IS NOT NULL
                GROUP BY 1
                """,
                    lines.ids,
                )
            )
        )
        found = {line: -exact(line.balance) - Decimal(gone.get(line.id, 0)) for line in lines}
        return {line: amount for line, amount in found.items() if amount > 0}

    def _utility_open(self):
        """{line: Decimal above zero} of given money that covers nothing yet."""
        return {line: -exact(line.amount_residual) for line in self if line.amount_residual < 0}

    def _utility_free(self, amounts):
        """Let so much of given money be open: what it covered last is open again first. In a
        foreign currency it may be more: the sums of a reconciliation are Odoo's to find.

        :param amounts: {line: Decimal, within what stands on it}
        """
        again = []
        for line, amount in amounts.items():
            missing = amount + exact(line.amount_residual)
            covers = line.matched_debit_ids.filtered(
                lambda part: not part.debit_move_id.utility_payment_id
            ).sorted(lambda part: (part.max_date, part.id), reverse=True)
            for part in covers:
                if missing <= 0:
                    break
                covered = exact(part.amount)
                currencies = part.debit_currency_id | part.credit_currency_id
                if covered > missing and currencies == part.company_currency_id:
                    again.append((part.debit_move_id.id, line.id, covered - missing))
                missing -= covered
                part.unlink()
        company = self.browse(line.id for line in amounts).company_id
        self.env["utility.reconciling"]._reconcile(company, again)

    def _utility_covered(self):
        """{(line of what is owed): Decimal} that the lines cover."""
        found = defaultdict(Decimal)
        for part in self.matched_debit_ids:
            if not part.debit_move_id.utility_payment_id:
                found[part.debit_move_id] += exact(part.amount)
        return dict(found)


def exact(amount):
    """An amount of the ledger without what a float adds to it."""
    return Decimal(str(round(amount, 6)))
