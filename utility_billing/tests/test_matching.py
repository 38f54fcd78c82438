"""Payments find their accounts: on record, in slices, with what was learned."""

from odoo.fields import Command
from odoo.tests import tagged

from .matching_common import MatchingCommon

IBAN = "LT121000011101001000"


@tagged("post_install", "-at_install")
class TestMatching(MatchingCommon):
    def test_numbers_find_their_accounts_and_register_themselves(self):
        self.company.utility_sure_score = 90
        payments = self.matched(
            {"reference": "A-100001"},
            {"payer_code": "0100002"},
            {"purpose": "mok. kodas 100002, už sausį"},
            {"purpose": "ačiū"},
        )
        self.assertPlaced(
            payments,
            ("registered", "A-100001", 95),
            ("registered", "A-100002", 90),
            ("registered", "A-100002", 90),
            ("unmatched", False, 0),
        )
        self.assertEqual(payments[0].reason, "The account's number: A-100001")
        self.assertEqual(payments[3].reason, "Nothing in it tells whose it is")
        self.assertEqual(payments.batch_id.state, "review")

    def test_nothing_registers_itself_above_the_threshold(self):
        self.company.utility_sure_score = 101
        payments = self.matched({"reference": "A-100001"})
        self.assertPlaced(payments, ("matched", "A-100001", 95))
        payments.batch_id.action_register()
        self.assertEqual((payments.state, payments.batch_id.state), ("registered", "done"))

    def test_references_of_each_scheme(self):
        for scheme in ("rf", "kid10", "kid11", "qrr", "fi"):
            with self.subTest(scheme):
                self.company.utility_reference_scheme = scheme
                payment = self.matched({"reference": self.first._utility_reference()})
                self.assertPlaced(payment, ("registered", "A-100001", 100))
                self.assertEqual(payment.method, "reference")

    def test_a_bill_that_is_named(self):
        payments = self.matched(
            {"purpose": f"Sąskaita {self.bill.name}"}, {"reference": self.bill.name}
        )
        for payment in payments:
            self.assertEqual(payment.bill_id, self.bill)
            self.assertEqual((payment.account_id, payment.method), (self.first, "bill"))

    def test_a_reference_of_the_bill(self):
        self.company.write({"utility_reference_of": "bill", "utility_reference_scheme": "rf"})
        bill = self.posted_bills("2026-02-15")[0]
        self.assertTrue(bill.payment_reference.startswith("RF"))
        payment = self.matched({"reference": bill.payment_reference})
        self.assertEqual((payment.bill_id, payment.account_id), (bill, self.first))
        self.assertEqual((payment.score, payment.method), (100, "reference"))

    def test_two_accounts_with_the_same_digits(self):
        other = self.make_account(self.flat_3, self.tomas, number="B-100001")
        payment = self.matched({"reference": "100001"})
        self.assertPlaced(payment, ("doubtful", False, 65))
        self.assertEqual(payment.candidate_ids.account_id, self.first | other)
        self.assertIn("Several accounts have these digits", payment.reason)

    def test_an_account_of_another_company_is_none(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.second.flush_recordset()
        self.env.cr.execute(
            "UPDATE utility_account SET company_id = %s WHERE id = %s", [other.id, self.second.id]
        )
        self.second.invalidate_recordset()
        self.assertPlaced(self.matched({"reference": "A-100002"}), ("unmatched", False, 0))

    def test_a_name_and_an_address(self):
        payments = self.matched(
            {"payer_name": "PETRAITIS JONAS", "payer_address": "Savanoriu pr. 12-1, Kaunas"},
            {"payer_name": "Kazlauskiene O.", "payer_address": "Savanoriu pr. 12-2"},
        )
        self.assertEqual(payments.mapped("state"), ["doubtful", "doubtful"])
        self.assertEqual(payments[0].candidate_ids[0].account_id, self.first)
        self.assertEqual(payments[1].candidate_ids[0].account_id, self.second)
        self.assertEqual(payments[0].method, "name")
        self.assertIn("A like name and address", payments[0].reason)

    def test_the_sum_alone_is_a_weak_hint(self):
        payment = self.matched({"amount": self.bill.amount_total})
        self.assertPlaced(payment, ("doubtful", False, 40))
        self.assertEqual(payment.candidate_ids.account_id, self.first)
        self.assertTrue(payment.candidate_ids.is_exact)
        self.assertIn(self.bill.name, payment.candidate_ids.open_bills)

    def test_what_is_taken_back_is_proposed(self):
        paid = self.matched({"reference": "A-100001", "payer_iban": IBAN, "amount": 9})
        self.assertEqual(paid.state, "registered")
        back = self.matched({"amount": -9, "payer_iban": IBAN, "reference": "A-100001"})
        self.assertPlaced(back, ("doubtful", False, 85))
        self.assertEqual(back.candidate_ids.takes_back_id, paid)
        back.candidate_ids.action_choose()
        self.assertEqual((back.takes_back_id, back.account_id), (paid, self.first))

    def test_a_split_payment_that_is_taken_back_is_proposed(self):
        parts = [
            Command.create({"account_id": account.id, "amount": amount})
            for account, amount in ((self.first, 4), (self.second, 5))
        ]
        values = {"state": "matched", "part_ids": parts, "payer_iban": IBAN}
        paid = self.pay((None, 9, values))
        back = self.matched({"amount": -9, "payer_iban": IBAN})
        self.assertPlaced(back, ("doubtful", False, 65))
        self.assertEqual(back.candidate_ids.takes_back_id, paid)
        back.candidate_ids.action_choose()
        back.action_register()
        self.assertEqual((paid.state, back.state), ("returned", "registered"))

    def test_a_member_of_a_collective_account_pays_what_that_owes(self):
        board = self.make_person("Namo bendrija")
        collective = self.make_account(self.house, board, kind="collective", number="C-200001")
        self.second.bill_to_account_id = collective
        payments = self.matched(
            {"reference": "A-100002", "payer_iban": IBAN},
            {"purpose": "ačiū", "payer_iban": IBAN},
        )
        self.assertPlaced(payments, ("registered", "C-200001", 95), ("unmatched", False, 0))
        payments[1].action_match()
        self.assertPlaced(payments[1], ("doubtful", False, 84))
        self.assertEqual(payments[1].candidate_ids.account_id, collective)
        self.assertEqual((collective.balance, self.second.balance), (-7, 0))

    def test_what_a_member_owes_himself_he_pays_himself(self):
        board = self.make_person("Namo bendrija")
        collective = self.make_account(self.house, board, kind="collective", number="C-200001")
        self.first.bill_to_account_id = collective
        payment = self.matched({"reference": "A-100001"})
        self.assertPlaced(payment, ("registered", "A-100001", 95))
        self.assertAlmostEqual(self.bill.amount_residual, self.bill.amount_total - 7)

    def test_a_day_to_come_waits(self):
        payment = self.matched({"reference": "A-100001", "date": "2026-05-01"})
        self.assertPlaced(payment, ("doubtful", False, 95))
        self.assertIn("Dated in the future", payment.reason)

    def test_matching_again_keeps_what_a_person_chose(self):
        payments = self.matched({"purpose": "a"}, {"purpose": "b"})
        payments[0].account_id = self.second
        payments[1].purpose = "mok. kodas 100001"
        payments.batch_id.action_match()
        self.assertEqual(payments.account_id, self.first | self.second)
        self.assertEqual(payments[0].account_id, self.second)

    def test_the_number_of_queries_is_fixed(self):
        def count(times):
            batch = self.make_list(
                *(
                    {"reference": f"{'AC'[number % 2]}-10000{1 + number % 3}"}
                    for number in range(times)
                ),
                *({"purpose": f"x {number}", "payer_iban": IBAN} for number in range(times)),
            )
            payments = batch.payment_ids
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            payments._match()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2)
        few, many = count(3), count(40)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 40)

    def test_many_are_matched_in_jobs(self):
        batch = self.make_list(*({"reference": "A-100001"} for _each in range(201)))
        batch.action_match()
        self.assertEqual(batch.state, "matching")
        for part in batch.slice_ids:
            part._job_calculate()
        info = batch.progress_info()
        self.assertEqual((info["done"], info["total"], info["percent"]), (201, 201, 100.0))
        batch._job_finish()
        self.assertEqual(batch.state, "registering")
        for part in batch._slices():
            part._job_calculate()
        batch._job_finish()
        self.assertEqual((batch.state, batch.registered_count), ("done", 201))


@tagged("post_install", "-at_install")
class TestLearning(MatchingCommon):
    def seen(self):
        identities = self.env["utility.payer.identity"].search(
            [("company_id", "=", self.company.id)]
        )
        return [
            (each.kind, each.key, each.account_id.number, each.times, each.source)
            for each in identities.sorted("id")
        ]

    def test_a_reference_teaches_who_pays(self):
        self.matched({"reference": "A-100001", "payer_iban": "LT12 1000 0111 0100 1000"})
        self.assertEqual(self.seen(), [("iban", IBAN, "A-100001", 1, "reference")])
        payment = self.matched({"purpose": "ačiū", "payer_iban": IBAN})
        self.assertPlaced(payment, ("doubtful", False, 84))
        self.assertEqual(payment.candidate_ids.account_id, self.first)

    def test_a_payer_seen_three_times_is_sure(self):
        for _each in range(3):
            self.matched({"reference": "A-100001", "payer_iban": IBAN})
        payment = self.matched({"purpose": "ačiū", "payer_iban": IBAN})
        self.assertPlaced(payment, ("registered", "A-100001", 92))
        self.assertEqual(payment.method, "payer")

    def test_a_choice_helps_the_next_one(self):
        payments = self.matched(
            {"purpose": "a", "payer_iban": IBAN}, {"purpose": "b", "payer_iban": IBAN}
        )
        payments[0].account_id = self.second
        self.assertEqual(self.seen(), [("iban", IBAN, "A-100002", 1, "hand")])
        payments[1].action_match()
        self.assertPlaced(payments[1], ("doubtful", False, 84))

    def test_undo_takes_back_what_was_taught(self):
        payment = self.matched({"purpose": "a", "payer_iban": IBAN})
        payment.account_id = self.second
        payment.action_reopen()
        self.assertPlaced(payment, ("unmatched", False, 0))
        self.assertEqual(self.seen(), [])

    def test_what_a_person_corrects_is_forgotten(self):
        self.company.utility_sure_score = 101
        self.env["utility.payer.identity"].create(
            {"shown": IBAN, "account_id": self.first.id, "times": 5, "company_id": self.company.id}
        )
        payment = self.matched({"purpose": "a", "payer_iban": IBAN})
        self.assertPlaced(payment, ("matched", "A-100001", 92))
        payment.account_id = self.second
        self.assertEqual(self.seen(), [("iban", IBAN, "A-100002", 1, "hand")])
        self.matched({"reference": "A-100001", "payer_iban": IBAN}).action_register()
        self.assertEqual(len(self.seen()), 1)

    def test_the_collectors_own_account_teaches_nothing(self):
        self.bank.iban = IBAN
        self.matched({"reference": "A-100001", "payer_iban": IBAN})
        self.assertEqual(self.seen(), [])

    def test_who_pays_for_several_is_doubtful(self):
        self.matched(
            {"reference": "A-100001", "payer_iban": IBAN},
            {"reference": "A-100002", "payer_iban": IBAN},
        )
        payment = self.matched({"purpose": "a", "payer_iban": IBAN})
        self.assertPlaced(payment, ("doubtful", False, 50))
        self.assertEqual(payment.candidate_ids.account_id, self.first | self.second)

    def test_a_name_and_address_are_learned_where_there_is_no_bank(self):
        came = {"payer_name": "Vaikas Petraitis", "payer_address": "Vilnius, Gedimino pr. 1"}
        self.matched({"reference": "A-100001", **came})
        payment = self.matched({"purpose": "mama", **came})
        self.assertPlaced(payment, ("doubtful", False, 84))
        self.assertIn("Paid under this name and address before, 1 ×", payment.reason)
