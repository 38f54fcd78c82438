"""The act that both sides sign: opening, every bill and payment, closing."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .document_common import DocumentCommon


@tagged("post_install", "-at_install")
class TestReconciliationAct(DocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.january = cls.posted_bills()
        cls.payment = cls.pay(15.00)
        cls.february = cls.posted_bills("2026-02-10")

    def make_act(self, **vals):
        return self.env["utility.reconciliation.act"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.jonas.id,
                "date_from": "2026-02-01",
                "date_to": "2026-02-28",
                **vals,
            }
        )

    def test_from_opening_to_closing(self):
        """19.32 of January are owed at the start, 15.00 were paid, 12.35 charged: 16.67."""
        act = self.make_act()
        self.assertEqual(act.account_ids, self.account)
        self.assertRecordValues(
            act, [{"opening": 19.32, "debit": 12.35, "credit": 15.0, "closing": 16.67}]
        )
        self.assertEqual(
            [(row["name"], row["debit"], row["credit"]) for row in act._entries()],
            [(self.payment.name, 0.0, 15.0), (self.february.name, 12.35, 0.0)],
        )
        self.assertEqual(
            act._conclusion(),
            "On 02/28/2026 Jonas Petraitis owes Kaunas Utilities 16.67\N{NO-BREAK SPACE}€.",
        )

    def test_the_last_day_of_a_period_counts(self):
        act = self.make_act(date_from="2026-01-31", date_to="2026-01-31")
        self.assertEqual((act.opening, act.debit, act.closing), (0.0, 19.32, 19.32))

    def test_who_is_overpaid_is_told_so(self):
        self.pay(50.00, "2026-02-20")
        act = self.make_act()
        self.assertEqual(act.closing, -33.33)
        self.assertIn("Kaunas Utilities owes Jonas Petraitis 33.33", act._conclusion())

    def test_what_another_owes_is_not_in_it(self):
        self.make_customer("Second", 3)
        with self.assertRaises(UserError):
            self.make_act(partner_id=self.ona.id).action_print()

    def test_days_in_order(self):
        with self.assertRaises(ValidationError):
            self.make_act(date_to="2026-01-01")

    def test_both_sign_what_is_printed(self):
        action = self.account.action_reconciliation_act()
        act = self.env["utility.reconciliation.act"].with_context(**action["context"]).create({})
        self.assertEqual((act.partner_id, act.account_ids), (self.jonas, self.account))
        pdf = (
            self.env["ir.actions.report"]
            ._render_qweb_pdf_prepare_streams(
                "utility_billing.report_reconciliation_act", {}, res_ids=act.ids
            )[act.id]["stream"]
            .getvalue()
        )
        text = " ".join(self.text_of(pdf).split())
        for wanted in ("Reconciliation Act", "For the supplier", "For the payer", "19.32"):
            self.assertIn(wanted, text)
        self.assertIn("On 03/16/2026 Jonas Petraitis owes Kaunas Utilities", text)

    def test_a_user_of_one_building_does_not_see_another(self):
        manager = self.make_user("manager", utility_building_ids=[(6, 0, self.other_house.ids)])
        act = (
            self.env["utility.reconciliation.act"]
            .with_user(manager)
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.jonas.id,
                    "date_from": "2026-02-01",
                    "date_to": "2026-02-28",
                }
            )
        )
        self.assertFalse(act.account_ids)
        with self.assertRaises(UserError):
            act.action_print()
