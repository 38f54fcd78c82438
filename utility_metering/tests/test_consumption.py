from datetime import date
from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from ..engine.dial_history import Dial, by_month, daily_average, steps, used_between
from .common import MeteringCommon


@tagged("post_install", "-at_install")
class TestDialHistory(TransactionCase):
    def setUp(self):
        super().setUp()
        self.dials = [
            Dial(date(2026, 1, 31), Decimal(99990)),
            Dial(date(2026, 2, 28), Decimal(18), rollover=True),
            Dial(date(2026, 3, 31), Decimal(49), estimated=True),
        ]
        self.steps = steps(self.dials, Decimal(100000))

    def test_steps_begin_on_the_day_after_and_know_a_rollover(self):
        self.assertEqual(
            self.steps,
            [
                (date(2026, 2, 1), date(2026, 2, 28), 28, False),
                (date(2026, 3, 1), date(2026, 3, 31), 31, True),
            ],
        )

    def test_amounts_are_not_subtracted(self):
        found = steps(self.dials[1:], Decimal(100000), amounts=True)
        self.assertEqual(found[0][2], 49)

    def test_parts_of_steps_by_days(self):
        self.assertEqual(used_between(self.steps, date(2026, 2, 27), date(2026, 3, 2)), 4)
        self.assertEqual(daily_average(self.steps), 1)
        self.assertEqual(daily_average(self.steps, days=31), 1)

    def test_what_the_readings_do_not_cover_is_not_known(self):
        self.assertIsNone(used_between(self.steps, date(2026, 1, 31), date(2026, 2, 2)))
        self.assertIsNone(used_between(self.steps, date(2026, 3, 31), date(2026, 4, 1)))
        self.assertIsNone(daily_average([]))

    def test_months_add_up_to_the_whole(self):
        parts = by_month(date(2025, 12, 30), date(2026, 3, 1), Decimal("10"))
        self.assertEqual(list(parts), [date(2025, 12, 1), *(date(2026, n, 1) for n in (1, 2, 3))])
        self.assertEqual(sum(parts.values()), Decimal("10"))
        self.assertEqual(round(parts[date(2025, 12, 1)], 6), Decimal("0.322581"))


@tagged("post_install", "-at_install")
class TestConsumptionMonths(MeteringCommon):
    def use(self, start, end, quantity, method="measured", point=None, **vals):
        return self.env["utility.usage"].create(
            {
                "service_point_id": (point or self.point).id,
                "date_start": start,
                "date_end": end,
                "quantity": quantity,
                "method": method,
                **vals,
            }
        )

    def bars(self, record, month, series=0):
        """{method: quantity} of a month, first day as ISO text."""
        consumption = record.consumption_months()
        at = consumption["months"].index(month)
        return {
            bar["method"]: bar["quantities"][at]
            for bar in consumption["series"][series]["bars"]
            if bar["quantities"][at]
        }

    def test_24_months_up_to_today(self):
        months = self.point.consumption_months()["months"]
        self.assertEqual((len(months), months[0], months[-1]), (24, "2024-04-01", "2026-03-01"))

    def test_nothing_used_gives_no_series(self):
        self.assertEqual(self.point_2.consumption_months()["series"], [])

    def test_a_quarter_is_spread_by_days(self):
        self.use("2025-10-01", "2025-12-31", 92)
        self.assertEqual(self.bars(self.point, "2025-10-01"), {"measured": 31})
        self.assertEqual(self.bars(self.point, "2025-11-01"), {"measured": 30})

    def test_what_was_not_measured_has_its_own_bar(self):
        self.use("2026-01-01", "2026-01-31", 5, estimated_quantity=2)
        self.use("2026-02-01", "2026-02-28", 4, "norm", estimated_quantity=4)
        self.assertEqual(self.bars(self.point, "2026-01-01"), {"measured": 3, "estimated": 2})
        self.assertEqual(self.bars(self.point, "2026-02-01"), {"norm": 4})

    def test_voided_rows_do_not_count(self):
        self.use("2026-01-01", "2026-01-31", 5).voided_at = "2026-02-05 10:00:00"
        self.env.flush_all()
        self.use("2026-01-01", "2026-01-31", 6)
        self.assertEqual(self.bars(self.point, "2026-01-01"), {"measured": 6})

    def test_the_year_before_stands_under_the_same_month(self):
        self.use("2025-02-01", "2025-02-28", 7)
        self.use("2023-05-01", "2023-05-31", 9)
        consumption = self.point.consumption_months()
        line = consumption["series"][0]["last_year"]
        months = consumption["months"]
        self.assertEqual(line[months.index("2026-02-01")], 7)
        self.assertEqual(line[months.index("2024-05-01")], 9)
        self.assertIs(line[months.index("2026-01-01")], False)

    def test_an_account_has_its_share_for_its_days(self):
        self.account.agreement_ids._supersede(
            {"share": 50}, date_start=self.day("2026-02-15"), reason="Shared from now on"
        )
        self.use("2026-02-01", "2026-02-28", 28)
        self.assertEqual(self.bars(self.account, "2026-02-01"), {"measured": 21})

    def test_a_meter_by_its_readings(self):
        self.register.multiplier = 10
        self.make_reading(self.register, "2025-12-31", 140)
        self.make_reading(self.register, "2026-01-31", 143.1)
        self.make_reading(self.register, "2026-02-28", 145.9, reading_type="estimated")
        self.assertEqual(self.bars(self.meter, "2026-01-01"), {"measured": 31})
        self.assertEqual(self.bars(self.meter, "2026-02-01"), {"estimated": 28})

    def test_queries_do_not_grow_with_the_rows(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.account.consumption_months()
            return self.cr.sql_log_count - before

        self.use("2026-01-01", "2026-01-31", 5)
        self.account.consumption_months()
        few = queries()
        for month in range(1, 13):
            self.use(f"2025-{month:02}-01", f"2025-{month:02}-28", month)
        self.assertLessEqual(queries(), few)
