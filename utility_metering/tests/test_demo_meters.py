from odoo.tests import TransactionCase, tagged

from odoo.addons.utility_base.demo.demo import DONE


@tagged("post_install", "-at_install")
class TestDemoMeters(TransactionCase):
    """Two years of meters and readings, with what a meter engineer wants to see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["ir.config_parameter"].get_param(DONE):
            company = cls.env["res.company"].create({"name": "Empty"})
            cls.env.user.company_ids |= company
            cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        cls.demo = cls.env["utility.demo"]
        cls.demo._load_town()
        cls.calendar = cls.demo._town().calendar
        cls.points = cls.demo._points()

    def usages(self, code):
        return self.env["utility.usage"].search(
            [("service_point_id", "=", self.points[code].id), ("voided_at", "=", False)],
            order="date_start",
        )

    def test_every_month_of_two_years_is_known(self):
        rows = self.usages("CW-UOS-21-1")
        self.assertEqual(len(rows), 24)
        self.assertEqual(rows[0].date_start, self.calendar.start)
        self.assertEqual(rows[-1].date_end, self.calendar.month(-1, 0))

    def test_an_exchange_in_mid_month(self):
        hung = self.points["CW-SVY-7-15"].installation_ids.sorted("date_start")
        self.assertEqual(len(hung), 2)
        self.assertEqual(hung[0].date_end, hung[1].date_start)
        self.assertEqual(hung[0].date_end, self.calendar.month(-5, 14))
        usage = self.usages("CW-SVY-7-15").filtered(
            lambda row: row.date_start == self.calendar.month(-5)
        )
        self.assertEqual((len(usage.trace["pieces"]), usage.method), (2, "measured"))

    def test_a_rollover_is_counted_over_zero(self):
        rolled = self.env["utility.reading"].search(
            [("service_point_id", "=", self.points["CW-MAR-5"].id), ("rollover", "=", True)]
        )
        self.assertEqual(len(rolled), 1)
        self.assertLess(rolled.value, rolled.previous_value)
        self.assertTrue(all(row.quantity > 0 for row in self.usages("CW-MAR-5")))

    def test_a_silent_household_was_settled_and_another_is_estimated(self):
        settled = self.usages("CW-UOS-21-22")
        self.assertEqual(set(settled.mapped("method")), {"measured"})
        silent = self.usages("CW-UOS-21-31")[-5:]
        self.assertEqual(set(silent.mapped("method")), {"estimated"})

    def test_readings_that_look_wrong_are_held(self):
        held = self.env["utility.reading"].search(
            [("state", "=", "held"), ("company_id", "=", self.env.company.id)]
        )
        self.assertEqual(len(held), 6)
        self.assertTrue(all(reading.finding_ids for reading in held))

    def test_all_facts_hold_together(self):
        problems = self.env["utility.usage.problem"].search(
            [("company_id", "=", self.env.company.id)]
        )
        self.assertFalse(problems.mapped("message"))
        unruled = self.env["utility.usage"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("voided_at", "=", False),
                ("reason", "=", "no_rule"),
            ]
        )
        self.assertFalse(unruled.mapped("display_name"))

    def test_the_leak_shows_in_the_losses(self):
        """The old house loses less since the leak was mended eight months ago."""
        rows = self.env["utility.network.balance"].search(
            [("service_point_id", "=", self.points["CW-ZVE-14"].id)]
        )
        mended = self.calendar.month(-8)
        before = rows.filtered(lambda row: row.date_start < mended).mapped("loss_percent")
        since = rows.filtered(lambda row: row.date_start >= mended).mapped("loss_percent")
        self.assertEqual((len(before), len(since)), (12, 8))
        self.assertGreater(sum(before) / 12, sum(since) / 8 + 3)

    def test_who_tampered_is_suspicious(self):
        suspects = self.env["utility.suspicion"].search([]).service_point_id.mapped("code")
        self.assertIn("CW-UOS-21-27", suspects)
        self.assertIn("CW-SAL-8", suspects)
