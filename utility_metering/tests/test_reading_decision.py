from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_reading_validation import ReadingCase


@tagged("post_install", "-at_install")
class TestReadingDecision(ReadingCase):
    def setUp(self):
        super().setUp()
        self.january, self.february = self.months(104, 108)

    def changed(self):
        """Collects what `_readings_changed` is told, call by call."""
        calls = []
        self.patch(
            self.registry["utility.reading"], "_readings_changed", lambda rows: calls.append(rows)
        )
        return calls

    def decide(self, decision, readings, **vals):
        wizard = self.env["utility.reading.decision.wizard"].create(
            {
                "decision": decision,
                "reading_ids": [Command.set(readings.ids)],
                "reason": "Checked on the spot",
                **vals,
            }
        )
        return wizard.action_decide()

    def test_accept_says_who_and_why(self):
        held = self.month("2025-03-31", 200)
        self.assertEqual(held.state, "held")
        clerk = self.make_user("clerk")
        self.env["utility.reading.decision.wizard"].with_user(clerk).create(
            {
                "decision": "accept",
                "reading_ids": [Command.set(held.ids)],
                "reason": "A pipe had burst",
            }
        ).action_decide()
        self.assertEqual((held.state, held.decided_by), ("accepted", clerk))
        self.assertEqual(held.state_reason, "A pipe had burst")
        self.assertEqual(held.usage, 92)
        self.assertEqual(self.checks(held), ["above_limit", "above_average"])

    def test_what_the_rules_accept_nobody_decided(self):
        self.assertFalse(self.february.decided_by)

    def test_backward_cannot_just_be_accepted(self):
        held = self.month("2025-03-31", 18)
        with self.assertRaisesRegex(UserError, "less than 108 of .*Confirm that the register"):
            self.decide("accept", held)
        self.assertEqual(held.state, "held")

    def test_confirm_backward(self):
        held = self.month("2025-03-31", 107)
        self.decide("rollback", held)
        self.assertEqual((held.state, held.rollback, held.usage), ("accepted", True, -1))
        self.assertEqual(self.month("2025-04-30", 110).usage, 3)

    def test_confirm_rollover(self):
        held = self.month("2025-03-31", 18)
        self.decide("rollover", held)
        self.assertEqual((held.state, held.rollover, held.usage), ("accepted", True, 99910))

    def test_a_duplicate_accepted_takes_the_others_place(self):
        other = self.month("2025-02-28", 107)
        calls = self.changed()
        self.decide("accept", other)
        self.assertEqual((other.state, self.february.state), ("accepted", "superseded"))
        self.assertTrue(self.february.voided_at)
        self.assertEqual((other.replaces_id, other.usage), (self.february, 3))
        self.assertEqual(calls, [other | self.february])

    def test_two_of_one_day_cannot_both_be_accepted(self):
        other = self.month("2025-02-28", 107)
        third = self.month("2025-02-28", 106)
        with self.assertRaisesRegex(UserError, "same day: accept one"):
            self.decide("accept", other | third)

    def test_rejecting_counts_again_what_follows(self):
        march = self.month("2025-03-31", 112)
        calls = self.changed()
        self.decide("reject", self.february)
        self.assertEqual(
            (self.february.state, self.february.decided_by), ("rejected", self.env.user)
        )
        self.assertTrue(self.february.voided_at)
        self.assertEqual((march.previous_value, march.usage), (104, 8))
        self.assertEqual(calls, [self.february])

    def test_rejecting_what_was_held_changes_no_usage(self):
        held = self.month("2025-03-31", 18)
        calls = self.changed()
        self.decide("reject", held)
        self.assertEqual((held.state, calls), ("rejected", []))

    def test_a_rejection_is_undone_by_accepting(self):
        march = self.month("2025-03-31", 112)
        self.decide("reject", self.february)
        self.decide("accept", self.february)
        self.assertEqual((self.february.state, self.february.voided_at), ("accepted", False))
        self.assertEqual(march.usage, 4)

    def test_a_follower_that_now_runs_backward_is_held(self):
        """March stood below February by a confirmed step; without February it is fine, and with
        another value in January it is not."""
        march = self.month("2025-03-31", 107)
        self.decide("rollback", march)
        self.decide("reject", self.february)
        self.assertEqual((march.state, march.usage), ("accepted", 3))
        april = self.month("2025-04-30", 111)
        late = self.month("2025-04-15", 120)
        self.assertEqual(late.state, "held")
        self.decide("accept", late)
        self.assertEqual((late.state, april.state), ("accepted", "held"))
        self.assertEqual(april.finding_ids.check_code, "backward")

    def test_correction_keeps_both(self):
        march = self.month("2025-03-31", 112)
        calls = self.changed()
        self.decide("correct", self.february, value=109, date="2025-02-28")
        new = self.february.replaced_by_ids
        self.assertEqual((new.state, new.value, new.usage), ("accepted", 109, 5))
        self.assertEqual((self.february.state, self.february.value), ("superseded", 108))
        self.assertEqual((march.previous_value, march.usage), (109, 3))
        self.assertEqual(calls, [self.february | new])
        self.assertEqual(new.state_reason, "Checked on the spot")

    def test_correction_of_the_day(self):
        new = self.february._correct(108, "It was read in March", date="2025-03-05")
        self.assertEqual((new.date, new.previous_value), (self.day("2025-03-05"), 104))

    def test_correction_that_cannot_be(self):
        with self.assertRaisesRegex(UserError, "less than 104"):
            self.february._correct(90, "Misread")
        with self.assertRaisesRegex(UserError, "shows 0 to"):
            self.february._correct(100000, "Misread")
        self.assertEqual(self.february.state, "accepted")

    def test_correction_form_shows_what_would_be(self):
        action = self.february.action_correct()
        form = Form(self.env["utility.reading.decision.wizard"].with_context(**action["context"]))
        self.assertEqual((form.value, form.date), (108, self.day("2025-02-28")))
        form.value = 300
        self.assertEqual((form.previous_value, form.usage), (104, 196))
        self.assertIn("above the limit of 60", form.warnings)

    def test_nothing_is_decided_without_a_reason(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.february._reject(" ")

    def test_visit_is_planned_once_a_point(self):
        held = self.month("2025-03-31", 18)
        self.decide("visit", held | self.february)
        visit = self.env["utility.check.visit"].search([("service_point_id", "=", self.point.id)])
        self.assertEqual((visit.state, visit.meter_id), ("planned", self.meter))
        self.assertEqual(held._plan_visit("Again"), visit)
        self.assertEqual(held.open_visit_id, visit)

    def test_the_second_who_decides_is_told(self):
        held = self.month("2025-03-31", 18)
        held.with_user(self.make_user("clerk", name="Rasa"))._reject("Misread")
        with self.assertRaisesRegex(UserError, "Rejected already, by Rasa"):
            held.with_user(self.make_user("meter_engineer"))._reject("Misread")

    def test_correct_one_by_one(self):
        with self.assertRaisesRegex(UserError, "one by one"):
            self.decide("correct", self.january | self.february)

    def test_history_beside(self):
        self.assertEqual(self.month("2025-03-31", 112.5).recent_usage, "4 · 4")

    def test_register_is_shown_as_it_looks(self):
        self.assertEqual(
            str(self.january.dial).count("<b>") + str(self.january.dial).count("<i>"), 8
        )

    def test_account_timeline(self):
        self.month("2025-03-31", 18)
        entries = [entry for entry in self.account.timeline() if entry["key"] == "reading"]
        self.assertEqual(
            [(entry["date"], entry["title"]) for entry in entries[:2]],
            [
                ("2025-03-31", "Cold water · 00018.000 m³"),
                ("2025-02-28", "Cold water · 00108.000 m³"),
            ],
        )
        self.assertEqual([entry["state"] for entry in entries[:2]], ["planned", "in_force"])
