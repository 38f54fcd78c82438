from odoo.tests import tagged

from .test_reading_validation import ReadingCase


@tagged("post_install", "-at_install")
class TestReadingWindow(ReadingCase):
    def window(self, **vals):
        return self.env["utility.reading.window"].create(
            {"service_id": self.water.id, "day_from": 20, **vals}
        )

    def span(self, day, cycle=None):
        window = self.water._reading_window(cycle or self.monthly, self.day(day))
        return window and [str(day) for day in (*window[:2], *window[2])]

    def test_twentieth_to_the_last_day(self):
        self.window()
        self.assertEqual(
            self.span("2024-02-10"), ["2024-02-20", "2024-02-29", "2024-02-01", "2024-02-29"]
        )
        self.assertEqual(self.span("2025-02-28")[1], "2025-02-28")

    def test_day_that_a_short_month_does_not_have(self):
        self.window(day_from=31)
        self.assertEqual(self.span("2025-02-10")[:2], ["2025-02-28", "2025-02-28"])

    def test_days_into_the_next_month_belong_to_the_period_before(self):
        self.window(days_after=3)
        self.assertEqual(
            self.span("2025-03-03"), ["2025-02-20", "2025-03-03", "2025-02-01", "2025-02-28"]
        )
        self.assertEqual(self.span("2025-03-04")[0], "2025-03-20")

    def test_quarter_is_declared_in_its_last_month(self):
        quarter = self.env["utility.billing.cycle"].create({"name": "Quarter", "months": 3})
        self.window()
        self.window(billing_cycle_id=quarter.id, day_from=25)
        self.assertEqual(
            self.span("2025-01-15", quarter),
            ["2025-03-25", "2025-03-31", "2025-01-01", "2025-03-31"],
        )
        self.assertEqual(self.span("2025-01-15")[0], "2025-01-20")

    def test_no_window(self):
        self.assertIsNone(self.span("2025-01-15"))

    def test_points_have_the_windows_of_their_agreements(self):
        self.window()
        windows = (self.point | self.point_2)._reading_windows(self.day("2025-02-10"))
        self.assertEqual(windows[self.point.id][0], self.day("2025-02-20"))
        self.assertEqual(windows[self.point_2.id][0], self.day("2025-02-20"))

    def test_customers_are_held_outside_the_window_others_are_not(self):
        self.window()
        reading = self.month("2025-01-15", 102, source="portal")
        self.assertEqual((reading.state, self.checks(reading)), ("held", ["outside_window"]))
        self.assertEqual(
            reading.finding_ids.message,
            "Taken on 01/15/2025, outside the reading window 01/20/2025 – 01/31/2025.",
        )
        self.assertEqual(self.month("2025-01-16", 102).state, "accepted")
        self.assertEqual(self.month("2025-01-20", 103, source="portal").state, "accepted")

    def test_counts_as_read_on_the_last_day(self):
        self.window(counts_as_end=True, days_after=3)
        for taken, value, counted in (
            ("2025-01-22", 104, "2025-01-31"),
            ("2025-03-02", 108, "2025-02-28"),
            ("2025-03-10", 109, "2025-03-10"),
        ):
            with self.subTest(taken):
                reading = self.month(taken, value)
                self.assertEqual(str(reading.date), counted)
                self.assertEqual(reading.taken_on and str(reading.taken_on) or taken, taken)

    def test_today_counts_for_the_end_of_the_month_though_that_lies_ahead(self):
        self.window(counts_as_end=True, day_from=10)
        reading = self.month("2026-03-16", 110, source="portal")
        self.assertEqual(str(reading.date), "2026-03-31")
        self.assertNotIn("future", self.checks(reading))

    # -- who has not declared -----------------------------------------------------------------

    def undeclared(self, day=None):
        rows = self.env["utility.meter.installation"]
        domain = [("undeclared_on", "=", day)] if day else [("is_undeclared", "=", True)]
        return rows.search([*domain, ("service_id", "=", self.water.id)])

    def test_nobody_has_to_declare_without_a_window(self):
        self.assertFalse(self.undeclared())

    def test_who_has_not_declared_in_the_open_window(self):
        self.window(day_from=10)
        self.assertEqual(self.undeclared(), self.installation)
        self.assertTrue(self.installation.is_undeclared)
        self.month("2026-03-15", 110)
        self.installation.invalidate_recordset()
        self.assertFalse(self.undeclared())
        self.assertFalse(self.installation.is_undeclared)

    def test_a_held_reading_is_a_declaration_a_rejected_one_is_not(self):
        self.window(day_from=10)
        held = self.month("2026-03-15", 50)
        self.assertFalse(self.undeclared())
        held._reject("Misread")
        self.assertEqual(self.undeclared(), self.installation)

    def test_before_the_window_opens_the_last_one_counts(self):
        self.window()
        self.assertEqual(str(self.installation.window_last), "2026-02-28")
        self.month("2026-02-25", 110)
        self.assertFalse(self.undeclared())

    def test_of_a_chosen_day(self):
        self.window()
        self.month("2025-01-25", 104)
        self.assertFalse(self.undeclared("2025-01-25"))
        self.assertEqual(self.undeclared("2025-02-25"), self.installation)
        self.assertFalse(self.undeclared("2024-12-25"))

    def test_reminder_goes_to_the_accounts(self):
        action = self.installation.with_user(self.make_user("clerk")).action_remind()
        self.assertEqual(action["context"]["default_account_ids"], [(6, 0, self.account.ids)])
        run = self.env["utility.correspondence.run"].with_context(**action["context"]).create({})
        run.action_start()
        self.assertEqual(run.correspondence_ids.partner_id, self.jonas)
        self.assertIn("Please declare the readings", run.correspondence_ids.subject)
