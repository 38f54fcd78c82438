from odoo import models
from odoo.fields import Command

# every so many-th account owes so many months, or has paid too much
OWED = {5: 1, 13: 3, 29: 8}
OVERPAID = 17
OLD_DEBTORS = ("NU-ZVE-14-13", "NU-ZVE-14-30", "NU-UOS-21-24")
# the house whose water is cut off, those with old debts, the flat that was sold with a debt left by
# the seller, the resident of the portal
SPECIAL = {"NU-SAL-8": 18, **dict.fromkeys(OLD_DEBTORS, 18), "NU-SVY-7-23": 2, "NU-SVY-7-12": 1}
# a month's bill by kind of premise, euro
BILLS = {
    "flat": 62.4,
    "private_house": 31.15,
    "commercial": 148.9,
    "public_building": 1840.55,
    "container_site": 96.0,
    "room": 24.8,
}


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_balances(self):
        """What was owed when the history began, and since then; the month before last is billed by
        those who bill."""
        calendar = self._town().calendar
        accounts = self._accounts()
        self._post_opening([accounts[key] for key in OLD_DEBTORS], calendar)
        lines = []
        for number, (key, account) in enumerate(accounts.items(), 1):
            months = self._months_owed(number, key, account)
            lines += self._prepare_debt_lines(account, months, calendar)
        self._post_entry(lines, calendar.month(-3, 0), self.env._("Balances brought forward"))

    def _months_owed(self, number, key, account):
        """How many bills are unpaid; -1: one was paid twice."""
        if account.bill_to_account_id or account.date_close:
            return 0
        if key in SPECIAL:
            return SPECIAL[key]
        if account.kind == "collective":
            return 1
        if number % OVERPAID == 0:
            return -1
        return next((months for step, months in reversed(OWED.items()) if number % step == 0), 0)

    def _prepare_debt_lines(self, account, months, calendar):
        """A receivable for each unpaid bill; the last one is that of three months ago."""
        if months < 0:
            return [self._prepare_receivable(account, calendar, 3, -self._bill(account, 3))]
        return [
            self._prepare_receivable(account, calendar, back, self._bill(account, back))
            for back in range(3, months + 3)
        ]

    def _bill(self, account, back):
        """A month's bill, a little different from month to month."""
        monthly = BILLS[account.premise_id.type_id.code] if account.premise_id else 310.0
        return round(monthly * (1 + (int(account.number[:-1]) + 7 * back + 2) % 9 / 40), 2)

    def _prepare_receivable(self, account, calendar, back, amount):
        """The bill of the month that lies `back` months ago, of the one who paid at its end; due at
        the end of the next."""
        period = calendar.month(-back, 0)
        payer = account._payer_on(period)
        return {
            "name": self.env._("Bill of %(month)s", month=f"{period:%Y-%m}"),
            "account_id": payer.with_company(account.company_id).property_account_receivable_id.id,
            "partner_id": payer.id,
            "utility_account_id": account.id,
            "date_maturity": calendar.month(1 - back, 0),
            "balance": amount,
        }

    def _post_opening(self, accounts, calendar):
        """Old debts taken over, some of which were paid since."""
        old = {
            "name": self.env._("Taken over from the old system"),
            "date_maturity": calendar.start,
        }
        lines = [
            {**self._prepare_receivable(account, calendar, 24, 3 * self._bill(account, 24)), **old}
            for account in accounts
        ]
        opening = self._post_entry(lines, calendar.start, self.env._("Opening balances"))
        paid = [
            {**line, "name": self.env._("Payment"), "balance": -line["balance"]}
            for line in lines[:2]
        ]
        payment = self._post_entry(paid, calendar.month(-18, 12), self.env._("Old debts paid"))
        for account in accounts[:2]:
            (opening | payment).line_ids.filtered(
                lambda line, account=account: line.utility_account_id == account
            ).reconcile()

    def _post_entry(self, lines, day, ref):
        total = round(sum(line["balance"] for line in lines), 2)
        opening = self._ledger_account("302900", self.env._("Opening balances"), "equity")
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.env.company.id)], limit=1
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": self.env.company.id,
                "date": day,
                "ref": ref,
                "line_ids": [
                    Command.create(line)
                    for line in (*lines, {"name": ref, "account_id": opening.id, "balance": -total})
                ],
            }
        )
        move._post(soft=False)
        return move
