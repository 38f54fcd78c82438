from odoo import models
from odoo.fields import Command

from odoo.addons.utility_base.demo.company import iban_of

# ledger account of what is on its way: code, name, type
CLEARING = {
    "bank": ("272100", "Paid by bank, on its way", "asset_current"),
    "post": ("272200", "Paid at the post, on its way", "asset_current"),
    "terminal": ("272300", "Paid by card, on its way", "asset_current"),
    "desk": ("271100", "Drawer of the cash desk", "asset_cash"),
}
CASH_TO_BANK = ("272400", "Cash handed to the bank", "asset_current")
FEES, OVER_AND_SHORT, PAID_OUT = "620000", "642000", "600000"
COLLECTORS = {
    "bank": {"name": "Pamario bankas", "code": "BANK", "kind": "bank"},
    "post": {
        "name": "Pajūrio paštas",
        "code": "POST",
        "kind": "post",
        "iban": iban_of(41),
        "commission_percent": 0.9,
    },
    "terminal": {
        "name": "Card terminal, Uosto g. 1",
        "code": "CARD",
        "kind": "terminal",
        "iban": iban_of(42),
        "commission_percent": 1.1,
    },
    "desk": {"name": "Kasa, Uosto g. 1", "code": "CASH", "kind": "desk"},
}
POST = "AB „Pajūrio paštas“"
# services that are covered together, in their order
HOUSING = ("maintenance", "repair_fund")


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_collectors(self):
        """Who takes money in, the cash desk of the customers' office, what money covers first."""
        made = {
            key: self.env["utility.payment.collector"].create(
                {
                    **vals,
                    "sequence": 10 * place,
                    "company_id": self.env.company.id,
                    "clearing_account_id": self._clearing_account(*CLEARING[key]).id,
                    "commission_account_id": self._ledger_account(FEES).id,
                }
            )
            for place, (key, vals) in enumerate(COLLECTORS.items(), 1)
        }
        made["post"].partner_id = self.env["res.partner"].create(
            {"name": POST, "is_company": True, "country_id": self.env.company.country_id.id}
        )
        self._name_records(
            **{f"collector_{key}": collector for key, collector in made.items()},
            cash_desk=self._make_cash_desk(made),
        )
        self._load_policies()

    def _clearing_account(self, code, name, kind):
        account = self._ledger_account(code, name, kind)
        account.reconcile = kind == "asset_current"
        return account

    def _make_cash_desk(self, collectors):
        return self.env["utility.cash.desk"].create(
            {
                "name": "Kasa",
                "company_id": self.env.company.id,
                "address": "Uosto g. 1, Naujauostis",
                "collector_id": collectors["desk"].id,
                "card_collector_id": collectors["terminal"].id,
                "bank_account_id": self._clearing_account(*CASH_TO_BANK).id,
                "difference_account_id": self._ledger_account(OVER_AND_SHORT).id,
                "paid_out_account_id": self._ledger_account(PAID_OUT).id,
                "receipt_prefix": "K-",
                "receipt_note": "Ačiū!",
            }
        )

    def _load_policies(self):
        """Since last month what is used goes before the house; from next month the current bill
        goes before old debt."""
        calendar, services = self._town().calendar, self._services()
        used = [service.id for code, service in services.items() if code not in HOUSING]
        housing = [services[code].id for code in HOUSING]
        groups = [
            Command.create({"sequence": place, "service_ids": [Command.set(ids)]})
            for place, ids in enumerate((used, housing), 1)
        ]
        company = self.env.company
        now, later = self.env["utility.payment.policy"].create(
            [
                {
                    "name": "Oldest bill first; of a bill, what is used before the house",
                    "company_id": company.id,
                    "date_start": calendar.month(-1),
                    "late_fee": "last",
                    "group_ids": groups,
                },
                {
                    "name": "Current bill first, then old debt",
                    "company_id": company.id,
                    "date_start": calendar.month(1),
                    "first": "newest",
                    "late_fee": "last",
                },
            ]
        )
        self._name_records(payment_policy=now, payment_policy_planned=later)
