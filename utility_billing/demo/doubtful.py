from odoo import models

# who has a story of his own that a payment would spoil
STORIES = (
    "NU-SAL-8",
    "NU-ZVE-14-13",
    "NU-ZVE-14-8",
    "NU-SVY-7-12",
    "NU-SVY-7-23",
    "NU-UOS-21-18",
)
OWES = 50.0
# what is paid of old debts, less than any of these debtors owes
SURE = (30.0, 25.0, 40.0, 20.0)
OVERPAID = 60.0
# day of last month on which the post sent the list
SENT = 28


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_doubtful(self):
        """A list of the post that is not done: what is sure is registered, the rest waits for a
        person, each for a reason of its own."""
        day = self._town().calendar.month(-1, SENT)
        debtors = iter(self._debtors())
        said = [
            *({**self._said(next(debtors)), "amount": amount} for amount in SURE),
            {**self._said(self._overpaid()), "amount": OVERPAID},
            self._say_in_text(next(debtors)),
            self._say_wrong_check_digits(next(debtors)),
            self._say_wrong_digit(next(debtors)),
            self._say_name_only(next(debtors), 30.0),
            self._say_bare_number(next(debtors)),
            self._say_two(next(debtors), next(debtors)),
            self._say_sum_only(next(debtors)),
            {"amount": 18.37, "purpose": "Už komunalines paslaugas"},
            self._say_name_only(placed := next(debtors), 32.0),
        ]
        payments = [
            {"date": day, "number": number, "bank_ref": f"POST{day:%y%m%d}{number:04d}", **vals}
            for number, vals in enumerate(said, 1)
        ]
        batch = self._make_list("post", day, payments)
        self._match_list(batch)
        clerk = self.env.ref("utility_base.demo_user_clerk")
        batch.payment_ids.sorted("number")[-1].with_user(clerk).account_id = placed
        self._name_records(payments_to_review=batch)

    def _debtors(self):
        """Accounts of people with an older debt, by their number."""
        return [
            account
            for key, account in self._plain_accounts()
            if account.balance >= OWES and not account.partner_id.is_company
        ]

    def _overpaid(self):
        """The first account that has paid too much already."""
        return next(account for _key, account in self._plain_accounts() if account.balance < 0)

    def _plain_accounts(self):
        """[(key, account)] of accounts of their own that are open and have no story, by number."""
        return sorted(
            (
                (key, account)
                for key, account in self._accounts().items()
                if key not in STORIES
                and account.kind == "individual"
                and not account.bill_to_account_id
                and not account.date_close
            ),
            key=lambda row: row[1].number,
        )

    # -- what payers write ------------------------------------------------------------------

    def _payer(self, account):
        return {
            "payer_name": account.partner_id.name,
            "payer_address": account.premise_id.address,
        }

    def _said(self, account):
        return {**self._payer(account), "reference": account._utility_reference()}

    def _say_in_text(self, account):
        purpose = f"Už vandenį ir šildymą, mok. kodas {account.number}"
        return {**self._payer(account), "amount": 35.0, "purpose": purpose}

    def _say_wrong_check_digits(self, account):
        reference = account._utility_reference()
        wrong = f"RF{(int(reference[2:4]) + 9) % 97 + 1:02d}{reference[4:]}"
        return {**self._payer(account), "amount": 30.0, "reference": wrong}

    def _say_wrong_digit(self, account):
        number = account.number
        wrong = f"{number[:-2]}{(int(number[-2]) + 5) % 10}{number[-1]}"
        return {**self._payer(account), "amount": 28.0, "reference": wrong}

    def _say_name_only(self, account, amount):
        return {**self._payer(account), "amount": amount, "purpose": "Už būstą"}

    def _say_bare_number(self, account):
        purpose = f"skolos dalis {account.number} aciu"
        return {"payer_name": account.partner_id.name, "amount": 33.0, "purpose": purpose}

    def _say_two(self, one, other):
        purpose = f"Už du butus, mok. kodas {one.number}, mok. kodas {other.number}"
        return {**self._payer(one), "amount": 55.0, "purpose": purpose}

    def _say_sum_only(self, account):
        """Just what one of the account's bills has left open."""
        line = self.env["account.move.line"].search(
            [
                ("utility_account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("amount_residual", ">", 0),
            ],
            order="date, id",
            limit=1,
        )
        return {"amount": line.amount_residual, "purpose": "Už paslaugas"}
