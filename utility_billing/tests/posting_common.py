"""The billed house of `common`, with a ledger to post its bills to.

Accounts 121000 (receivable), 400000 (revenue), 251000 (VAT), 240100 (owed to the heat company);
everybody's receivable account is 121000. Bills are posted in the journal that the first run makes.
"""

from odoo import fields

from .common import BillingCommon


class PostingCommon(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # numbers are kept by transactions of their own
        if not cls._registry_patched:
            cls.registry_enter_test_mode_cls()
        cls.receivable = cls.make_ledger_account("121000", "Receivable", "asset_receivable")
        cls.revenue = cls.make_ledger_account("400000", "Revenue", "income")
        cls.vat_account = cls.make_ledger_account("251000", "VAT", "liability_current")
        cls.owed_to_creditors = cls.make_ledger_account(
            "240100", "Owed to creditors", "liability_current"
        )
        cls.env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            cls.receivable.id,
            company_id=cls.company.id,
        )
        cls.give_tax_account(cls.vat)
        cls.env["utility.service"].search(
            [("company_id", "=", cls.company.id)]
        ).income_account_id = cls.revenue
        cls.company.utility_bill_term_id = cls.env.ref("account.account_payment_term_15days")

    @classmethod
    def make_ledger_account(cls, code, name, kind):
        return cls.env["account.account"].create(
            {
                "code": code,
                "name": name,
                "account_type": kind,
                "reconcile": kind in ("asset_receivable", "liability_payable"),
                "company_ids": [fields.Command.set(cls.company.ids)],
            }
        )

    @classmethod
    def give_tax_account(cls, tax):
        parts = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        parts.filtered(lambda part: part.repartition_type == "tax").account_id = cls.vat_account

    @classmethod
    def make_bank_journal(cls):
        """A bank whose payments wait on account 271000 for its statements."""
        bank = cls.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "BNKX", "company_id": cls.company.id}
        )
        waiting = cls.make_ledger_account("271000", "Money on its way", "asset_current")
        waiting.reconcile = True
        bank.inbound_payment_method_line_ids.payment_account_id = waiting
        return bank

    @classmethod
    def post(cls, run):
        """Post an approved run; its bills."""
        run.action_post()
        return run.move_ids.filtered(lambda move: move.is_invoice())

    @classmethod
    def posted_bills(cls, month="2026-01-15", accounts=None, **vals):
        return cls.post(cls.approved_run(month, accounts, **vals))

    def assertLedger(self, moves, *expected):
        """Ledger lines as (account code, partner, balance), in any order."""
        self.assertEqual(
            sorted(
                (line.account_id.code, line.partner_id.name, round(line.balance, 2))
                for line in moves.line_ids
            ),
            sorted(expected),
        )
