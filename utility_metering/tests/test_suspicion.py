from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .losses_common import LossesCommon

MONTHS = ("2025-10", "2025-11", "2025-12", "2026-01")


@tagged("post_install", "-at_install")
class TestSuspicion(LossesCommon):
    def test_use_that_fell(self):
        for month in MONTHS:  # 123 days, 1 m³ a day
            self.use(month, point=31 if month != "2025-11" else 30)
        self.use("2026-02", point=2.8)
        row = self.suspicion(self.point)
        self.assertEqual((row.reason, row.score, row.state), ("drop", 90, "new"))
        self.assertEqual(row.explanation, "Uses 0.100 m³ a day, 10.0 % of the usual 1.000 m³.")

    def test_use_within_the_limit_is_no_drop(self):
        for month in MONTHS:
            self.use(month, point=31 if month != "2025-11" else 30)
        self.use("2026-02", point=8.5)
        self.assertFalse(self.suspicion(self.point))

    def test_a_season_is_no_drop(self):
        self.use("2025-02", point=3)
        for month in MONTHS:
            self.use(month, point=60)
        self.use("2026-02", point=2.8)
        self.assertFalse(self.suspicion(self.point))

    def test_a_short_history_tells_nothing(self):
        self.use("2026-01", point=31)
        self.use("2026-02", point=1)
        self.assertFalse(self.suspicion(self.point))

    def test_stuck_while_neighbours_use(self):
        for month in ("2026-01", "2026-02"):
            self.use(month, point=0, point_2=5, point_3=4)
        row = self.suspicion(self.point)
        self.assertEqual((row.reason, row.score), ("stuck", 90))
        self.assertEqual(row.explanation, "Nothing used for 2 months, while 2 of 2 neighbours use.")
        self.assertFalse(self.suspicion(self.point_2))

    def test_a_silent_house_is_not_stuck(self):
        for month in ("2026-01", "2026-02"):
            self.use(month, point=0, point_2=0, point_3=0)
        self.assertFalse(self.suspicion(self.point))

    def test_one_month_without_use_is_not_stuck(self):
        self.use("2026-01", point=3, point_2=5, point_3=4)
        self.use("2026-02", point=0, point_2=5, point_3=4)
        self.assertFalse(self.suspicion(self.point))

    def test_several_reasons_weigh_more(self):
        for month in MONTHS:
            self.use(month, point=31 if month != "2025-11" else 30)
        self.use("2026-02", point=5.6)
        self.meter.valid_until = "2026-01-31"
        row = self.suspicion(self.point)
        self.assertEqual(row.reason_codes, "drop overdue")
        self.assertEqual(row.score, 87)  # 100 × (1 − 0.20 × 0.65)
        self.assertIn("A100 was valid until 01/31/2026", row.explanation)

    def test_common_use_of_a_house(self):
        self.use("2026-02", inlet=51, point=20, point_2=15, point_3=10)
        row = self.suspicion(self.inlet)
        self.assertEqual((row.reason, row.score), ("common", 60))
        self.assertEqual(
            row.explanation,
            "6.000 m³ are lost or used in common: 2.000 m³ for each of the 3 points below, "
            "the limit is 1.000 m³.",
        )

    def test_loss_of_a_main(self):
        self.use("2026-02", main=100, inlet=45, private=30)
        self.use("2026-02", point=20, point_2=15, point_3=10)
        row = self.suspicion(self.main)
        self.assertEqual((row.reason, row.score), ("loss", 60))
        self.assertEqual(row.explanation, "25.000 m³ are lost: 25.0 %, the limit is 15.0 %.")

    def test_points_below_above_their_feeder(self):
        self.use("2026-02", inlet=40, point=20, point_2=15, point_3=10)
        row = self.suspicion(self.inlet)
        self.assertEqual((row.reason, row.score), ("surplus", 82))
        self.assertIn("45.000 m³, 12.5 % more than the 40.000 m³", row.explanation)

    def test_an_incomplete_balance_is_no_loss(self):
        self.use("2026-02", inlet=50, point=2)
        self.assertFalse(self.suspicion(self.inlet))

    def test_estimates_in_a_row(self):
        self.use("2025-11", point=10)
        for month in ("2025-12", "2026-01", "2026-02"):
            self.make_usage(self.point, 10, *self.month(month), method="estimated")
        row = self.suspicion(self.point)
        self.assertEqual((row.reason, row.score), ("estimates", 40))
        self.assertEqual(row.explanation, "Estimated for 3 months: last measured to 11/30/2025.")
        self.assertFalse(self.suspicion(self.point, "2026-01"))

    def test_use_at_a_disconnected_point(self):
        self.point_2.connection = "disconnected"
        self.use("2026-02", point_2=4)
        row = self.suspicion(self.point_2)
        self.assertEqual((row.reason, row.score), ("disconnected", 95))
        self.assertEqual(row.explanation, "Uses 4.000 m³ although it is not connected.")

    def test_a_broken_seal(self):
        self.env["utility.meter.outage"].create(
            {"meter_id": self.meter.id, "cause": "seal", "date_start": "2026-02-10"}
        )
        row = self.suspicion(self.point)
        self.assertEqual((row.reason, row.score), ("seal", 85))
        self.assertIn("meter A100 is broken since 02/10/2026", row.explanation)
        self.assertFalse(self.suspicion(self.point, "2026-01"))

    def test_limits_of_the_service(self):
        self.env["utility.loss.limit"].create({"common_quantity": 5})
        limit = self.env["utility.loss.limit"].create(
            {"service_id": self.water.id, "common_quantity": 2.5}
        )
        self.use("2026-02", inlet=51, point=20, point_2=15, point_3=10)
        self.assertFalse(self.suspicion(self.inlet))
        limit.common_quantity = 1.5
        self.assertTrue(self.suspicion(self.inlet))

    def test_low_scores_are_not_listed(self):
        self.meter.valid_until = "2026-01-31"
        self.assertEqual(self.suspicion(self.point).score, 35)
        self.env["utility.loss.limit"].create({"least_score": 36})
        self.assertFalse(self.suspicion(self.point))

    # -- what becomes of them -----------------------------------------------------------------

    def test_what_was_explained_does_not_come_back(self):
        self.point_2.connection = "disconnected"
        self.use("2026-02", point_2=4)
        row = self.suspicion(self.point_2)
        self.env["utility.suspicion.explain"].create(
            {"suspicion_ids": row.ids, "why": "Connected again on the 20th"}
        ).action_explain()
        again = self.suspicion(self.point_2)
        self.assertEqual((again, again.state), (row, "explained"))
        self.assertEqual(again.why, "Connected again on the 20th")
        self.void_usage(self.point_2)
        self.assertEqual(self.suspicion(self.point_2), row)
        row.action_reopen()
        self.assertFalse(self.suspicion(self.point_2))

    def test_check_visits_in_one_click(self):
        (self.point_2 | self.point_3).connection = "disconnected"
        self.use("2026-02", point_2=4, point_3=5)
        rows = self.suspicion(self.point_2) | self.suspicion(self.point_3)
        engineer = self.make_user("meter_engineer")
        rows.with_user(engineer).action_plan_visits()
        visit = rows[0].visit_id
        self.assertEqual(visit.service_point_id, self.point_2)
        self.assertEqual(visit.reason, "Uses 4.000 m³ although it is not connected.")
        self.assertEqual((visit.score, visit.state, rows[0].state), (95, "planned", "visit"))
        visit.write({"state": "done", "result": "A bypass was found."})
        self.assertEqual(rows[0].visit_state, "done")
        self.assertEqual(rows[0].visit_result, "A bypass was found.")
        self.assertEqual(self.suspicion(self.point_2).state, "visit")
        with self.assertRaisesRegex(UserError, "Choose points that are new"):
            rows.with_user(engineer).action_plan_visits()

    def test_only_an_engineer_plans_visits(self):
        self.point_2.connection = "disconnected"
        self.use("2026-02", point_2=4)
        row = self.suspicion(self.point_2)
        for role in ("manager", "auditor", "clerk"):
            user = self.make_user(role)
            self.assertEqual(row.with_user(user).score, 95)
            with self.assertRaises(AccessError):
                row.with_user(user).action_plan_visits()
        self.assertEqual(row.state, "new")

    def test_the_drawing_of_the_network_shows_suspicions(self):
        self.point_2.connection = "disconnected"
        self.use("2026-02", point_2=4)
        row = self.suspicion(self.point_2)
        points = self.env["utility.service.point"]
        self.assertEqual(
            points.network(self.point_2.ids)[0]["suspicion"],
            {"score": 95, "reason": row.explanation},
        )
        row._mark_explained("Known")
        self.assertNotIn("suspicion", points.network(self.point_2.ids)[0])

    def test_the_number_of_queries_does_not_grow(self):
        def queries():
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.suspicions._calculate(self.water, self.day("2026-02-01"))
            return self.env.cr.sql_log_count - start

        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=5)
        self.calculate()
        queries()  # warms the limits
        few = queries()
        for number in range(40):
            point = self.make_point(
                self.water, self.flat, f"T-{number}", self.inlet, connection="disconnected"
            )
            self.make_usage(point, 9)
        self.assertEqual(queries(), few)
        self.assertEqual(self.suspicions.search_count([("reason", "=", "disconnected")]), 40)

    def test_the_monthly_job(self):
        self.point_2.connection = "disconnected"
        self.use("2026-02", inlet=51, point=20, point_2=4, point_3=10)
        services = self.env["utility.service"].search([]) - self.water
        services.has_network = False
        with self.enter_registry_test_mode():
            self.env.ref("utility_metering.cron_losses").method_direct_trigger()
        self.assertEqual(self.balance(self.inlet).loss, 17)
        self.assertEqual(self.suspicions.search([]).service_point_id, self.point_2 | self.inlet)
