from odoo.tests import TransactionCase, tagged

from odoo.addons.utility_base.demo.demo import DONE


@tagged("post_install", "-at_install")
class TestDemoStatement(TransactionCase):
    """The bank statement that waits in the demo town to be read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["ir.config_parameter"].get_param(DONE):
            company = cls.env["res.company"].create({"name": "Empty"})
            cls.env.user.company_ids |= company
            cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        cls.env["utility.demo"]._load_town()

    def _named(self, name):
        return self.env.ref(f"utility_base.demo_{name}")

    def test_after_the_register_it_brings_its_transfer(self):
        cashier = self._named("user_cashier")
        register = self._named("file_post").with_user(cashier)
        statement = self._named("file_bank").with_user(cashier)
        for file in (register, statement):
            self.assertEqual(file.state, "draft")
            file.action_read()
            file.action_import()
        self.assertFalse(statement.totals_problem)
        self.assertEqual(
            [(row.number, row.state) for row in statement.row_ids.sorted("number")],
            [
                *((number, "imported") for number in range(1, 6)),
                (6, "skipped"),
                (7, "skipped"),
            ],
        )
        payments = statement.payment_batch_ids.payment_ids.sorted("number")
        self.assertEqual(
            [(row.amount, row.state, row.method) for row in payments],
            [
                (30.0, "registered", "reference"),
                (25.5, "registered", "reference"),
                (18.0, "registered", "text"),
                (21.0, "doubtful", "payer"),
                (42.0, "doubtful", "text"),
            ],
        )
        self.assertEqual(register.payment_batch_ids.transferred, 131.85)
        self.assertFalse(register.payment_batch_ids.totals_problem)
