from odoo import models

# (cash or card, what was given, {account: sum})
TAKEN = (
    ("cash", 50.0, {"NU-SVY-7-26": 20.0}),
    ("cash", None, {"NU-SVY-7-31": 15.0, "NU-SVY-7-32": 10.0}),
    ("card", None, {"NU-SVY-7-33": 40.0}),
    ("cash", 10.0, {"NU-SVY-7-36": 10.0}),
)
FLOAT = 100.0
# 144.95: five cents less than there should be
COUNTED = {"100": 1, "20": 2, "2": 2, "0.5": 1, "0.2": 2, "0.05": 1}
TO_BANK = 100.0


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_cash_shift(self):
        """The cashier's shift of the day on which the town is loaded: closed, the last receipt
        voided, the drawer a little short."""
        cashier = self.env.ref("utility_base.demo_user_cashier")
        desk, accounts = self.env.ref("utility_base.demo_cash_desk"), self._accounts()
        screen = self.env["utility.cash.screen"].with_user(cashier)
        screen.open_shift(desk.id, FLOAT)
        for number, (means, given, sums) in enumerate(TAKEN, 1):
            lines = [
                {"account_id": accounts[key].id, "amount": amount} for key, amount in sums.items()
            ]
            slip = f"{4100 + number}" if means == "card" else ""
            taken = screen.take(f"demo-town-receipt-{number}", lines, means, given, slip)
        screen.void(taken["receipt"]["id"], "Wrong account")
        screen.begin_closing()
        screen.close(COUNTED, TO_BANK, "Five cents are missing")
        self._name_records(cash_shift=desk.shift_ids)
