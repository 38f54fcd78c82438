from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBenefitChange(BillingCommon):
    """Half of the water is granted, January is billed; then the law says 80 % since January."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["utility.benefit.kind"].create(
            {
                "name": "Veterans",
                "code": "VET",
                "value": 50,
                "company_id": cls.company.id,
                "component_codes": "water",
            }
        )
        cls.benefit = cls.env["utility.benefit"].create(
            {
                "kind_id": cls.kind.id,
                "account_id": cls.account.id,
                "partner_id": cls.jonas.id,
                "date_start": "2025-06-01",
                "company_id": cls.company.id,
            }
        )
        cls.january = cls.approved_run()

    def successor(self):
        kind = self.kind.browse(self.kind.action_successor()["res_id"])
        kind.value = 80
        return kind

    def test_what_led_to_money_does_not_change(self):
        self.assertIn(("benefit", -7.59), [(c.kind, c.amount) for c in self.january.charge_ids])
        with self.assertRaisesRegex(UserError, "Make a successor"):
            self.kind.value = 80

    def test_changed_over_to_a_successor_billed_months_are_corrected(self):
        self.benefit._supersede({"kind_id": self.successor().id}, self.day("2026-01-01"))
        february = self.make_run("2026-02-15")
        corrections = february.charge_ids.filtered("is_correction")
        # 15.18 × 80 % = 12.15 instead of 15.18 × 50 % = 7.59
        self.assertEqual(corrections.mapped("amount"), [-12.15, 7.59])
        self.assertIn("Veterans", corrections[0].reason)

    def test_all_are_changed_over_at_once(self):
        later = self.env["utility.benefit"].create(
            {
                "kind_id": self.kind.id,
                "account_id": self.account.id,
                "partner_id": self.ona.id,
                "date_start": "2026-05-01",
                "company_id": self.company.id,
            }
        )
        action = self.kind.action_change_over()
        wizard = (
            self.env["utility.benefit.change.over"]
            .with_user(self.make_user("billing_operator"))
            .with_context(**action["context"])
            .create({"successor_id": self.successor().id, "reason": "Law No. 5"})
        )
        self.assertEqual((str(wizard.date_start), wizard.benefit_count), ("2026-04-01", 2))
        shown = self.env["utility.benefit"].search(wizard.action_run()["domain"])
        self.assertEqual(shown.kind_id, wizard.successor_id)
        self.assertEqual(sorted(map(str, shown.mapped("date_start"))), ["2026-04-01", "2026-05-01"])
        self.assertEqual((str(self.benefit.date_end), bool(later.voided_at)), ("2026-03-31", True))
        with self.assertRaisesRegex(UserError, "no beneficiaries"):
            wizard.action_run()
