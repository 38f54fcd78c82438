from decimal import Decimal

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .rate_common import RateCommon

BLOCKS = [
    {"quantity_to": 5, "price": 1.2},
    {"quantity_from": 5, "quantity_to": 15, "price": 1.8},
    {"quantity_from": 15, "price": 2.5},
]


@tagged("post_install", "-at_install")
class TestRates(RateCommon):
    # -- what it comes to -------------------------------------------------------------------

    def test_blocks(self):
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {"code": "use", "lines": BLOCKS},
            {"code": "fee", "kind": "fixed", "price": 3.1},
        )
        # 5 × 1.20 + 10 × 1.80 + 2.345 × 2.50 = 29.8625
        self.assertEqual(self.charges(version, "17.345"), {"use": "29.86", "fee": "3.10"})
        self.assertEqual(self.charges(version, "5"), {"use": "6.00", "fee": "3.10"})

    def test_whole_blocks_with_their_amounts(self):
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {
                "code": "use",
                "blocks": "whole",
                "lines": [
                    {"quantity_to": 10, "price": 1, "amount": 2},
                    {"quantity_from": 10, "price": 1.5, "amount": 7},
                ],
            },
        )
        self.assertEqual(self.charges(version, "10"), {"use": "12.00"})
        self.assertEqual(self.charges(version, "11"), {"use": "23.50"})

    def test_blocks_for_each_resident(self):
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {"code": "use", "lines": BLOCKS[:1] + [{"quantity_from": 5, "price": 2}]}
            | {"limit_per": "resident"},
        )
        # three residents: 15 × 1.20 + 2 × 2.00
        self.assertEqual(self.charges(version, "17", values={"residents": "3"}), {"use": "22.00"})

    def test_blocks_of_a_budget(self):
        self.make_attribute("garden_m2")
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {
                "code": "use",
                "lines": [{"quantity_to": 1, "price": 1}, {"quantity_from": 1, "price": 3}],
                "limit_per": "formula",
                "limit_formula": "garden_m2 * 0.05 * months",
            },
        )
        # a budget of 200 × 0.05 = 10 m³: 10 × 1 + 2 × 3
        self.assertEqual(self.charges(version, "12", values={"garden_m2": "200"}), {"use": "16.00"})
        with self.assertRaisesRegex(ValidationError, "formula of its limits"):
            self.make_version(
                self.schedule,
                "2026-02-01",
                {"code": "use", "lines": BLOCKS, "limit_per": "formula"},
            )

    def test_zones_and_seasons(self):
        zones = [
            {"zone_id": self.day_zone.id, "price": 0.3, "month_from": 5, "month_to": 9},
            {"zone_id": self.day_zone.id, "price": 0.4, "month_from": 10, "month_to": 4},
            {"zone_id": self.night_zone.id, "price": 0.1},
        ]
        version = self.make_version(
            self.schedule, "2026-01-01", {"code": "use", "lines": zones}, approve=True
        )
        used = {"import:DAY": "100", "import:NIGHT": "50"}
        self.assertEqual(self.charges(version, used), {"use": "45.00"})
        self.assertEqual(self.charges(version, used, "2026-06-01", "2026-06-30"), {"use": "35.00"})

    def test_a_quantity_without_zones_goes_by_hours(self):
        calendar = self.make_calendar(
            {"zone_id": self.day_zone.id, "hour_from": 7, "hour_to": 23, "sequence": 1}
        )
        zones = [
            {"zone_id": self.day_zone.id, "price": 0.3},
            {"zone_id": self.night_zone.id, "price": 0.15},
        ]
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {"code": "use", "lines": zones, "unzoned": "hours"},
            calendar_id=calendar.id,
        )
        # 16 of 24 hours: 60 × 0.30 + 30 × 0.15
        self.assertEqual(self.charges(version, "90"), {"use": "22.50"})

    def test_net_metering_covers_zone_by_zone(self):
        self.night_zone.sequence, self.day_zone.sequence = 1, 2
        zones = [
            {"zone_id": self.day_zone.id, "price": 0.3},
            {"zone_id": self.night_zone.id, "price": 0.15},
        ]
        version = self.make_version(
            self.schedule, "2026-01-01", {"code": "use", "lines": zones}, netting=True
        )
        # 60 fed in: 50 of the night, 10 of the day
        used = {"import:DAY": "100", "import:NIGHT": "50", "export": "60"}
        self.assertEqual(self.charges(version, used), {"use": "27.00"})

    def test_formula_percentage_minimum(self):
        self.make_attribute("parking_places")
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {"code": "use", "price": 1.23},
            {"code": "park", "kind": "formula", "formula": "max(parking_places - 1, 0) * 4.5"}
            | {"proration": "none"},
            {"code": "levy", "kind": "percentage", "price": 5},
            {"code": "least", "kind": "minimum", "price": 30},
        )
        by_code = {component.code: component for component in version.component_ids}
        by_code["levy"].of_component_ids = by_code["use"] | by_code["park"]
        version.action_approve()
        # 12.30 + 9.00; 5 % of 21.30 = 1.065; 30 − 12.30 − 9.00 − 1.07
        self.assertEqual(
            self.charges(version, "10", values={"parking_places": "3"}),
            {"use": "12.30", "park": "9.00", "levy": "1.07", "least": "7.63"},
        )

    def test_a_condition_switches_a_component(self):
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {"code": "use", "price": 1},
            {"code": "many", "kind": "fixed", "price": 8, "condition": "residents > 3"},
        )
        self.assertEqual(self.charges(version, "2", values={"residents": "3"}), {"use": "2.00"})
        self.assertEqual(
            self.charges(version, "2", values={"residents": "4"}), {"use": "2.00", "many": "8.00"}
        )

    def test_a_characteristic_by_days_of_a_fixed_month(self):
        area = self.env.ref("utility_base.attribute_heated_area")
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {
                "code": "area",
                "kind": "attribute",
                "attribute_id": area.id,
                "price": 0.5,
                "proration": "days_of_n",
                "proration_days": 30,
            },
        )
        # 50.5 m² × 0.50 × 31 ÷ 30 = 26.0916…
        self.assertEqual(
            self.charges(version, "0", values={"heated_area": "50.5"}), {"area": "26.09"}
        )

    def test_compiling_many_takes_the_queries_of_one(self):
        versions = self.env["utility.rate.version"]
        for number in range(6):
            schedule = self.make_schedule(self.plan, self.water, sequence=number)
            versions |= self.make_version(schedule, "2026-01-01", {"lines": BLOCKS}, netting=True)
        self.env.flush_all()
        with self.assertQueryCount(5):
            versions[0]._compiled()
        with self.assertQueryCount(5):
            compiled = versions._compiled()
        self.assertEqual(
            [compiled[version.id].components[0].lines[1].price for version in versions],
            [Decimal("1.8")] * 6,
        )

    def test_an_approved_version_is_compiled_once(self):
        version = self.make_version(self.schedule, "2026-01-01", {"price": 1}, approve=True)
        first = version._compiled()[version.id]
        self.assertIs(version._compiled()[version.id], first)
        draft = self.make_version(self.schedule, "2026-05-01", {"price": 2})
        compiled = draft._compiled()[draft.id]
        draft.component_ids.price = 3
        self.assertEqual(compiled.components[0].only_price, Decimal(2))
        self.assertEqual(draft._compiled()[draft.id].components[0].only_price, Decimal(3))

    def test_own_taxes_and_numbers_are_exact(self):
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {"price": 0.12345678, "has_own_taxes": True, "rounding_unit": 0.05},
            {"price": 0.1},
        )
        taxed, other = version._compiled()[version.id].components
        self.assertEqual(str(taxed.only_price), "0.12345678")
        self.assertEqual(str(taxed.rounding_unit), "0.05")
        self.assertEqual((taxed.taxes, other.taxes), ("", None))
        self.assertEqual(str(other.only_price), "0.1")

    # -- versions ---------------------------------------------------------------------------

    def test_approving_ends_the_one_before(self):
        old = self.make_version(self.schedule, "2026-01-01", {"price": 1}, approve=True)
        new = self.make_version(self.schedule, "2026-05-01", {"price": 2})
        self.assertFalse(old.date_end)
        new.action_approve()
        self.assertEqual(old.date_end, self.day("2026-04-30"))
        self.assertEqual(new.approved_by, self.env.user)
        self.assertEqual((old.standing, new.standing), ("in_force", "planned"))
        self.assertEqual(self.schedule.current_version_id, old)

    def test_approving_together_asks_for_tests(self):
        tested, untested = (
            self.make_version(self.schedule, start, {"price": 1})
            for start in ("2026-04-01", "2026-05-01")
        )
        tested.action_test()
        with self.assertRaisesRegex(UserError, "Not tested yet:\n• .*2026"):
            (tested | untested).action_approve_tested()
        self.assertEqual((tested.state, untested.state), ("tested", "draft"))
        untested.action_test()
        (tested | untested).action_approve_tested()
        self.assertEqual((tested.state, untested.state), ("approved", "approved"))

    def test_withdrawing_gives_its_days_back(self):
        old = self.make_version(self.schedule, "2026-01-01", {"price": 1}, approve=True)
        middle = self.make_version(self.schedule, "2026-05-01", {"price": 2}, approve=True)
        last = self.make_version(self.schedule, "2026-07-01", {"price": 3}, approve=True)
        middle._withdraw("The council took the decision back")
        self.assertEqual(old.date_end, self.day("2026-06-30"))
        self.assertEqual(middle.standing, "withdrawn")
        last._withdraw("And this one")
        self.assertFalse(old.date_end)
        with self.assertRaisesRegex(UserError, "is withdrawn"):
            last.action_approve()

    def test_withdrawing_asks_why(self):
        version = self.make_version(self.schedule, "2026-01-01", {"price": 1}, approve=True)
        with self.assertRaisesRegex(UserError, "Say why"):
            version._withdraw("  ")
        wizard = self.env["utility.rate.withdraw.wizard"].create(
            {"version_ids": [Command.set(version.ids)], "reason": "Typed wrong"}
        )
        wizard.action_withdraw()
        self.assertEqual(version.void_reason, "Typed wrong")

    def test_what_is_approved_is_locked(self):
        version = self.make_version(
            self.schedule, "2026-01-01", {"code": "use", "lines": BLOCKS}, approve=True
        )
        component, line = version.component_ids, version.component_ids.line_ids[:1]
        for change in (
            lambda: version.write({"date_start": "2026-02-01"}),
            lambda: version.write({"netting": True}),
            lambda: component.write({"price": 5}),
            lambda: line.write({"price": 5}),
            lambda: self.add_component(version, code="more", price=1),
            lambda: line.unlink(),
            lambda: component.unlink(),
            lambda: version.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "approved and locked"):
                change()
        version.write({"date_end": "2026-12-31", "note": "No price from 2027 on"})
        self.assertEqual(version.standing, "in_force")

    def test_the_state_is_not_typed(self):
        user = self.make_user("billing_operator")
        version = self.make_version(self.schedule, "2026-01-01", {"price": 1}).with_user(user)
        with self.assertRaisesRegex(UserError, "by its buttons"):
            version.write({"state": "approved"})
        made = version.copy({"state": "approved", "date_start": "2026-06-01"})
        self.assertEqual(made.state, "draft")

    def test_a_version_before_a_locked_one_is_refused(self):
        draft = self.make_version(self.schedule, "2026-02-01", {"price": 1})
        self.make_version(self.schedule, "2026-03-01", {"price": 1}, approve=True)
        for day in ("2026-02-15", "2026-03-01"):
            with self.assertRaisesRegex(ValidationError, "withdraw the approved version first"):
                self.make_version(self.schedule, day, {"price": 1})
        with self.assertRaisesRegex(ValidationError, "withdraw the approved version first"):
            draft.action_approve()

    def test_testing_opens_the_rate_check(self):
        version = self.make_version(self.schedule, "2026-01-01", {"price": 1})
        action = version.action_test()
        self.assertEqual(action["res_model"], "utility.rate.check")
        self.assertEqual(action["context"]["default_version_id"], version.id)
        self.assertEqual(version.state, "tested")
        version.component_ids.price = 2
        self.assertEqual(version.state, "draft")

    def test_an_empty_version_is_not_approved(self):
        version = self.make_version(self.schedule, "2026-01-01")
        with self.assertRaisesRegex(ValidationError, "There is no component"):
            version.action_approve()

    def test_a_copy_is_a_draft_of_its_own(self):
        version = self.make_version(
            self.schedule,
            "2026-01-01",
            {"code": "use", "lines": BLOCKS},
            {"code": "least", "kind": "minimum", "price": 10},
        )
        use, least = version.component_ids
        least.of_component_ids = use
        version.action_approve()
        copy = self.env["utility.rate.version"].browse(version.action_copy()["res_id"])
        self.assertEqual((copy.state, copy.date_start), ("draft", self.day("2026-04-01")))
        self.assertEqual(copy.component_ids[1].of_component_ids, copy.component_ids[0])
        copy.component_ids.line_ids[0].price = 9
        self.assertEqual(version.component_ids.line_ids[0].price, 1.2)

    # -- schedules --------------------------------------------------------------------------

    def test_the_most_specific_schedule_comes_first(self):
        shop = self.env.ref("utility_base.premise_type_commercial")
        scopes = {
            "account": {"account_id": self.account.id},
            "building": {"premise_id": self.house.id},
            "street": {"premise_id": self.avenue.id, "payer_kind": "legal"},
            "town": {"premise_id": self.town.id, "premise_type_ids": [Command.set(shop.ids)]},
            "kind": {"premise_type_ids": [Command.set(shop.ids)]},
            "payer": {"payer_kind": "legal"},
            "second": {"sequence": 20},
        }
        for name, vals in reversed(scopes.items()):
            self.make_schedule(self.plan, self.water, name=name, **vals)
        ordered = self.env["utility.rate.schedule"].search(
            [("plan_id", "=", self.plan.id)], order="priority desc, sequence, id"
        )
        self.assertEqual(
            ordered.mapped("name"),
            ["account", "building", "street", "town", "kind", "payer"]
            + [self.schedule.name, "second"],
        )

    def test_the_priority_follows_the_place(self):
        building = self.make_schedule(self.plan, self.water, premise_id=self.house.id)
        self.assertEqual(building.priority, 3000)
        self.house.parent_id = self.town
        self.assertEqual(building.priority, 2000)

    def test_one_default_plan_a_company(self):
        self.assertEqual(self.env["utility.rate.plan"]._default_of(self.env.company), self.plan)
        with self.assertRaisesRegex(UniqueViolation, "one_default"), self.quietly():
            self.make_plan("OTHER", is_default=True)

    def test_counts_of_a_plan(self):
        other = self.make_plan("OTHER")
        points = [
            self.make_point(self.water, flat, f"P{number}")
            for number, flat in enumerate((self.flat, self.flat_2))
        ]
        self.make_agreement(self.account, points[0])
        self.make_agreement(self.account, points[1], rate_plan_id=other.id)
        self.assertEqual((self.plan.agreement_count, other.agreement_count), (1, 1))
        self.assertEqual((self.plan.schedule_count, other.schedule_count), (1, 0))
        action = self.plan.action_open_agreements()
        found = self.env["utility.service.agreement"].search(action["domain"])
        self.assertEqual(found.service_point_id, points[0])

    # -- calendars, taxes, sources ----------------------------------------------------------

    def test_the_picture_of_a_week(self):
        weekdays = {"sat": False, "sun": False, "holidays": False}
        calendar = self.make_calendar(
            {"zone_id": self.day_zone.id, "hour_from": 7, "hour_to": 22.5, **weekdays}
        )
        [week] = calendar.week["weeks"]
        self.assertEqual(week["months"], list(range(1, 13)))
        monday, sunday, holiday = week["rows"][0], week["rows"][6], week["rows"][7]
        self.assertEqual([slot for slot in range(48) if monday[slot]], list(range(14, 45)))
        self.assertFalse(any(sunday) or any(holiday))

    def test_a_calendar_in_use_is_locked_and_knows_holidays(self):
        calendar = self.make_calendar(
            {"zone_id": self.day_zone.id, "hour_from": 7, "hour_to": 23, "holidays": False}
        )
        version = self.make_version(
            self.schedule, "2026-01-01", {"price": 1}, approve=True, calendar_id=calendar.id
        )
        march = self.day("2026-03-01"), self.day("2026-03-31")
        hours = version._compiled()[version.id].calendar.hours(march)
        self.assertEqual(hours, {"DAY": Decimal(496), "NIGHT": Decimal(248)})
        with self.assertRaisesRegex(UserError, "Duplicate the calendar"):
            calendar.window_ids.hour_to = 22
        self.env["utility.holiday"].create({"name": "Independence", "date": "2026-03-11"})
        hours = version._compiled()[version.id].calendar.hours(march)
        self.assertEqual(hours, {"DAY": Decimal(480), "NIGHT": Decimal(264)})

    def test_taxes_from_a_day_on(self):
        row = self.env["utility.service.tax"].create(
            {"service_id": self.water.id, "date_start": "2020-01-01"}
        )
        new = row._supersede({}, self.day("2026-04-01"))
        self.assertEqual(row.date_end, self.day("2026-03-31"))
        self.assertEqual(self.water.dated_tax_ids, new | row)

    def test_a_source_is_named_once(self):
        sources = self.env["utility.service.source"]
        sources.create({"service_id": self.water.id, "source": "measured"})
        with self.assertRaisesRegex(UniqueViolation, "source_once"), self.quietly():
            sources.create({"service_id": self.water.id, "source": "measured"})
        with self.assertRaisesRegex(CheckViolation, "attribute_named"), self.quietly():
            sources.create({"service_id": self.water.id, "source": "attribute"})
