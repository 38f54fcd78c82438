from odoo import models

# day of last month on which the post sent the list
SENT = 28
# what is paid of old debts, less than these debtors owe, and by one who owes nothing
BY_REFERENCE = {
    "NU-KOP-12": 30.0,
    "NU-GIN-2": 25.0,
    "NU-GIN-6/2": 40.0,
    "NU-MAR-9": 20.0,
    "NU-PUS-4": 60.0,
}


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_doubtful(self):
        """A list of the post that is not done: what is sure is registered, the rest waits for a
        person, each for a reason of its own."""
        day, accounts = self._town().calendar.month(-1, SENT), self._accounts()
        said = [
            *(
                self._by_post(accounts[key], amount, reference=accounts[key]._utility_reference())
                for key, amount in BY_REFERENCE.items()
            ),
            self._by_text(accounts["NU-ZVE-14-1"]),
            self._by_wrong_check_digits(accounts["NU-ZVE-14-6"]),
            self._by_wrong_digit(accounts["NU-ZVE-14-11"]),
            self._by_post(accounts["NU-ZVE-14-14"], 35.0, purpose="Už būstą"),
            self._by_bare_number(accounts["NU-SVY-7-16"]),
            self._for_two(accounts["NU-SVY-7-20"], accounts["NU-SVY-7-21"]),
            self._by_sum(accounts["NU-UOS-21-P1"]),
            {"amount": 18.37, "purpose": "Už komunalines paslaugas"},
            self._by_post(accounts["NU-ZVE-14-16"], 32.0, purpose="Už būstą"),
        ]
        batch = self._make_list(
            "post",
            day,
            [
                {"date": day, "number": number, "bank_ref": f"POST{day:%y%m%d}{number:04d}", **vals}
                for number, vals in enumerate(said, 1)
            ],
        )
        self._match_list(batch)
        clerk = self.env.ref("utility_base.demo_user_clerk")
        last = batch.payment_ids.sorted("number")[-1]
        last.with_user(clerk).account_id = accounts["NU-ZVE-14-16"]
        self._name_records(payments_to_review=batch)

    # -- what payers write ------------------------------------------------------------------

    def _by_post(self, account, amount, **said):
        return {
            "payer_name": account.partner_id.name,
            "payer_address": account.premise_id.address,
            "amount": amount,
            **said,
        }

    def _by_text(self, account):
        purpose = f"Už vandenį ir šildymą, mok. kodas {account.number}"
        return self._by_post(account, 35.0, purpose=purpose)

    def _by_wrong_check_digits(self, account):
        reference = account._utility_reference()
        wrong = f"RF{(int(reference[2:4]) + 9) % 97 + 1:02d}{reference[4:]}"
        return self._by_post(account, 30.0, reference=wrong)

    def _by_wrong_digit(self, account):
        number = account.number
        wrong = f"{number[:-2]}{(int(number[-2]) + 5) % 10}{number[-1]}"
        return self._by_post(account, 28.0, reference=wrong)

    def _by_bare_number(self, account):
        purpose = f"skolos dalis {account.number} aciu"
        return {"payer_name": account.partner_id.name, "amount": 33.0, "purpose": purpose}

    def _for_two(self, one, other):
        purpose = f"Už du butus, mok. kodas {one.number}, mok. kodas {other.number}"
        return {"payer_name": one.partner_id.name, "amount": 55.0, "purpose": purpose}

    def _by_sum(self, account):
        """Just what the account owes on a bill, and nothing else."""
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
