"""Whose payment it is: reading texts, points and reasons, without a database."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import references
from ..engine.matching import (
    AccountFacts,
    Earlier,
    Known,
    candidates,
    outcome,
    taken_back,
)
from ..engine.names import alike, likeness, numbers, stems
from ..engine.payment_reading import PaymentText, digits_of, plain_of, read

D = Decimal
DAY = date(2026, 2, 20)


def known(*accounts, bills=(), payers=None):
    """Accounts as (id, number) or (id, number, {facts}); bills as (key, bill id, account id)."""
    found = Known(payers=payers or {})
    for account_id, number, *more in accounts:
        facts = {"owed": D(0), **(more[0] if more else {})}
        found.accounts[account_id] = AccountFacts(account_id, number, **facts)
        found.by_plain.setdefault(plain_of(number), set()).add(account_id)
        found.by_digits.setdefault(digits_of(number), set()).add(account_id)
    for key, bill_id, account_id in bills:
        found.bills.setdefault(key, set()).add((bill_id, account_id))
    return found


def look(facts, scheme="plain", payer_keys=(), near=(), **came):
    payment = PaymentText(D(str(came.pop("amount", "19.32"))), **came)
    return candidates(payment, read(payment, scheme), payer_keys, facts, DAY, near)


def state(found):
    return outcome(found, 90, 40)[0]


@tagged("post_install", "-at_install")
class TestReading(BaseCase):
    def assertNames(self, text, key):
        payment = PaymentText(D(1), purpose=text)
        keys = {clue.key for clue in read(payment, "plain") if clue.is_said}
        self.assertIn(key, keys, text)

    def test_labelled_numbers_in_many_languages(self):
        for text, key in (
            ("ЛС: 123", "123"),
            ("ЛС 0000123 за январь", "123"),
            ("оплата л/с №123", "123"),
            ("Лицевой счет № 40-123/7", "401237"),
            ("лиц.счёт 123", "123"),
            ("mok. kodas 123", "123"),
            ("Mokėtojo kodas: 00123, už sausį", "123"),
            ("MOKETOJO KODAS 123", "123"),
            ("abonento Nr. 123", "123"),
            ("о/р 123", "123"),
            ("особовий рахунок №123", "123"),
            ("Acct no. A-123", "A123"),
            ("customer 123", "123"),
            ("л/с 0012 3456 7", "1234567"),
        ):
            with self.subTest(text):
                self.assertNames(text, key)

    def test_days_sums_years_and_banks_are_no_numbers(self):
        for text in (
            "už 2026 m.",
            "2026-01-15",
            "15.01.2026",
            "01/2026",
            "1234,56 EUR",
            "iš LT121000011101001000",
            "tel. +370 612 34567",
        ):
            with self.subTest(text):
                self.assertEqual(read(PaymentText(D(1), purpose=text), "plain"), [])

    def test_a_reference_in_the_text(self):
        payment = PaymentText(D(1), purpose="Sąskaita RF18 5390 0754 7034 ačiū")
        self.assertIn("539007547034", {clue.key for clue in read(payment, "rf")})

    @given(st.text(max_size=80), st.sampled_from(references.SCHEMES))
    def test_any_text_is_read(self, text, scheme):
        for clue in read(PaymentText(D(1), reference=text, purpose=text), scheme):
            self.assertTrue(clue.key)
            self.assertEqual(clue.key, plain_of(clue.key))

    @given(st.integers(1, 10**12), st.sampled_from(references.SCHEMES))
    def test_every_reference_leads_back_to_its_number(self, number, scheme):
        number = str(number)
        made = references.reference(scheme, number)
        found = look(known((1, number)), scheme, reference=references.shown(scheme, made))
        self.assertEqual((found[0].account_id, state(found)), (1, "matched"))

    @given(st.integers(1, 10**8), st.sampled_from(("rf", "qrr")), st.integers(0, 200))
    def test_a_mistyped_reference_is_never_sure(self, number, scheme, place):
        made = references.reference(scheme, str(number))
        place = len(made) - 1 - place % (len(made) - 4)
        other = made[:place] + str((int(made[place]) + 1) % 10) + made[place + 1 :]
        found = look(known((1, str(number)), (2, str(number + 1))), scheme, reference=other)
        self.assertNotEqual(state(found), "matched")


@tagged("post_install", "-at_install")
class TestMatchingEngine(BaseCase):
    def test_the_number_in_its_field(self):
        found = look(known((1, "A-0000123"), (2, "A-0000124")), reference="a0000123")
        self.assertEqual([(each.account_id, each.score) for each in found], [(1, 95)])
        self.assertEqual(found[0].evidence, [("number", "a0000123")])

    def test_digits_alone_are_enough_where_one_has_them(self):
        found = look(known((1, "A-0000123")), payer_code="123")
        self.assertEqual((found[0].score, state(found)), (90, "matched"))

    def test_two_accounts_with_the_same_digits(self):
        found = look(known((1, "A-123"), (2, "B-123")), reference="123")
        self.assertEqual([each.account_id for each in found], [1, 2])
        self.assertEqual([each.score for each in found], [65, 65])
        self.assertEqual((state(found), found[0].doubt), ("doubtful", "same_digits"))

    def test_letters_tell_the_same_digits_apart(self):
        found = look(known((1, "A-123"), (2, "B-123")), reference="B-123")
        self.assertEqual([each.account_id for each in found], [2])
        found = look(known((1, "A-123456")), reference="C-123456")
        self.assertEqual((found[0].score, state(found)), (80, "doubtful"))

    def test_who_paid_tells_the_same_digits_apart(self):
        facts = known((1, "A-123"), (2, "B-123"), payers={("iban", "LT1"): {2: 1}})
        found = look(facts, reference="123", payer_keys=[("iban", "LT1")])
        self.assertEqual((found[0].account_id, found[0].score), (2, 94))
        self.assertEqual(state(found), "matched")

    def test_reference_and_text_contradict(self):
        facts = known((1, "100001"), (2, "100002"))
        found = look(facts, reference="100001", purpose="л/с 100002")
        self.assertEqual({each.account_id for each in found}, {1, 2})
        self.assertEqual((state(found), found[0].doubt), ("doubtful", "contradicted"))
        self.assertLessEqual(found[0].score, 70)

    def test_a_number_somewhere_does_not_contradict_a_reference(self):
        facts = known((1, "100001"), (2, "100002"))
        found = look(facts, reference="100001", purpose="dok. 100002")
        self.assertEqual((found[0].account_id, state(found)), (1, "matched"))

    def test_a_bare_number_is_doubtful_until_the_sum_agrees(self):
        found = look(known((1, "123456")), purpose="123456 ačiū")
        self.assertEqual((found[0].score, state(found)), (80, "doubtful"))
        facts = known((1, "123456", {"owed": D("19.32"), "payer_name": "Jonas Petraitis"}))
        found = look(facts, purpose="123456", payer_name="PETRAITIS JONAS")
        self.assertEqual((found[0].score, state(found)), (91, "matched"))

    def test_a_bill_in_the_text(self):
        facts = known((1, "100001"), bills=[("UB202600012", 77, 1)])
        for text in ("Sąskaita UB/2026/00012", "už UB-2026-00012", "pagal UB 2026/00012"):
            with self.subTest(text):
                found = look(facts, purpose=text)
                self.assertEqual((found[0].bill_id, found[0].score), (77, 93))
                self.assertEqual(found[0].method, "bill")

    def test_a_payer_seen_before(self):
        for times, score, expected in ((1, 84, "doubtful"), (3, 92, "matched")):
            facts = known((1, "100001"), payers={("iban", "LT1"): {1: times}})
            found = look(facts, payer_keys=[("iban", "LT1")])
            self.assertEqual((found[0].score, state(found)), (score, expected))

    def test_a_payer_of_several_is_doubtful_unless_more_speaks(self):
        payers = {("iban", "LT1"): {1: 9, 2: 1}}
        facts = known((1, "100001"), (2, "100002"), payers=payers)
        found = look(facts, payer_keys=[("iban", "LT1")])
        self.assertEqual([each.score for each in found], [50, 50])
        self.assertEqual(state(found), "doubtful")
        found = look(facts, payer_keys=[("iban", "LT1")], purpose="100002")
        self.assertEqual((found[0].account_id, state(found)), (2, "matched"))

    def test_a_payer_of_many_says_nothing(self):
        accounts = [(each, f"10000{each}") for each in range(1, 8)]
        facts = known(*accounts, payers={("iban", "LT1"): dict.fromkeys(range(1, 8), 5)})
        self.assertEqual(look(facts, payer_keys=[("iban", "LT1")]), [])

    def test_a_name_and_an_address_are_never_proof(self):
        home = {"payer_name": "Jonas Petraitis", "address": "Kaunas, Savanorių pr. 12, 1, 3"}
        facts = known((1, "100001", home), (2, "100002", {**home, "address": "Kaunas, Sodų 9"}))
        came = {"payer_name": "JONAS PETRAITIS", "payer_address": "Savanoriu pr. 12-3, Kaunas"}
        found = look(facts, near=(1, 2), **came)
        self.assertEqual((found[0].account_id, found[0].method), (1, "name"))
        self.assertTrue(70 <= found[0].score <= 85)
        self.assertGreater(found[0].score, found[1].score + 10)
        self.assertEqual(state(found), "doubtful")

    def test_the_sum_alone_is_a_weak_hint(self):
        facts = known((1, "100001", {"owed": D("19.32")}))
        found = look(facts, near=(1,))
        self.assertEqual((found[0].score, found[0].method), (40, "amount"))
        self.assertEqual(state(found), "doubtful")

    def test_an_account_that_closed_owing_nothing(self):
        facts = known((1, "100001", {"date_close": date(2025, 1, 31)}))
        found = look(facts, reference="100001")
        self.assertEqual((found[0].score, state(found)), (65, "doubtful"))

    def test_nothing_is_found(self):
        self.assertEqual(state(look(known((1, "100001")), purpose="ačiū")), "unmatched")

    def test_what_is_taken_back(self):
        payment = PaymentText(D("-10"), reference="100001", payer_iban="LT1")
        earlier = [Earlier(1, 5), Earlier(2, 5, "100001", "LT1"), Earlier(3, 6, "", "LT1")]
        self.assertEqual(
            [
                (other.payment_id, score)
                for other, score, _codes in taken_back(payment, "", earlier)
            ],
            [(2, 85), (3, 65), (1, 40)],
        )

    @given(st.lists(st.sampled_from("abcdef "), max_size=30), st.text(max_size=30))
    def test_likeness_is_within_its_bounds(self, one, other):
        one = "".join(one)
        self.assertTrue(0 <= likeness(one, other, other, one) <= 85)
        self.assertEqual(alike(one, other), alike(other, one))

    def test_names(self):
        self.assertEqual(alike("PETRAITIS Jonas", "Jonas Petraitis"), 1)
        self.assertGreater(alike("Žukauskienė Ona", "ona zukauskiene"), 0.99)
        self.assertEqual(numbers("Savanorių pr. 12-3, LT-44255 Kaunas"), {"12", "3"})
        self.assertEqual(stems("Jonas Petraitis"), ["petrai", "jonas"])


@tagged("post_install", "-at_install")
class TestMatchingBounds(BaseCase):
    @given(
        st.text(max_size=60),
        st.sampled_from(("", "100001", "100002", "A-77", "77")),
        st.sampled_from(references.SCHEMES),
        st.dictionaries(st.integers(1, 4), st.integers(1, 9), max_size=4),
    )
    def test_points_are_from_0_to_100_and_sure_is_one_account(self, text, number, scheme, seen):
        facts = known(
            (1, "100001"),
            (2, "100002", {"owed": D("19.32")}),
            (3, "A-77"),
            (4, "B-77"),
            payers={("iban", "LT1"): seen},
        )
        found = look(
            facts, scheme, [("iban", "LT1")], (1, 2), reference=number, purpose=f"{text} {number}"
        )
        self.assertLessEqual(len(found), 5)
        for candidate in found:
            self.assertTrue(0 <= candidate.score <= 100)
            self.assertTrue(candidate.evidence)
        if state(found) == "matched":
            self.assertGreaterEqual(found[0].score, 90)
            self.assertTrue(len(found) == 1 or found[1].score <= found[0].score - 10)
