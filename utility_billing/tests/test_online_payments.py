"""Online payments through Odoo's providers become payments of utility accounts, once."""

from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .payment_common import PaymentCommon


class OnlineCommon(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.posted_bills()
        cls.payer_account = cls.bill.utility_account_id
        cls.collector = cls.make_collector("Card payments", kind="online")
        cls.method = cls.env["payment.method"].create({"name": "Any card", "code": "any"})
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Card payments",
                "code": "none",
                "state": "test",
                "company_id": cls.company.id,
                "is_published": True,
                "utility_collector_id": cls.collector.id,
                "payment_method_ids": [(6, 0, cls.method.ids)],
            }
        )
        cls.method.active = True

    @classmethod
    def start(cls, amount, reference, **vals):
        """A transaction that the payer has begun."""
        return cls.env["payment.transaction"].create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": cls.method.id,
                "reference": reference,
                "provider_reference": f"P-{reference}",
                "amount": amount,
                "currency_id": cls.company.currency_id.id,
                "partner_id": cls.payer_account.partner_id.id,
                "operation": "online_direct",
                "utility_account_id": cls.payer_account.id,
                **vals,
            }
        )

    @classmethod
    def done(cls, transaction):
        transaction._set_done()
        transaction._post_process()
        return transaction.utility_payment_ids


@tagged("post_install", "-at_install")
class TestOnlinePayments(OnlineCommon):
    def test_done_it_pays_the_bill(self):
        total = self.bill.amount_total
        payment = self.done(self.start(total, "ON-1"))
        self.assertEqual(payment.state, "registered")
        self.assertEqual(payment.bank_ref, "P-ON-1")
        self.assertEqual(payment.batch_id.source, "online")
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertFalse(payment.transaction_id.payment_id)
        self.assertLedger(
            payment.move_id,
            ("121000", self.bill.partner_id.name, -total),
            ("272000", False, total),
        )

    def test_notified_twice_it_is_taken_once(self):
        transaction = self.start(10, "ON-1")
        first = self.done(transaction)
        transaction._post_process()
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(transaction.utility_payment_ids, first)
        self.assertAlmostEqual(self.bill.amount_residual, self.bill.amount_total - 10)

    def test_not_paid_nothing_is_taken(self):
        transaction = self.start(10, "ON-1")
        transaction._set_pending()
        transaction._post_process()
        self.assertFalse(transaction.utility_payment_ids)
        transaction._set_canceled()
        transaction._post_process()
        self.assertFalse(transaction.utility_payment_ids)

    def test_one_list_a_day_and_provider(self):
        payments = self.done(self.start(1, "ON-1")) | self.done(self.start(2, "ON-2"))
        self.assertEqual(len(payments.batch_id), 1)
        self.assertEqual(payments.batch_id.amount, 3)
        batches = self.env["utility.payment.batch"]
        batches._cron_settle_online()
        self.assertEqual(payments.batch_id.state, "review")
        payments.batch_id.date = "2026-03-01"
        batches._cron_settle_online()
        self.assertEqual(payments.batch_id.state, "done")

    def test_refunded_it_is_owed_again(self):
        transaction = self.start(10, "ON-1")
        payment = self.done(transaction)
        refund = transaction._create_child_transaction(10, is_refund=True)
        self.assertEqual(refund.utility_account_id, self.payer_account)
        self.done(refund)
        self.assertEqual(payment.state, "returned")
        self.assertAlmostEqual(self.bill.amount_residual, self.bill.amount_total)
        refund._post_process()
        self.assertFalse(refund.utility_payment_ids)

    def test_refunded_in_part_the_rest_stays_paid(self):
        transaction = self.start(10, "ON-1")
        payment = self.done(transaction)
        refund = transaction._create_child_transaction(4, is_refund=True)
        rest = self.done(refund)
        self.assertEqual(payment.state, "returned")
        self.assertEqual((rest.amount, rest.state), (6, "registered"))
        self.assertAlmostEqual(self.bill.amount_residual, self.bill.amount_total - 6)
        refund._post_process()
        self.assertAlmostEqual(self.bill.amount_residual, self.bill.amount_total - 6)
        self.done(transaction._create_child_transaction(6, is_refund=True))
        self.assertAlmostEqual(self.bill.amount_residual, self.bill.amount_total)

    def test_what_cannot_be_registered_waits_with_the_reason(self):
        self.company.fiscalyear_lock_date = "2026-12-31"
        payment = self.done(self.start(10, "ON-1"))
        self.assertEqual(payment.state, "matched")
        self.assertIn("locked", payment.refusal)
        self.company.fiscalyear_lock_date = False
        payment.action_register()
        self.assertEqual((payment.state, payment.refusal), ("registered", False))

    def test_parts_go_to_several_accounts(self):
        other = self.make_account(
            self.make_premise("flat", "22", self.entrance), self.make_person("Ona Kitoke")
        )
        parts = [
            {"account_id": self.payer_account.id, "amount": 4},
            {"account_id": other.id, "amount": 6},
        ]
        payment = self.done(self.start(10, "ON-1", utility_parts=parts))
        self.assertEqual(payment.part_ids.mapped("amount"), [4, 6])
        self.assertEqual(other.balance, -6)
        with self.assertRaisesRegex(ValidationError, "instead of 11"):
            self.start(11, "ON-2", utility_parts=parts)

    def test_for_a_member_the_collective_account_is_paid(self):
        collective = self.make_account(
            self.house, self.make_person("Namo bendrija"), kind="collective"
        )
        other = self.make_account(
            self.make_premise("flat", "22", self.entrance),
            self.make_person("Ona Kitoke"),
            bill_to_account_id=collective.id,
        )
        payment = self.done(self.start(10, "ON-1", utility_account_id=other.id))
        self.assertEqual((payment.account_id, collective.balance), (collective, -10))
        parts = [
            {"account_id": self.payer_account.id, "amount": 4},
            {"account_id": other.id, "amount": 6},
        ]
        self.done(self.start(10, "ON-2", utility_parts=parts))
        self.assertEqual((collective.balance, other.balance), (-16, 0))

    def test_a_bill_paid_in_odoos_own_portal_is_paid_here(self):
        transaction = self.start(
            10, "ON-1", utility_account_id=False, invoice_ids=[(6, 0, self.bill.ids)]
        )
        self.assertEqual(transaction.utility_account_id, self.payer_account)
        payment = self.done(transaction)
        self.assertEqual(payment.bill_id, self.bill)
        self.assertFalse(transaction.payment_id)
        self.assertAlmostEqual(self.payer_account.balance, self.bill.amount_total - 10)

    def test_a_collector_is_made_where_there_is_none(self):
        self.provider.utility_collector_id = False
        self.company.transfer_account_id = self.clearing
        payment = self.done(self.start(1, "ON-1"))
        self.assertEqual(payment.collector_id.kind, "online")
        self.assertEqual(self.provider.utility_collector_id, payment.collector_id)

    def test_a_link_asks_for_what_is_owed(self):
        query = parse_qs(urlsplit(self.payer_account._utility_payment_link()).query)
        self.assertEqual(float(query["amount"][0]), self.bill.amount_total)
        self.assertEqual(int(query["utility_account_id"][0]), self.payer_account.id)
        self.pay((self.payer_account, self.bill.amount_total))
        with self.assertRaisesRegex(UserError, "Nothing is owed"):
            self.payer_account._utility_payment_link()


@tagged("post_install", "-at_install")
class TestOnlinePaymentPage(OnlineCommon, HttpCase):
    def test_from_the_link_to_the_transaction(self):
        link = self.payer_account._utility_payment_link(bill=self.bill)
        page = self.url_open(link)
        self.assertEqual(page.status_code, 200)
        route = f"/utility/transaction/{self.payer_account.id}/{self.bill.id}"
        self.assertIn(route, page.text)
        query = {name: found[0] for name, found in parse_qs(urlsplit(link).query).items()}
        params = {
            "amount": float(query["amount"]),
            "currency_id": int(query["currency_id"]),
            "partner_id": int(query["partner_id"]),
            "access_token": query["access_token"],
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "token_id": None,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/my",
            "reference_prefix": self.payer_account.number,
        }
        answer = self.make_jsonrpc_request(route, params)
        transaction = self.env["payment.transaction"].search(
            [("reference", "=", answer["reference"])]
        )
        self.assertEqual(transaction.utility_account_id, self.payer_account)
        self.assertEqual(transaction.utility_bill_id, self.bill)
        with mute_logger("odoo.http"), self.assertRaisesRegex(Exception, "403|Forbidden"):
            self.make_jsonrpc_request(route, {**params, "amount": 1.0})
