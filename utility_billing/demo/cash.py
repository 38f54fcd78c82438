from odoo import models

# (cash or card, what was given, sums for one account each)
TAKEN = (
    ("cash", 50.0, (20.0,)),
    ("cash", None, (15.0, 10.0)),
    ("card", None, (40.0,)),
    ("cash", 10.0, (10.0,)),
)
FLOAT = 100.0
# 144.95: five cents less than there should be
COUNTED = {"100": 1, "20": 2, "2": 2, "0.5": 1, "0.2": 2, "0.05": 1}
TO_BANK = 100.0
# of the debtors, those who come to the desk
FIRST_AT_DESK = 16


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_cash_shift(self):
        """The cashier's shift of the day on which the town is loaded: closed, the last receipt
        voided, the drawer a little short."""
        cashier = self.env.ref("utility_base.demo_user_cashier")
        desk = self.env.ref("utility_base.demo_cash_desk")
        screen = self.env["utility.cash.screen"].with_user(cashier)
        screen.open_shift(desk.id, FLOAT)
        payers = iter(self._debtors()[FIRST_AT_DESK:])
        for number, (means, given, amounts) in enumerate(TAKEN, 1):
            lines = [{"account_id": next(payers).id, "amount": amount} for amount in amounts]
            slip = f"{4100 + number}" if means == "card" else ""
            taken = screen.take(f"demo-town-receipt-{number}", lines, means, given, slip)
        screen.void(taken["receipt"]["id"], "Wrong account")
        screen.begin_closing()
        screen.close(COUNTED, TO_BANK, "Five cents are missing")
        self._name_records(cash_shift=desk.shift_ids)
