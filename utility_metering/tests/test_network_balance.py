from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .losses_common import LossesCommon


@tagged("post_install", "-at_install")
class TestNetworkBalance(LossesCommon):
    def test_every_feeder_against_the_points_below(self):
        self.use("2026-02", source=100, main=90, inlet=50, private=30)
        self.use("2026-02", point=20, point_2=15, point_3=10)
        self.calculate()
        source = self.balance(self.source)
        self.assertEqual((source.quantity, source.children_quantity), (100, 90))
        self.assertEqual((source.loss, source.loss_percent), (10, 10))
        main = self.balance(self.main)
        self.assertEqual((main.children_quantity, main.loss, main.loss_percent), (80, 10, 11.11))
        self.assertEqual((main.children_count, main.children_measured), (2, 2))

    def test_a_riser_without_a_meter_is_looked_through(self):
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate()
        inlet = self.balance(self.inlet)
        self.assertEqual((inlet.children_quantity, inlet.children_count), (45, 3))
        self.assertEqual((inlet.loss, inlet.loss_percent, inlet.state), (5, 10, "complete"))
        self.assertFalse(self.balance(self.riser))
        below = self.env["utility.service.point"].search(inlet.action_open_children()["domain"])
        self.assertEqual(below, self.point | self.point_2 | self.point_3)

    def test_a_riser_with_a_meter_stands_between(self):
        self.use("2026-02", inlet=50, riser=38, point=20, point_2=15, point_3=10)
        self.calculate()
        self.assertEqual((self.balance(self.inlet).loss, self.balance(self.riser).loss), (2, 3))
        self.assertEqual(self.balance(self.inlet).children_count, 2)

    def test_usage_of_two_months_is_cut_by_days(self):
        self.use("2026-02", inlet=50, point=10, point_2=10)
        self.make_usage(self.point_3, 59, "2026-01-01", "2026-02-28")
        self.calculate("2026-01", "2026-02")
        february = self.balance(self.inlet)
        self.assertEqual((february.children_quantity, february.loss), (48, 2))
        self.assertEqual(february.estimated_quantity, 28)
        self.assertEqual(february.estimated_percent, 28.57)
        self.assertEqual((february.children_known, february.state), (3, "complete"))
        self.assertFalse(self.balance(self.inlet, "2026-01"))

    def test_an_exchange_in_mid_month_leaves_two_rows_that_add_up(self):
        self.use("2026-02", inlet=50, point_2=15, point_3=10)
        self.make_usage(self.point, 12, "2026-02-01", "2026-02-14")
        self.make_usage(self.point, 8, "2026-02-15", "2026-02-28")
        self.calculate()
        self.assertEqual(
            (self.balance(self.inlet).loss, self.balance(self.inlet).state), (5, "complete")
        )

    def test_what_was_estimated_is_said(self):
        self.use("2026-02", inlet=50, point=20, point_2=15)
        self.make_usage(self.point_3, 10, method="norm")
        self.calculate()
        inlet = self.balance(self.inlet)
        self.assertEqual((inlet.children_known, inlet.children_measured), (3, 2))
        self.assertEqual((inlet.estimated_quantity, inlet.estimated_percent), (10, 10.53))

    def test_voided_usage_does_not_count(self):
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.make_usage(self.point, 3, voided_at="2026-03-01 10:00:00")
        self.calculate()
        self.assertEqual(self.balance(self.inlet).children_quantity, 45)

    def test_a_missing_child_makes_no_loss(self):
        self.use("2026-02", inlet=50, point=20, point_2=15)
        self.calculate()
        inlet = self.balance(self.inlet)
        self.assertEqual((inlet.state, inlet.children_known), ("children", 2))
        self.assertEqual((inlet.loss, inlet.severity), (0, "1"))
        self.assertFalse(self.balances.search([("loss", "!=", False), ("id", "=", inlet.id)]))
        missing = self.env["utility.service.point"].search(inlet.action_open_missing()["domain"])
        self.assertEqual(missing, self.point_3)

    def test_half_a_month_is_not_known(self):
        self.use("2026-02", point=20, point_2=15, point_3=10)
        self.make_usage(self.inlet, 25, "2026-02-01", "2026-02-14")
        self.calculate()
        self.assertEqual(self.balance(self.inlet).state, "own")

    def test_a_disconnected_point_is_not_waited_for(self):
        self.point_3.connection = "disconnected"
        self.use("2026-02", inlet=50, point=20, point_2=15)
        self.calculate()
        self.assertEqual(
            (self.balance(self.inlet).state, self.balance(self.inlet).loss), ("complete", 15)
        )

    def test_points_below_above_their_feeder(self):
        self.use("2026-02", inlet=40, point=20, point_2=15, point_3=10)
        self.calculate()
        inlet = self.balance(self.inlet)
        self.assertEqual((inlet.loss, inlet.loss_percent, inlet.severity), (-5, -12.5, "2"))

    def test_severity_follows_the_service_s_limits(self):
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate()
        self.assertEqual(self.balance(self.inlet).severity, "2")
        self.env["utility.loss.limit"].create({"service_id": self.water.id, "loss_percent": 9})
        self.env.invalidate_all()
        self.assertEqual(self.balance(self.inlet).severity, "3")

    def test_calculated_again_the_rows_are_replaced(self):
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.use("2026-02", main=90, private=30)
        self.calculate()
        row = self.balance(self.inlet)
        self.void_usage(self.point)
        self.make_usage(self.point, 24)
        self.void_usage(self.main)
        self.calculate()
        self.assertEqual((self.balance(self.inlet), self.balance(self.inlet).loss), (row, 1))
        self.assertFalse(self.balance(self.main))

    def test_places_of_a_row(self):
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate()
        inlet = self.balance(self.inlet)
        self.assertEqual((inlet.network_id, inlet.district_id), (self.source, self.main))
        self.assertEqual((inlet.building_id, inlet.locality_id), (self.house, self.town))

    def test_against_the_base_period(self):
        self.use("2025-01", inlet=56, point=10, point_2=10, point_3=5)
        self.use("2025-02", inlet=53, point=10, point_2=10, point_3=5)
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate(base=("2025-01", "2025-02"))
        inlet = self.balance(self.inlet)
        self.assertEqual(inlet.base_daily_loss, 1)
        self.assertEqual((inlet.base_loss, inlet.loss), (28, 5))
        self.assertEqual((inlet.won, inlet.won_percent), (23, 82.14))
        self.assertEqual(inlet.base_date_end, self.day("2025-02-28"))
        self.assertEqual(self.balance(self.inlet, "2025-01").loss, 31)

    def test_base_months_that_are_incomplete_are_left_out(self):
        self.use("2025-01", inlet=56, point=10, point_2=10)
        self.use("2025-02", inlet=53, point=10, point_2=10, point_3=5)
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate(base=("2025-01", "2025-02"))
        self.assertEqual(self.balance(self.inlet).base_loss, 28)

    def test_per_cent_of_several_rows_is_weighed(self):
        self.use("2026-02", source=100, main=60, inlet=50, private=0)
        self.use("2026-02", point=20, point_2=15, point_3=15)
        self.calculate()
        rows = [self.balance(point).id for point in (self.source, self.inlet)]
        ((percent, loss),) = self.balances._read_group(
            [("id", "in", rows)], [], ["loss_percent:avg", "loss:sum"]
        )
        self.assertEqual((round(percent, 2), loss), (40, 40))  # of what came in at the source
        rows = [self.balance(point).id for point in (self.main, self.inlet)]
        ((percent, loss),) = self.balances._read_group(
            [("id", "in", rows)], [], ["loss_percent:avg", "loss:sum"]
        )
        self.assertEqual((round(percent, 2), loss), (9.09, 10))

    def test_check_visits_of_the_month_stand_beside(self):
        self.use("2026-02", main=90, inlet=50, private=30, point=20, point_2=15, point_3=10)
        visits = self.env["utility.check.visit"]._plan(
            {self.point: "Use fell", self.inlet: "Common use", self.point_2: "Stuck"}
        )
        visits[:2].write({"state": "done", "date_done": "2026-02-20"})
        visits[2].write({"state": "done", "date_done": "2026-03-02"})
        self.calculate()
        self.assertEqual(self.balance(self.inlet).visits_done, 2)
        self.assertEqual(self.balance(self.main).visits_done, 0)

    def test_a_service_without_a_network(self):
        self.water.has_network = False
        with self.assertRaisesRegex(UserError, "Cold water has no network"):
            self.calculate()

    def test_the_number_of_queries_does_not_grow(self):
        def queries():
            start = self.env.cr.sql_log_count
            self.calculate("2026-01", "2026-02", base=("2025-02", "2025-02"))
            return self.env.cr.sql_log_count - start

        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate("2025-02")
        few = queries()
        for number in range(60):
            inlet = self.make_point(self.water, self.house, f"M-{number}", self.main, kind="inlet")
            self.make_usage(inlet, 10)
            self.make_usage(self.make_point(self.water, self.flat, f"T-{number}", inlet), 9)
        self.env.flush_all()
        self.assertEqual(queries(), few)
        self.assertEqual(self.balances.search_count([("date_start", "=", "2026-02-01")]), 61)

    # -- screens ------------------------------------------------------------------------------

    def test_the_wizard_remembers_the_base_period(self):
        self.use("2025-02", inlet=53, point=10, point_2=10, point_3=5)
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        form = Form(self.env["utility.network.balance.wizard"])
        form.service_id = self.water
        self.assertEqual(str(form.date_start), "2026-02-01")
        form.base_date_start = form.base_date_end = "2025-02-10"
        form.save().action_calculate()
        again = Form(self.env["utility.network.balance.wizard"])
        again.service_id = self.water
        self.assertEqual(str(again.base_date_start), "2025-02-01")
        self.assertEqual(self.balance(self.inlet).won, 23)

    def test_the_wizard_refuses_half_a_base_period(self):
        wizard = self.env["utility.network.balance.wizard"].create(
            {"service_id": self.water.id, "base_date_start": "2025-01-01", "base_date_end": False}
        )
        with self.assertRaisesRegex(UserError, "first and the last month"):
            wizard.action_calculate()

    def test_the_latest_month(self):
        self.use("2026-01", inlet=50, point=20, point_2=15, point_3=10)
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate("2026-01", "2026-02")
        found = self.balances.search([("is_latest", "=", True), ("service_id", "=", self.water.id)])
        self.assertEqual(found, self.balance(self.inlet))
        older = self.balances.search(
            [("is_latest", "=", False), ("service_id", "=", self.water.id)]
        )
        self.assertEqual(older, self.balance(self.inlet, "2026-01"))
        self.assertTrue(found.is_latest)

    def test_the_drawing_of_the_network_shows_losses(self):
        self.use("2026-01", inlet=50, point=20, point_2=15, point_3=15)
        self.use("2026-02", inlet=50, point=20, point_2=10, point_3=10)
        self.calculate("2026-01", "2026-02")
        nodes = {
            node["code"]: node for node in self.env["utility.service.point"].network(self.inlet.ids)
        }
        self.assertEqual(
            nodes["CW-H"]["losses"][0],
            {
                "month": "2026-02-01",
                "quantity": 50,
                "loss": 10,
                "percent": 20,
                "known": 3,
                "count": 3,
                "state": "complete",
                "severity": 3,
                "unit": "m³",
            },
        )
        self.assertEqual(len(nodes["CW-H"]["losses"]), 2)
        self.assertNotIn("losses", nodes["CW-1"])

    # -- roles --------------------------------------------------------------------------------

    def test_who_reads_and_who_calculates(self):
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate()
        row = self.balance(self.inlet)
        wizards = self.env["utility.network.balance.wizard"]
        for role in ("meter_engineer", "manager"):
            user = self.make_user(role)
            self.assertEqual(row.with_user(user).loss, 5)
            wizards.with_user(user).create({"service_id": self.water.id}).action_calculate()
        auditor = self.make_user("auditor")
        self.assertEqual(row.with_user(auditor).severity, "2")
        with self.assertRaises(AccessError):
            wizards.with_user(auditor).create({"service_id": self.water.id})
        for user in (auditor, self.make_user("meter_engineer")):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"loss": 0})

    def test_a_board_sees_its_own_house(self):
        self.use("2026-02", main=90, inlet=50, private=30, point=20, point_2=15, point_3=10)
        self.calculate()
        board = self.make_user("manager", buildings=self.house)
        seen = self.balances.with_user(board).search([("service_id", "=", self.water.id)])
        self.assertEqual(seen.service_point_id.mapped("code"), ["CW-H"])

    def test_a_field_controller_draws_the_network_without_losses(self):
        self.use("2026-02", inlet=50, point=20, point_2=15, point_3=10)
        self.calculate()
        points = self.env["utility.service.point"].with_user(self.make_user("field_controller"))
        self.assertNotIn("losses", points.network(self.inlet.ids)[0])
