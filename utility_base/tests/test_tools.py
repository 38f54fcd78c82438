import json
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import check_digits
from ..tools.dates import breakpoints, day_after, day_before, overlaps, peak_sum

VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "vectors.json"

FIRST = date(2026, 1, 1)
DAY = st.integers(0, 60).map(lambda offset: FIRST + timedelta(days=offset))
PERIOD = st.tuples(DAY, st.one_of(st.none(), DAY)).filter(lambda p: p[1] is None or p[1] >= p[0])
DAYS = [FIRST + timedelta(days=offset) for offset in range(-1, 63)]
quiet = settings(max_examples=200, deadline=None, database=None, derandomize=True)


def _covers(period, day):
    return period[0] <= day and (period[1] is None or day <= period[1])


@tagged("post_install", "-at_install")
class TestDates(BaseCase):
    def test_neighbouring_days(self):
        self.assertEqual(day_before(date(2026, 3, 1)), date(2026, 2, 28))
        self.assertEqual(day_after(date(2024, 2, 28)), date(2024, 2, 29))

    def test_both_ends_are_included(self):
        self.assertTrue(overlaps(date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 31), None))
        self.assertFalse(overlaps(date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), False))
        self.assertTrue(overlaps(date(2026, 5, 1), None, date(2026, 1, 1), None))

    def test_pieces_begin_where_something_begins_or_has_ended(self):
        found = breakpoints(
            [
                (date(2026, 1, 1), date(2026, 1, 15)),
                (date(2026, 1, 10), None),
            ]
        )
        self.assertEqual(found, [date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 16)])

    def test_peak_of_shares(self):
        shares = [
            (date(2026, 1, 1), date(2026, 1, 31), 60),
            (date(2026, 1, 31), None, 50),
            (date(2026, 3, 1), None, 40),
        ]
        self.assertEqual(peak_sum(shares), (110, date(2026, 1, 31)))
        self.assertEqual(peak_sum([]), (0, None))

    @quiet
    @given(PERIOD, PERIOD)
    def test_overlap_means_a_common_day(self, one, other):
        common = any(_covers(one, day) and _covers(other, day) for day in DAYS)
        self.assertEqual(overlaps(*one, *other), common)
        self.assertEqual(overlaps(*other, *one), common)

    @quiet
    @given(st.lists(PERIOD, max_size=6))
    def test_nothing_changes_between_breakpoints(self, periods):
        points = breakpoints(periods)
        for before, day in zip(DAYS, DAYS[1:], strict=False):
            then = [_covers(period, before) for period in periods]
            if [_covers(period, day) for period in periods] != then:
                self.assertIn(day, points)

    @quiet
    @given(st.lists(st.tuples(PERIOD, st.integers(1, 100)), max_size=6))
    def test_peak_is_the_highest_sum_of_any_day(self, rows):
        shares = [(*period, share) for period, share in rows]
        sums = {
            day: sum(share for *period, share in shares if _covers(period, day)) for day in DAYS
        }
        peak, day = peak_sum(shares)
        self.assertEqual(peak, max(sums.values()))
        if day:
            self.assertEqual(sums[day], peak)


@tagged("post_install", "-at_install")
class TestCheckDigits(BaseCase):
    def test_known_numbers(self):
        self.assertEqual(check_digits.append("luhn", "7992739871"), "79927398713")
        self.assertEqual(check_digits.append("luhn", "0000001"), "00000018")
        self.assertEqual(check_digits.append("mod97", "0794"), "079444")
        self.assertEqual(check_digits.append("plain", "0000001"), "0000001")

    def test_prefix_and_separators_take_no_part(self):
        self.assertEqual(check_digits.append("luhn", "KA-7992739871"), "KA-79927398713")
        self.assertTrue(check_digits.is_valid("luhn", "799 273-98713"))
        self.assertTrue(check_digits.is_valid("mod97", "07 94/44"))
        self.assertTrue(check_digits.is_valid("mod97", check_digits.append("mod97", "ka-12")))

    def test_nothing_is_no_number(self):
        for scheme in check_digits.SCHEMES:
            for number in ("", "   ", "-", None, False):
                self.assertFalse(check_digits.is_valid(scheme, number), (scheme, number))
        self.assertFalse(check_digits.is_valid("luhn", "0"))
        self.assertFalse(check_digits.is_valid("mod97", "97"))

    @quiet
    @given(st.text("0123456789", min_size=1, max_size=18))
    def test_appended_digits_are_valid(self, body):
        for scheme in check_digits.SCHEMES:
            self.assertTrue(check_digits.is_valid(scheme, check_digits.append(scheme, body)))

    @quiet
    @given(st.text("0123456789", min_size=2, max_size=18), st.data())
    def test_one_wrong_digit_is_found(self, body, data):
        for scheme in ("luhn", "mod97"):
            number = check_digits.append(scheme, body)
            place = data.draw(st.integers(0, len(number) - 1))
            digit = data.draw(st.sampled_from(sorted(set("0123456789") - {number[place]})))
            wrong = number[:place] + digit + number[place + 1 :]
            self.assertFalse(check_digits.is_valid(scheme, wrong), (scheme, number, wrong))

    @quiet
    @given(st.text("0123456789", min_size=2, max_size=18), st.data())
    def test_swapped_neighbours_are_found(self, body, data):
        number = check_digits.append("mod97", body)
        place = data.draw(st.integers(0, len(number) - 2))
        one, two = number[place], number[place + 1]
        if one != two:
            wrong = number[:place] + two + one + number[place + 2 :]
            self.assertFalse(check_digits.is_valid("mod97", wrong), (number, wrong))

    def test_published_vectors(self):
        """Norwegian KID MOD10 is Luhn, an RF reference is ISO 7064 over the body and “RF”."""
        if not VECTORS.is_file():
            self.skipTest("the reference vectors are not beside the repository")
        tried = 0
        for vector in json.loads(VECTORS.read_text())["vectors"]:
            given_, expected = vector["inputs"], vector["expected"]
            if given_.get("mode") == "MOD10" and "body" in given_:
                reference = expected["reference"]
                self.assertEqual(check_digits.append("luhn", given_["body"]), reference, vector)
                tried += 1
            elif given_.get("scheme") == "ISO 11649" and "reference" in given_:
                compact = given_["reference"].replace(" ", "")
                moved = compact[4:] + compact[:4]
                self.assertEqual(check_digits.is_valid("mod97", moved), expected["valid"], vector)
                tried += 1
        self.assertGreaterEqual(tried, 5)
