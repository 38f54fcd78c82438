from datetime import timedelta

from odoo import models
from odoo.fields import Command
from odoo.tools import split_every

from odoo.addons.utility_base.demo.company import iban_of

# how the bills of the month before last were paid: collector, day of last month, days until the
# money was at the bank
LISTS = (("bank", 8, 0), ("post", 14, 1), ("bank", 22, 0))
# payers' own bank accounts
PAYERS = 100000


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_payments(self, run):
        """What residents paid of the run's bills last month, in lists of the bank and the post."""
        calendar = self._town().calendar
        lines = self._lines_to_pay(run)
        each = max(1, -(-len(lines) // len(LISTS)))
        for (key, day, later), part in zip(LISTS, split_every(each, lines), strict=False):
            paid_on = calendar.month(-1, day)
            batch = self._make_list(
                key,
                paid_on,
                [
                    self._prepare_paid(key, paid_on, number, line, amount)
                    for number, (line, amount) in enumerate(part, 1)
                ],
            )
            self._match_list(batch)
            self._bring_to_bank(batch, paid_on + timedelta(days=later))

    def _prepare_paid(self, key, day, number, line, amount):
        """A payment that names the account and the bill; of who paid before, the cashier says for
        whom it is."""
        account, payer = line.utility_account_id, line.partner_id
        vals = {
            "date": day,
            "number": number,
            "amount": round(amount, 2),
            "reference": account._utility_reference(),
            "purpose": f"Sąskaita {line.move_id.name}",
            "payer_name": payer.name,
            "bank_ref": f"{key.upper()}{day:%y%m%d}{number:04d}",
        }
        if key == "bank":
            vals["payer_iban"] = self._payers_iban(account)
        else:
            vals["payer_address"] = account.premise_id.address
        if payer != account.partner_id:
            vals.update(account_id=account.id, partner_id=payer.id, bill_id=line.move_id.id)
        return vals

    def _payers_iban(self, account):
        return iban_of(PAYERS + int(account.number))

    def _collector(self, key):
        return self.env.ref(f"utility_base.demo_collector_{key}")

    def _make_list(self, key, day, payments):
        """A new list as the cashier has it, with the totals that it came with."""
        cashier = self.env.ref("utility_base.demo_user_cashier")
        return (
            self.env["utility.payment.batch"]
            .with_user(cashier)
            .create(
                {
                    "collector_id": self._collector(key).id,
                    "company_id": self.env.company.id,
                    "date": day,
                    "source": "file",
                    "stated_count": len(payments),
                    "stated_amount": round(sum(vals["amount"] for vals in payments), 2),
                    "payment_ids": [Command.create(vals) for vals in payments],
                }
            )
        )

    def _match_list(self, batch):
        """Find the accounts; what is sure registers itself."""
        self._analyze()
        batch.action_match()
        moment = self._town().calendar.moment(batch.date + timedelta(days=1), 7, 30)
        batch.sudo().write({"started_at": moment, "ended_at": moment + timedelta(seconds=4)})

    def _bring_to_bank(self, batch, day):
        """The bank's line that brings what the list has left on the clearing account."""
        # its entries were made by others
        batch.invalidate_recordset(["move_ids"])
        collector = batch.sudo().collector_id
        clearing = collector.clearing_account_id
        standing = batch.sudo().move_ids.line_ids.filtered(
            lambda line: line.account_id == clearing and not line.reconciled
        )
        amount = round(sum(standing.mapped("balance")), 2)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self._bank_journal().id,
                "date": day,
                "amount": amount,
                "payment_ref": f"{collector.name}: {batch.date}",
                "partner_id": collector.partner_id.id,
                "account_number": collector.iban,
                "counterpart_account_id": clearing.id,
            }
        )
        # where bank clearing is installed it has done so already
        if not all(standing.mapped("reconciled")):
            brought = line.line_ids.filtered(lambda row: row.account_id == clearing)
            (standing | brought).reconcile()
        batch.transferred = amount

    def _bank_journal(self):
        return self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
