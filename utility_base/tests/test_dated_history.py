from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestHistory(UtilityCommon):
    """What was in force on a day, as far as we knew on another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = cls.env["utility.occupancy"]
        with cls.at("2026-01-10 12:00:00"):
            cls.tenancy = cls.make_occupancy(cls.flat, cls.tomas, "tenant", "2026-01-01")
        with cls.at("2026-02-10 12:00:00"):
            cls.tenancy.date_end = "2026-02-28"
        with cls.at("2026-03-10 12:00:00"):
            cls.corrected = cls.tenancy._supersede(
                {"date_end": cls.day("2026-02-15")}, reason="Keys were handed over on the 15th"
            )

    def _found(self, **asked):
        domain = [("partner_id", "=", self.tomas.id)]
        return self.facts.search(domain + [(name, "=", day) for name, day in asked.items()])

    def test_in_force_on_a_day_is_what_we_think_now(self):
        self.assertEqual(self._found(in_force_on="2026-02-15"), self.corrected)
        self.assertFalse(self._found(in_force_on="2026-02-16"))
        self.assertFalse(self._found(in_force_on="2025-12-31"))

    def test_known_on_a_day(self):
        self.assertFalse(self._found(known_on="2026-01-09"))
        self.assertEqual(self._found(known_on="2026-01-10"), self.tenancy)
        self.assertEqual(self._found(known_on="2026-03-09"), self.tenancy)
        self.assertEqual(self._found(known_on="2026-03-10"), self.corrected)

    def test_in_force_as_known_then_forgets_an_end_recorded_later(self):
        self.assertEqual(
            self._found(in_force_on="2026-03-05", known_on="2026-02-09"),
            self.tenancy,
            "nobody knew of an end yet",
        )
        self.assertFalse(self._found(in_force_on="2026-03-05", known_on="2026-02-10"))
        self.assertEqual(self._found(in_force_on="2026-02-20", known_on="2026-03-09"), self.tenancy)
        self.assertFalse(self._found(in_force_on="2026-02-20", known_on="2026-03-10"))

    def test_search_takes_several_days(self):
        found = self.facts.search(
            [
                ("partner_id", "=", self.tomas.id),
                ("in_force_on", "in", ["2026-02-15", "2026-02-20"]),
            ]
        )
        self.assertEqual(found, self.corrected)

    def test_day_ends_where_the_user_is(self):
        with self.at("2026-04-01 21:30:00"):
            late = self.make_occupancy(self.flat_2, self.ona, "owner", "2026-04-01")
        owners = [("premise_id", "=", self.flat_2.id), ("known_on", "=", "2026-04-01")]
        in_london = self.facts.with_context(tz="UTC")
        in_vilnius = self.facts.with_context(tz="Europe/Vilnius")
        self.assertEqual(in_london.search(owners), late)
        self.assertFalse(in_vilnius.search(owners), "it was half past midnight, 2 April, there")

    def test_state_by_day(self):
        planned = self.make_occupancy(self.flat_2, self.tomas, "tenant", "2026-03-17")
        today = self.make_occupancy(self.flat_3, self.tomas, "tenant", "2026-03-16", "2026-03-16")
        facts = self.facts.search([("partner_id", "=", self.tomas.id)])
        states = {
            "planned": planned,
            "in_force": today,
            "ended": self.corrected,
            "voided": self.tenancy,
        }
        for state, expected in states.items():
            self.assertEqual(expected.fact_state, state)
            found = self.facts.search([("id", "in", facts.ids), ("fact_state", "=", state)])
            self.assertEqual(found, expected)
        not_voided = self.facts.search([("id", "in", facts.ids), ("fact_state", "!=", "voided")])
        self.assertEqual(not_voided, facts - self.tenancy)

    def test_nobody_backdates_what_became_known(self):
        clerk = self.make_user("clerk")
        facts = self.facts.with_user(clerk).with_context(
            default_recorded_at="2020-01-01 00:00:00", default_void_reason="none"
        )
        fact = facts.create(
            {
                "premise_id": self.flat_2.id,
                "partner_id": self.ona.id,
                "role": "owner",
                "date_start": "2020-01-01",
                "recorded_at": "2020-01-01 00:00:00",
                "voided_at": "2020-01-02 00:00:00",
                "voided_by": clerk.id,
            }
        )
        self.assertEqual(fact.recorded_at.isoformat(" "), "2026-03-16 09:00:00")
        self.assertFalse(fact.voided_at or fact.voided_by or fact.void_reason)


OFFSETS = st.integers(0, 40)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), OFFSETS, st.one_of(st.none(), OFFSETS)),
        st.tuples(st.just("change"), st.integers(0, 5), OFFSETS),
        st.tuples(st.just("correct"), st.integers(0, 5), OFFSETS),
        st.tuples(st.just("close"), st.integers(0, 5), OFFSETS),
        st.tuples(st.just("void"), st.integers(0, 5), st.just(0)),
    ),
    min_size=1,
    max_size=9,
)
FIRST_DAY = date(2026, 1, 1)
DAYS = [FIRST_DAY + timedelta(days=offset) for offset in range(-1, 43, 2)]


@tagged("post_install", "-at_install")
class TestRandomHistories(UtilityCommon):
    """Whatever is recorded, changed and corrected in whatever order, no day has two truths, and
    what we knew at any moment can still be told."""

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(operations=OPERATIONS)
    def test_no_overlap_and_history_stays(self, operations):
        person = self.make_person("Somebody")
        facts = self.env["utility.occupancy"]
        mine = [("partner_id", "=", person.id)]
        moment = datetime(2026, 3, 1, 12)
        known = {}
        for number, operation in enumerate(operations):
            moment += timedelta(minutes=1)
            live = facts.search([*mine, ("voided_at", "=", False)], order="date_start")
            with self.at(moment.isoformat(" ")):
                try:
                    with self.env.cr.savepoint():
                        self._apply(person, live, operation, number + 1)
                except (UserError, ValidationError):
                    self.env.invalidate_all()
            live = facts.search([*mine, ("voided_at", "=", False)], order="date_start")
            self._assert_apart(live)
            known[moment] = self._in_force(live)
        for moment, snapshot in known.items():
            self.assertEqual(self._as_known(mine, moment), snapshot)

    def _apply(self, person, live, operation, share):
        kind, first, second = operation
        if kind == "record":
            end = second is not None and FIRST_DAY + timedelta(days=second)
            self.make_occupancy(
                self.flat, person, "resident", FIRST_DAY + timedelta(days=first), end, share=share
            )
            return
        fact = live[first : first + 1]
        day = FIRST_DAY + timedelta(days=second)
        if not fact:
            return
        if kind == "change":
            fact._supersede({"share": share}, date_start=day)
        elif kind == "correct":
            fact._supersede({"share": share, "date_start": day}, reason="Was wrong")
        elif kind == "close":
            fact._close(day)
        else:
            fact.void("Never was so")

    def _assert_apart(self, live):
        for before, after in zip(live, live[1:], strict=False):
            self.assertTrue(before.date_end and before.date_end < after.date_start)

    def _in_force(self, live):
        return {day: live._in_force(day).mapped("share") for day in DAYS}

    def _as_known(self, mine, moment):
        facts = self.env["utility.occupancy"]
        return {
            day: facts.search(facts._domain_in_force(day, known_at=moment) & Domain(mine)).mapped(
                "share"
            )
            for day in DAYS
        }
