from datetime import timedelta

from odoo import models
from odoo.fields import Command

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
        self._load_payments(run)

    def _post_at_once(self, run):
        """Whatever the number of accounts: no worker takes jobs while a town is built."""
        run.with_context(queue_job__no_delay=True).action_post()

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

    def _analyze(self):
        """The planner knows nothing yet of rows that came in this one transaction."""
        self.env.flush_all()
        self.env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
