from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestDatedMixin(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = cls.env["utility.occupancy"]

    # -- change, correct, void, close -------------------------------------------------------

    def test_change_closes_the_old_fact_the_day_before(self):
        tenant = self.make_occupancy(
            self.flat, self.tomas, "tenant", "2025-01-01", is_registered=True
        )
        later = tenant._supersede({"is_registered": False}, date_start=self.day("2026-02-10"))
        self.assertEqual(tenant.date_end, self.day("2026-02-09"))
        self.assertFalse(tenant.voided_at)
        self.assertEqual(later.date_start, self.day("2026-02-10"))
        self.assertFalse(later.date_end)
        self.assertFalse(later.is_registered)
        self.assertEqual((later.replaces_id, later.replace_kind), (tenant, "change"))

    def test_change_of_a_fact_with_an_end_keeps_that_end(self):
        tenant = self.make_occupancy(self.flat, self.tomas, "tenant", "2026-01-01", "2026-12-31")
        later = tenant._supersede({"is_registered": True}, date_start=self.day("2026-06-01"))
        live = self.facts.search(
            [
                ("partner_id", "=", self.tomas.id),
                ("voided_at", "=", False),
            ],
            order="date_start",
        )
        self.assertEqual(
            [(fact.date_start.isoformat(), fact.date_end.isoformat()) for fact in live],
            [("2026-01-01", "2026-05-31"), ("2026-06-01", "2026-12-31")],
        )
        self.assertEqual(live[-1], later)

    def test_correction_voids_the_wrong_fact_and_says_who_and_why(self):
        tenant = self.make_occupancy(self.flat, self.tomas, "tenant", "2025-01-01")
        right = tenant._supersede({"date_start": "2025-02-01"}, reason="Lease says February")
        self.assertEqual(tenant.voided_at.isoformat(" "), "2026-03-16 09:00:00")
        self.assertEqual(tenant.voided_by, self.env.user)
        self.assertEqual(tenant.void_reason, "Lease says February")
        self.assertFalse(tenant.date_end, "what the wrong fact said stays as it was")
        self.assertEqual((right.fact_state, tenant.fact_state), ("in_force", "voided"))

    def test_correction_needs_a_reason(self):
        for reason in (None, "", "   "):
            with self.assertRaisesRegex(UserError, "Say why"):
                self.ownership._supersede({"share": 50}, reason=reason)

    def test_void_needs_a_reason_and_names_the_fact(self):
        with self.assertRaisesRegex(UserError, "Jonas Petraitis, owner, .*12-1"):
            self.ownership.void(" ")
        self.ownership.void("Never was the owner")
        self.assertEqual(self.ownership.fact_state, "voided")

    def test_voided_fact_takes_no_successor_and_no_end(self):
        self.ownership.void("Typed for the wrong flat")
        with self.assertRaisesRegex(UserError, "voided already"):
            self.ownership._supersede({"share": 50}, reason="Again")
        with self.assertRaisesRegex(UserError, "voided already"):
            self.facts.create(
                {
                    **self.ownership._fact_values(),
                    "replaces_id": self.ownership.id,
                    "replace_kind": "correction",
                    "replace_reason": "Stale screen",
                }
            )
        with self.assertRaisesRegex(UserError, "cannot be overwritten"):
            self.ownership.date_end = "2026-01-01"

    def test_change_must_lie_within_the_fact(self):
        tenant = self.make_occupancy(self.flat, self.tomas, "tenant", "2026-01-01", "2026-02-28")
        for day in ("2025-12-31", "2026-01-01", "2026-03-01"):
            with self.assertRaisesRegex(UserError, "Tomas Žukauskas.*cannot change on"):
                tenant._supersede({"is_registered": True}, date_start=self.day(day))

    def test_close_gives_an_open_fact_its_end_and_replaces_another_end(self):
        tenant = self.make_occupancy(self.flat, self.tomas, "tenant", "2025-01-01")
        tenant._close(self.day("2026-04-30"))
        self.assertEqual(tenant.date_end, self.day("2026-04-30"))
        self.assertFalse(tenant.voided_at)
        tenant._close(self.day("2026-05-31"))
        self.assertTrue(tenant.voided_at)
        live = self.facts.search([("replaces_id", "=", tenant.id)])
        self.assertEqual(live.date_end, self.day("2026-05-31"))

    def test_repeating_an_end_does_not_touch_when_it_became_known(self):
        early = self.make_occupancy(self.flat, self.tomas, "tenant", "2025-01-01")
        late = self.make_occupancy(self.flat_2, self.tomas, "tenant", "2025-01-01")
        with self.at("2026-03-17 08:00:00"):
            early.date_end = "2026-06-30"
        with self.at("2026-03-18 08:00:00"):
            (early | late).write({"date_end": "2026-06-30", "note": "Lease ends"})
        self.assertEqual(early.end_recorded_at.isoformat(" "), "2026-03-17 08:00:00")
        self.assertEqual(late.end_recorded_at.isoformat(" "), "2026-03-18 08:00:00")
        self.assertEqual((early | late).mapped("note"), ["Lease ends", "Lease ends"])

    # -- what is refused --------------------------------------------------------------------

    def test_recorded_values_cannot_be_overwritten(self):
        for vals in (
            {"share": 50},
            {"date_start": "2021-01-01"},
            {"partner_id": self.ona.id},
            {"recorded_at": "2020-01-01 00:00:00"},
            {"is_resident": True},
            {"voided_at": "2026-01-01 00:00:00"},
            {"building_id": self.other_house.id},
        ):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(UserError, "Jonas Petraitis.*overwritten"),
            ):
                self.ownership.write(vals)

    def test_end_on_record_cannot_be_taken_back_or_moved(self):
        self.ownership.date_end = "2026-12-31"
        for end in (False, "2026-11-30"):
            with self.assertRaisesRegex(UserError, "cannot be overwritten"):
                self.ownership.date_end = end

    def test_saying_the_same_again_is_no_overwriting(self):
        self.ownership.write({"share": 100, "date_start": "2020-01-01", "note": "Seen the deed"})
        self.assertEqual(self.ownership.note, "Seen the deed")

    def test_facts_are_never_deleted(self):
        with self.assertRaisesRegex(UserError, "Jonas Petraitis.*Void it"):
            self.ownership.unlink()

    def test_overlap_names_both_facts(self):
        with self.assertRaises(ValidationError) as refused:
            self.make_occupancy(
                self.flat, self.jonas, "owner", "2024-01-01", "2024-12-31", share=10
            )
        self.assertIn("(01/01/2024 – 12/31/2024) overlaps", str(refused.exception))
        self.assertIn(
            "Jonas Petraitis, owner, Savanorių pr. 12-1, Kaunas (01/01/2020 – …)",
            str(refused.exception),
        )

    def test_overlap_within_one_call_is_found(self):
        row = {"premise_id": self.flat_2.id, "partner_id": self.ona.id, "role": "resident"}
        with self.assertRaisesRegex(ValidationError, "Ona.*two of the new facts overlap"):
            self.facts.create(
                [
                    {**row, "date_start": "2026-01-01", "date_end": "2026-01-31"},
                    {**row, "date_start": "2026-01-31"},
                ]
            )

    def test_adjacent_days_do_not_overlap(self):
        self.make_occupancy(self.flat_2, self.ona, "resident", "2026-01-01", "2026-01-31")
        self.make_occupancy(self.flat_2, self.ona, "resident", "2026-02-01")
        self.make_occupancy(self.flat_2, self.ona, "resident", "2025-12-31", "2025-12-31")

    def test_key_given_by_context_defaults_is_checked_too(self):
        defaults = {
            "default_premise_id": self.flat.id,
            "default_partner_id": self.jonas.id,
            "default_role": "owner",
            "default_date_start": "2024-05-01",
        }
        with self.assertRaisesRegex(ValidationError, "overlaps with what is on record"):
            self.facts.with_context(**defaults).create({"share": 100})

    def test_inverted_dates_name_the_fact(self):
        with self.assertRaisesRegex(ValidationError, "Ona.*12/31/2025 comes before the first day"):
            self.make_occupancy(self.flat_2, self.ona, "owner", "2026-01-01", "2025-12-31")
        with self.assertRaisesRegex(ValidationError, "Jonas Petraitis.*comes before the first day"):
            self.ownership.date_end = "2019-12-31"

    def test_fact_needs_a_first_day(self):
        with self.assertRaisesRegex(ValidationError, "Ona.*from which day"):
            self.make_occupancy(self.flat_2, self.ona, "owner", False)

    # -- the database has the last word -----------------------------------------------------

    def test_every_dated_model_is_guarded_by_the_database(self):
        dated = self.env.registry["utility.dated.mixin"]
        models = [
            self.env[name]
            for name, model in self.env.registry.items()
            if issubclass(model, dated) and not model._abstract
        ]
        self.assertGreaterEqual(len(models), 4)
        for model in models:
            with self.subTest(model._name):
                self.assertTrue(model._fact_key)
                self.assertEqual(model._fields["replaces_id"].comodel_name, model._name)
                found = self._constraints_of(model._table)
                exclusions = [text for kind, text in found if kind == "x"]
                self.assertEqual(len(exclusions), 1, found)
                for column in (*model._fact_key, *model._fact_key_optional):
                    self.assertIn(column, exclusions[0])
                self.assertIn("daterange(date_start, date_end, '[]'::text) WITH &&", exclusions[0])
                self.assertIn("WHERE ((voided_at IS NULL))", exclusions[0])
                self.assertTrue(
                    [
                        text
                        for kind, text in found
                        if kind == "c" and "date_end >= date_start" in text
                    ]
                )

    def _constraints_of(self, table):
        self.env.cr.execute(
            "SELECT contype, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('x', 'c')",
            [table],
        )
        return self.env.cr.fetchall()

    def _insert_like_ownership(self, **changed):
        """A row behind Python's back, as another transaction would write it."""
        self.env.cr.execute(
            "INSERT INTO utility_occupancy (premise_id, partner_id, role, share, date_start,"
            " date_end, recorded_at) VALUES (%(premise)s, %(partner)s, 'owner', 1, %(start)s,"
            " %(end)s, now())",
            {"premise": self.flat.id, "partner": self.jonas.id, "end": None, **changed},
        )

    @mute_logger("odoo.sql_db")
    def test_database_refuses_what_python_cannot_see(self):
        self.env.flush_all()
        with self.assertRaises(ExclusionViolation), self.env.cr.savepoint():
            self._insert_like_ownership(start="2030-01-01")
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._insert_like_ownership(start="2019-02-01", end="2019-01-01")
        self._insert_like_ownership(start="2019-01-01", end="2019-12-31")

    def test_refusal_by_the_database_is_told_in_words(self):
        self._insert_like_ownership(start="2019-01-01", end="2019-12-31")
        row = {
            "premise_id": self.flat.id,
            "partner_id": self.jonas.id,
            "role": "owner",
            "date_start": "2019-06-01",
            "date_end": "2019-06-30",
        }
        self.patch(type(self.facts), "_refuse_overlaps", lambda self, vals_list: None)
        with self.assertRaisesRegex(
            ValidationError, "Jonas Petraitis.*06/01/2019.*may not overlap"
        ):
            self.facts.create(row)
        self.assertEqual(self.ownership.share, 100, "the transaction goes on after the refusal")

    # -- buttons ----------------------------------------------------------------------------

    def test_buttons_open_a_form_filled_with_the_fact(self):
        action = self.ownership.action_change()
        context = action["context"]
        self.assertEqual(context["default_replace_kind"], "change")
        self.assertEqual(context["default_date_start"], self.day("2026-03-16"))
        self.assertEqual(context["default_partner_id"], self.jonas.id)
        self.assertNotIn("default_recorded_at", context)
        corrected = self.facts.with_context(**self.ownership.action_correct()["context"]).create(
            {
                "share": 40,
                "replace_reason": "Deed says 40 %",
            }
        )
        self.assertEqual(corrected.date_start, self.day("2020-01-01"))
        self.assertEqual(self.ownership.void_reason, "Deed says 40 %")
