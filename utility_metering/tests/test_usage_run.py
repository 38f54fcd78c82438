"""The month's calculation, as a meter engineer starts it."""
# two transactions of their own: what they commit is removed again
# pylint: disable=invalid-commit

from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, freeze_time, get_db_name, tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..models.usage_storing import PointsBusyError
from .usage_common import UsageCommon

TODAY = "2026-03-16 09:00:00"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUsageRun(UsageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["utility.usage.run"]
        cls.make_rule("missing", "average", periods=1, min_periods=1)
        cls.make_rule("unmetered", "zero")
        cls.read_dial(("2025-12-31", 130), ("2026-01-31", 161))

    def run_month(self, **vals):
        run = self.runs.create({"service_ids": self.water.ids, **vals})
        run.action_calculate()
        return run

    def test_the_month_before_is_calculated_and_summed_up(self):
        self.store("2026-01")
        run = self.runs.create({"service_ids": self.water.ids})
        self.assertEqual((run.month, run.name), (date(2026, 2, 1), "February 2026"))
        self.assertEqual((run.point_count, run.unread_count), (4, 1))
        run.action_calculate()
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertEqual(run.methods_text, "Estimated: 3")
        self.assertEqual(run.counts_text, "New: 3")
        total = run.total_ids
        self.assertEqual((total.usage_count, total.quantity, total.before_quantity), (3, 28, 31))
        self.assertAlmostEqual(total.before_change, -9.7, 1)
        unread = run.action_open_unread()
        self.assertEqual(self.env["utility.service.point"].search(unread["domain"]), self.point)

    def test_a_run_takes_what_is_stale_with_it(self):
        self.store("2026-01")
        self.read_dial(("2025-12-15", 100), ("2026-02-28", 189))
        reading = self.env["utility.reading"].search(
            [("register_id", "=", self.register.id), ("date", "=", "2025-12-31")]
        )
        reading._reject("Misread")
        self.run_month()
        # 61 m³ in 47 days, 31 of them in January
        self.assertEqual([round(q, 3) for q in self.live().mapped("quantity")], [40.234, 28])
        self.assertFalse(self.env["utility.usage.stale"].search([]))

    def test_only_the_chosen_building(self):
        elsewhere = self.make_point(self.water, self.other_flat, "CW-O1")
        self.run_month(premise_ids=self.other_house.ids)
        self.assertTrue(self.live(elsewhere))
        self.assertFalse(self.live(self.point_2))

    def test_problems_do_not_stop_the_others(self):
        self.read_backward("2026-02-28", 100)
        run = self.run_month()
        self.assertEqual((run.state, run.problem_count, run.usage_count), ("done", 1, 2))
        problems = run.action_open_problems()
        self.assertEqual(
            self.env["utility.usage.problem"].search(problems["domain"]).service_point_id,
            self.point,
        )

    def test_nothing_to_calculate_is_said(self):
        service = self.make_service("EMPTY")
        with self.assertRaisesRegex(UserError, "no service points like that"):
            self.run_month(service_ids=service.ids)

    def test_many_points_go_as_jobs_that_can_be_taken_up(self):
        with (
            patch.object(type(self.runs), "_slice_size", lambda run: 2),
            patch("odoo.addons.utility_metering.models.usage_run.SMALL", 1),
        ):
            run = self.run_month()
        self.assertEqual((run.state, len(run.slice_ids)), ("calculating", 2))
        first, second = run.slice_ids
        first._job_calculate()
        run.invalidate_recordset()
        self.assertEqual((first.state, run.progress), ("done", 50))
        run._job_finish()
        self.assertEqual(run.state, "calculating")
        first._job_calculate()
        second._job_calculate()
        run._job_finish()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.live(self.point)), 1)

    def test_a_stopped_run_calculates_no_further(self):
        with (
            patch.object(type(self.runs), "_slice_size", lambda run: 2),
            patch("odoo.addons.utility_metering.models.usage_run.SMALL", 1),
        ):
            run = self.run_month()
        run.slice_ids[0]._job_calculate()
        run.action_cancel()
        run.slice_ids[1]._job_calculate()
        self.assertEqual(run.slice_ids.mapped("state"), ["done", "todo"])
        run.action_calculate()
        self.assertEqual(run.state, "done")
        with self.assertRaisesRegex(UserError, "nothing to stop"):
            run.action_cancel()

    def test_who_may_run(self):
        for role in ("auditor", "cashier", "clerk"):
            with self.assertRaises(AccessError):
                self.runs.with_user(self.make_user(role)).create({})
        engineer = self.make_user("meter_engineer", self.other_house)
        elsewhere = self.make_point(self.water, self.other_flat, "CW-O1")
        run = self.runs.with_user(engineer).create({"service_ids": self.water.ids})
        self.assertEqual(run.point_count, 1)
        run.action_calculate()
        self.assertTrue(self.live(elsewhere))
        self.assertFalse(self.live(self.point_2))


@tagged("post_install", "-at_install")
class TestUsageRace(BaseCase):
    """Real transactions: what is made here is committed, and deleted again at the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean)
        with cls._transaction() as env:
            town = env["utility.premise"].create(
                {
                    "name": "Usage Race",
                    "type_id": env.ref("utility_base.premise_type_locality").id,
                }
            )
            service = env["utility.service"].create(
                {
                    "name": "Usage Race",
                    "code": "URACE",
                    "uom_id": env.ref("uom.product_uom_cubic_meter").id,
                }
            )
            env["utility.estimation.rule"].create(
                {"service_id": service.id, "situation": "unmetered", "method": "zero"}
            )
            cls.point_id = (
                env["utility.service.point"]
                .create({"code": "URACE", "service_id": service.id, "premise_id": town.id})
                .id
            )

    @classmethod
    @contextmanager
    def _transaction(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(
                cr, SUPERUSER_ID, {"mail_notrack": True, "mail_create_nolog": True}
            )
            cr.commit()

    @classmethod
    def _clean(cls):
        with cls.registry.cursor() as cr:
            cr.execute("DELETE FROM utility_usage WHERE service_point_id = %s", [cls.point_id])
            cr.execute(
                "DELETE FROM utility_service_point WHERE id = %s RETURNING service_id, premise_id",
                [cls.point_id],
            )
            service_id, premise_id = cr.fetchone()
            cr.execute("DELETE FROM utility_estimation_rule WHERE service_id = %s", [service_id])
            cr.execute("DELETE FROM utility_service WHERE id = %s", [service_id])
            cr.execute("DELETE FROM utility_premise WHERE id = %s", [premise_id])
            cr.commit()

    def _calculate(self, env):
        point = env["utility.service.point"].browse(self.point_id)
        return env["utility.usage"]._recalculate(point, [(date(2026, 1, 1), date(2026, 1, 31))])

    def test_two_at_once_never_make_two(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one = api.Environment(first, SUPERUSER_ID, {})
            two = api.Environment(second, SUPERUSER_ID, {})
            two["res.users"].search_count([])
            self.assertEqual(self._calculate(one)["new"], 1)
            with self.assertRaises(PointsBusyError):
                self._calculate(two)
            second.rollback()
            two.invalidate_all()
            # its eyes are as old as its first look
            two["res.users"].search_count([])
            first.commit()
            with self.assertRaises(PointsBusyError):
                self._calculate(two)
            second.rollback()
            two.invalidate_all()
            self.assertEqual(self._calculate(two)["unchanged"], 1)
            second.rollback()

    def test_a_job_waits_while_another_has_its_slice(self):
        with self._transaction() as env:
            run = env["utility.usage.run"].create({"month": "2026-01-01", "state": "calculating"})
            part = env["utility.usage.run.slice"].create(
                {
                    "run_id": run.id,
                    "first_id": self.point_id,
                    "last_id": self.point_id,
                    "point_count": 1,
                }
            )
        try:
            with self.registry.cursor() as first, self.registry.cursor() as second:
                first.execute(
                    "SELECT FROM utility_usage_run_slice WHERE id = %s FOR UPDATE", [part.id]
                )
                waiting = api.Environment(second, SUPERUSER_ID, {})["utility.usage.run.slice"]
                with self.assertRaises(RetryableJobError):
                    waiting.browse(part.id)._job_calculate()
                second.rollback()
        finally:
            with self._transaction() as env:
                env["utility.usage.run"].browse(run.id).unlink()
