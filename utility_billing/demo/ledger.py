from datetime import timedelta

from odoo import models
from odoo.fields import Command
from odoo.tools import split_every

# days of last month on which the bills of the month before were paid
PAID_ON = (8, 14, 22)
# who has paid nothing of that bill, and who a part of it, in euro
UNPAID = ("NU-SAL-8", "NU-ZVE-14-13", "NU-ZVE-14-8")
PARTLY = {"NU-SVY-7-12": 20.0}
TERMS = (("utility_bill_term_id", 15), ("utility_legal_term_id", 30))


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_ledger(self):
        """What bills are posted by: terms of payment, the account to pay to, journals. The chart,
        taxes and liabilities to creditors are there since the company and its services are."""
        company = self.env.company
        for name, days in TERMS:
            company[name] = self.env["account.payment.term"].create(
                {
                    "name": self.env._("%s days", days),
                    "company_id": company.id,
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": 100, "nb_days": days})
                    ],
                }
            )
        company.utility_bill_bank_id = company.partner_id.bank_ids[:1]
        company._utility_bill_journal()
        company._utility_fund_journal()

    def _load_posted(self):
        """The bills of the month before last are posted; most of them are paid."""
        calendar = self._town().calendar
        run = self.env.ref("utility_base.demo_run_approved")
        operator = self.env.ref("utility_base.demo_user_billing_operator")
        self._post_at_once(run.with_user(operator))
        moment = calendar.moment(calendar.month(-1, 5), 14)
        run.write(
            {
                "started_at": moment,
                "ended_at": moment + timedelta(minutes=1),
                "posted_at": moment + timedelta(minutes=1),
            }
        )
        self._load_payments(run, calendar)

    def _post_at_once(self, run):
        """Whatever the number of accounts: no worker takes jobs while a town is built."""
        run.with_context(queue_job__no_delay=True).action_post()

    def _load_payments(self, run, calendar):
        lines = self._lines_to_pay(run)
        each = max(1, -(-len(lines) // len(PAID_ON)))
        for day, part in zip(PAID_ON, split_every(each, lines), strict=False):
            self._pay(list(part), calendar.month(-1, day))

    def _lines_to_pay(self, run):
        """[(receivable of a bill, what is paid of it)]"""
        accounts = self._accounts()
        unpaid = {accounts[key].id for key in UNPAID}
        partly = {accounts[key].id: amount for key, amount in PARTLY.items()}
        owed = run.move_ids.line_ids.filtered(
            lambda line: line.display_type == "payment_term" and line.amount_residual > 0
        ).sorted("id")
        return [
            (line, min(line.amount_residual, partly.get(line.utility_account_id.id, line.balance)))
            for line in owed
            if line.utility_account_id.id not in unpaid
        ]

    def _pay(self, lines, day):
        """One entry of the bank's journal for a day's payments, which settle the bills."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        total = round(sum(amount for _line, amount in lines), 2)
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": self.env.company.id,
                "date": day,
                "ref": self.env._("Payments received"),
                "line_ids": [
                    Command.create(vals)
                    for vals in (
                        *(self._prepare_paid(line, amount) for line, amount in lines),
                        {
                            "name": self.env._("Payments received"),
                            "account_id": journal.default_account_id.id,
                            "balance": total,
                            "sequence": 9000,
                        },
                    )
                ],
            }
        )
        move._post(soft=False)
        paid = move.line_ids.filtered("utility_account_id").sorted("sequence")
        self._analyze()
        paid._reconcile_plan(
            [line | payment for (line, _amount), payment in zip(lines, paid, strict=True)]
        )

    def _analyze(self):
        """The planner knows nothing yet of rows that came in this one transaction."""
        self.env.flush_all()
        self.env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")

    def _prepare_paid(self, line, amount):
        return {
            "name": line.move_id.payment_reference or line.move_id.name,
            "account_id": line.account_id.id,
            "partner_id": line.partner_id.id,
            "utility_account_id": line.utility_account_id.id,
            "balance": -round(amount, 2),
            "sequence": line.id,
        }
