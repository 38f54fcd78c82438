"""What is on record of what many payments name: a fixed number of queries."""

from decimal import Decimal

from odoo.tools import SQL

from ..engine.matching import AccountFacts, Earlier, Known
from ..engine.references import compact

PLAIN = "ltrim(upper(regexp_replace({}, '[^0-9A-Za-z]', '', 'g')), '0')"
NUMBER_PLAIN = SQL(PLAIN.format("number"))
NUMBER_DIGITS = SQL("ltrim(regexp_replace(number, '[^0-9]', '', 'g'), '0')")
NAME_PLAIN = SQL(PLAIN.format("name"))


class Facts:
    """What is on record of a company's accounts, bills and payers."""

    def __init__(self, env, company):
        self.env, self.company = env, company
        self.known = Known()

    def load(self, clues, payer_keys, near=()):
        """Look up what payments name.

        :param clues: [`Clue`] of all of them
        :param payer_keys: {(kind, key)} of all of them
        :param near: ids of further accounts
        """
        self._accounts_by_number(clues)
        self._bills(clues)
        self._payers(payer_keys)
        known = self.known
        ids = {
            *near,
            *(each for found in known.by_plain.values() for each in found),
            *(each for found in known.by_digits.values() for each in found),
            *(account_id for found in known.bills.values() for _bill, account_id in found),
            *(account_id for found in known.payers.values() for account_id in found),
        }
        together = self._accounts(sorted(ids))
        self._owed(sorted(known.accounts))
        known.together = {
            member: collective
            for member, collective in together.items()
            if known.accounts[member].owed <= 0
        }
        return known

    def _accounts_by_number(self, clues):
        for expression, keys, found in (
            (NUMBER_PLAIN, {clue.key for clue in clues}, self.known.by_plain),
            (NUMBER_DIGITS, {clue.digits for clue in clues}, self.known.by_digits),
        ):
            for key, account_id in self._asked(
                sorted(keys - {""}),
                SQL(
                    "SELECT id FROM utility_account "
                    "WHERE %s = asked.key AND company_id = %s AND active",
                    expression,
                    self.company.id,
                ),
            ):
                found.setdefault(key, set()).add(account_id)

    def _asked(self, keys, query):
        """[(key, *row)] of what a query finds for each key, by its index: how many keys there are
        does not tempt the planner to compute an expression for the whole table."""
        if not keys:
            return []
        return self.env.execute_query(
            SQL(
                "SELECT asked.key, found.* FROM unnest(%s::text[]) AS asked(key) "
                "CROSS JOIN LATERAL (%s OFFSET 0) found",
                keys,
                query,
            )
        )

    def _bills(self, clues):
        """Bills by their number; by their reference, where references are of bills."""
        keys = sorted({clue.key for clue in clues if not clue.key.isdigit()})
        wholes = []
        if self.company.utility_reference_of == "bill":
            wholes = sorted({clue.whole for clue in clues} - {""})
        for expression, values in ((NAME_PLAIN, keys), (SQL("payment_reference"), wholes)):
            for key, bill_id, account_id in self._asked(
                values,
                SQL(
                    """
                SELECT id, utility_account_id FROM account_move
                WHERE %s = asked.key AND utility_account_id IS NOT NULL AND company_id = %s
                AND state = 'posted' AND move_type = 'out_invoice'
                """,
                    expression,
                    self.company.id,
                ),
            ):
                self.known.bills.setdefault(key, set()).add((bill_id, account_id))

    def _payers(self, payer_keys):
        by_kind = {}
        for kind, key in sorted(payer_keys):
            by_kind.setdefault(kind, []).append(key)
        for kind, keys in by_kind.items():
            for key, account_id, times, former in self._asked(
                keys,
                SQL(
                    """
                SELECT payer.account_id, payer.times,
                    CASE WHEN payer.payer_id IS DISTINCT FROM today.commercial_partner_id
                    THEN payer.payer_id END AS former
                FROM utility_payer_identity payer
                JOIN utility_account account ON account.id = payer.account_id AND account.active
                LEFT JOIN res_partner today ON today.id = account.partner_id
                WHERE payer.company_id = %s AND payer.kind = %s AND payer.key = asked.key
                AND payer.active
                """,
                    self.company.id,
                    kind,
                ),
            ):
                self.known.payers.setdefault((kind, key), {})[account_id] = times
                if former:
                    self.known.former.setdefault((kind, key), {})[account_id] = former

    def _accounts(self, ids):
        """:return: {account: the collective one that it is billed with}; these are known, too"""
        together = {}
        for row in self.env.execute_query(
            SQL(
                """
            SELECT account.id, account.number, payer.name, premise.address, account.date_close,
                account.bill_to_account_id
            FROM utility_account account
            LEFT JOIN res_partner payer ON payer.id = account.partner_id
            LEFT JOIN utility_premise premise ON premise.id = account.premise_id
            WHERE account.id = ANY(%s) OR account.id IN (
                SELECT bill_to_account_id FROM utility_account WHERE id = ANY(%s))
            """,
                ids,
                ids,
            )
        ):
            account_id, number, payer, address, date_close, collective = row
            if collective:
                together[account_id] = collective
            self.known.accounts[account_id] = AccountFacts(
                account_id, number, payer or "", address or "", date_close
            )
        return together

    def _owed(self, ids):
        for account_id, move_id, former, left in self.env.execute_query(
            SQL(
                """
            SELECT line.utility_account_id, line.move_id,
                CASE WHEN line.partner_id IS DISTINCT FROM today.commercial_partner_id
                THEN line.partner_id END AS former,
                trim_scale(sum(line.amount_residual))::text
            FROM account_move_line line
            JOIN account_account ledger ON ledger.id = line.account_id
            JOIN utility_account account ON account.id = line.utility_account_id
            LEFT JOIN res_partner today ON today.id = account.partner_id
            WHERE line.utility_account_id = ANY(%s) AND line.utility_account_id IS NOT NULL
            AND line.company_id = %s
            AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
            AND line.amount_residual <> 0 AND ledger.account_type = 'asset_receivable'
            GROUP BY line.utility_account_id, line.move_id, former
            """,
                ids,
                self.company.id,
            )
        ):
            facts, left = self.known.accounts[account_id], Decimal(left)
            facts.owed += left
            if left > 0:
                facts.open_bills[move_id] = left
            if former:
                facts.former[former] = facts.former.get(former, 0) + left
                facts.former_bills.add(move_id)

    def earlier(self, amounts):
        """Registered payments by their sum.

        :param amounts: above zero
        :return: {sum: [`Earlier`]}, of each the latest
        """
        found = {}
        if not amounts:
            return found
        for row in self.env.execute_query(
            SQL(
                """
            SELECT id, trim_scale(amount)::text,
                COALESCE(account_id, (SELECT account_id FROM utility_payment_part
                    WHERE payment_id = utility_payment.id ORDER BY id LIMIT 1)),
                reference, payer_iban, payer_name, bank_ref
            FROM utility_payment
            WHERE company_id = %s AND state = 'registered' AND amount = ANY(%s::numeric[])
            ORDER BY date DESC, id DESC LIMIT 5000
            """,
                self.company.id,
                [str(amount) for amount in amounts],
            )
        ):
            payment_id, amount, account_id, reference, iban, name, bank_ref = row
            found.setdefault(Decimal(amount), []).append(
                Earlier(
                    payment_id,
                    account_id,
                    reference or "",
                    compact(iban) or name or "",
                    bank_ref or "",
                )
            )
        return found
