"""Money of who used to pay for an account, after the flat was sold: his debt, not the buyer's.

Jonas owes 50.00 of February, Ona, who bought the flat, 70.00 of March; he used to pay from IBAN.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .cash_common import CashCommon
from .payment_correction_common import PaymentCorrectionCommon
from .test_online_payments import OnlineCommon

IBAN = "LT121000011101001000"


@tagged("post_install", "-at_install")
class TestFormerPayers(PaymentCorrectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["utility.numbering"]._for("account", cls.company).check_given = False
        cls.flat_account.number = "A-100001"
        cls.seller = cls.flat_account.partner_id
        cls.old = cls.make_bill(cls.flat_account, (cls.wet, 50))
        cls.buyer = cls.make_person("Ona Pirkėja")
        cls.flat_account._change_payer(cls.buyer)
        cls.new = cls.make_bill(cls.flat_account, (cls.wet, 70), date="2026-03-16")

    def assertOpen(self, *expected):
        """What is open of the seller's bill and of the buyer's."""
        self.env.flush_all()
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), expected)

    def come(self, **vals):
        """A payment that came without an account, matched."""
        batch = self.make_batch(state="draft")
        payment = self.env["utility.payment"].create(
            {"batch_id": batch.id, "date": "2026-02-20", "amount": 50, **vals}
        )
        batch.action_match()
        return payment

    def teach(self, payer, times=3):
        self.env["utility.payer.identity"].create(
            {
                "shown": IBAN,
                "account_id": self.flat_account.id,
                "payer_id": payer.id,
                "times": times,
                "company_id": self.company.id,
            }
        )

    def test_the_bill_that_he_names_is_paid(self):
        payment = self.come(purpose=f"Sąskaita {self.old.name}", amount=60)
        self.assertEqual((payment.state, payment.bill_id), ("registered", self.old))
        self.assertOpen(0, 70)
        self.assertEqual(payment.credit, 10)
        self.assertEqual(payment.line_ids.partner_id, self.seller)

    def test_what_is_over_is_not_the_buyers(self):
        self.come(purpose=f"Sąskaita {self.old.name}")
        again = self.come(purpose=f"Sąskaita {self.old.name}")
        self.flat_account.action_cover_by_credit()
        self.assertOpen(0, 70)
        self.assertEqual((again.credit, again.line_ids.partner_id), (50, self.seller))

    def test_a_debt_that_went_over_is_the_buyers(self):
        self.flat_account._transfer_debt(self.buyer, "2026-03-16")
        payment = self.come(purpose=f"Sąskaita {self.old.name}", amount=120)
        self.assertEqual((payment.credit, self.flat_account.balance), (0, 0))
        self.assertEqual(payment.line_ids.partner_id, self.buyer)

    def test_one_part_names_the_bill(self):
        payment = self.make_batch((self.flat_account, 50, {"bill_id": self.old.id})).payment_ids
        self.assertEqual(
            payment._shares(), [(self.flat_account, self.seller, self.wet.browse(), 50)]
        )
        payment.partner_id = self.buyer
        payment.action_register()
        self.assertOpen(50, 20)

    def test_the_bill_of_his_sum_is_proposed(self):
        payment = self.come(reference="A-100001")
        self.assertEqual(payment.state, "doubtful")
        self.assertIn("The bill of this sum is a former payer's", payment.reason)
        payment.candidate_ids.action_choose()
        payment.action_register()
        self.assertOpen(0, 70)

    def test_his_number_alone_is_the_buyers(self):
        self.assertEqual(self.come(reference="A-100001", amount=30).state, "registered")
        self.assertOpen(50, 40)

    def test_his_bank_account_is_for_his_debt(self):
        self.teach(self.seller)
        payment = self.come(payer_iban=IBAN, amount=30)
        self.assertEqual((payment.state, payment.score), ("doubtful", 50))
        self.assertIn("A former payer owes still", payment.reason)
        self.assertEqual(payment.candidate_ids.payer_id, self.seller)
        payment.candidate_ids.action_choose()
        payment.action_register()
        self.assertOpen(20, 70)

    def test_the_buyers_bank_account_is_sure(self):
        self.teach(self.buyer)
        payment = self.come(payer_iban=IBAN, amount=30)
        self.assertEqual((payment.state, payment.score), ("registered", 92))
        self.assertOpen(50, 40)

    def test_who_pays_for_the_buyer_now_is_learned_anew(self):
        self.pay((self.flat_account, 50, {"partner_id": self.seller.id}))
        self.teach(self.seller)
        payment = self.come(reference="A-100001", payer_iban=IBAN, amount=70)
        self.assertEqual(payment.state, "registered")
        identity = self.env["utility.payer.identity"].search([("key", "=", IBAN)])
        self.assertEqual((identity.payer_id, identity.times), (self.buyer, 1))

    def test_what_it_would_cover_is_seen(self):
        payment = self.make_batch((self.flat_account, 50, {"bill_id": self.old.id})).payment_ids
        preview = self.env["utility.payment.preview"].create({"payment_id": payment.id})
        self.assertEqual(preview.line_ids.filtered("covered").bill_id, self.old)
        self.assertEqual(preview.left_over, 0)


class SoldAfterBill:
    """The flat is sold after its bill was posted."""

    @classmethod
    def sell_flat(cls):
        cls.seller = cls.payer_account.partner_id
        cls.owed = cls.bill.amount_total
        cls.buyer = cls.make_person("Ona Pirkėja")
        cls.payer_account._change_payer(cls.buyer)


@tagged("post_install", "-at_install")
class TestFormerPayersAtTheDesk(SoldAfterBill, CashCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sell_flat()

    def take_for(self, partner, amount):
        return self.screen.take(
            key="a-key-of-the-seller-himself",
            lines=[
                {
                    "account_id": self.payer_account.id,
                    "partner_id": partner.id,
                    "amount": amount,
                }
            ],
        )

    def test_his_debt_is_seen_and_paid(self):
        self.open_shift()
        seen = self.screen.account(self.payer_account.id)
        self.assertEqual((seen["owed"], seen["payer"]), (0, "Ona Pirkėja"))
        self.assertEqual(
            [(row["id"], row["owed"], row["is_former"]) for row in seen["others"]],
            [(self.seller.id, self.owed, True)],
        )
        seen = self.screen.account(self.payer_account.id, self.seller.id)
        self.assertEqual((seen["owed"], seen["partner_id"]), (self.owed, self.seller.id))
        self.assertEqual([row["id"] for row in seen["others"]], [self.buyer.id])
        answer = self.take_for(self.seller, self.owed)
        self.assertEqual(answer["receipt"]["payers"], self.seller.name)
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertEqual(self.payment(answer).partner_id, self.seller)
        words = str(self.payment(answer).receipt_content)
        self.assertIn(self.seller.name, words)
        self.assertNotIn("In advance", words)

    def test_of_a_stranger_nothing_is_taken(self):
        self.open_shift()
        with self.assertRaisesRegex(UserError, "owes nothing under account"):
            self.take_for(self.make_person("Nobody of ours"), 5)

    def test_buyer_and_seller_with_one_receipt(self):
        self.open_shift()
        answer = self.screen.take(
            key="a-key-of-both-of-them",
            lines=[
                {"account_id": self.payer_account.id, "amount": 3},
                {
                    "account_id": self.payer_account.id,
                    "partner_id": self.seller.id,
                    "amount": self.owed,
                },
            ],
        )
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertEqual(self.payment(answer).credit, 3)
        self.assertEqual(answer["receipt"]["payers"], f"Ona Pirkėja, {self.seller.name}")


@tagged("post_install", "-at_install")
class TestFormerPayersOnline(SoldAfterBill, OnlineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sell_flat()

    def test_the_bill_of_his_link_is_paid(self):
        payment = self.done(self.start(self.owed, "ON-1", utility_bill_id=self.bill.id))
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertEqual((payment.credit, payment.line_ids.partner_id), (0, self.seller))

    def test_his_bills_in_odoos_portal_are_paid(self):
        payment = self.done(
            self.start(10, "ON-1", utility_account_id=False, invoice_ids=[(6, 0, self.bill.ids)])
        )
        self.assertAlmostEqual(self.bill.amount_residual, self.owed - 10)
        self.assertEqual(payment.credit, 0)
