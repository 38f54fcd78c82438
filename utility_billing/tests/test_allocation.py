from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine.allocation import recompute_sharing
from .allocation_common import FEBRUARY, JANUARY, AllocationCommon


@tagged("post_install", "-at_install")
class TestSharing(AllocationCommon):
    def test_heat_by_area(self):
        run = self.share(self.assign())
        self.assertEqual(self.quantities(run), [("1", 500), ("2", 300), ("3", 200)])
        self.assertEqual(
            (run.state, run.total, run.shared, run.residual), ("calculated", 1000, 1000, 0)
        )
        self.assertEqual(run.unit_name, self.kwh.name)
        share = run.share_ids[0]
        self.assertEqual(share.service_point_id, self.points[0])
        self.assertEqual((share.service_id, share.purpose), (self.heat, "quantity"))
        self.assertEqual(share.explanation, "By area: 50 × 10 = 500")
        self.assertEqual(share.building_id, self.house)
        self.assertFalse(share.account_id)

    def test_what_a_proof_says_is_what_was_stored(self):
        run = self.share(self.assign(self.env.ref("utility_billing.allocation_method_equal")))
        run.invalidate_recordset()
        again = {share.key: float(share.amount) for share in recompute_sharing(run.proof)}
        self.assertEqual(again, {share.premise_id.id: share.quantity for share in run.share_ids})
        self.assertEqual(self.quantities(run)[0], ("1", 333.333333))
        self.assertEqual((run.residual, run.residual_text), (0.000001, "0.000001 rounding"))
        self.assertIn("333.333333", run.proof_html)

    def test_nothing_new_stays_as_it_is(self):
        assignment = self.assign()
        run = self.share(assignment)
        self.assertEqual(self.share(assignment), run)
        self.assertEqual(self.shares.search_count([("assignment_id", "=", assignment.id)]), 3)

    def test_a_corrected_reading_shares_again(self):
        assignment = self.assign()
        run = self.share(assignment)
        run.action_approve()
        usage = self.env["utility.usage"].search([("service_point_id", "=", self.inlet.id)])
        usage.sudo().voided_at = "2026-03-10"
        self.env.flush_all()
        self.make_usage(self.inlet, 1200)
        again = self.share(assignment)
        self.assertEqual(
            (run.state, again.state, again.replaces_id), ("cancelled", "calculated", run)
        )
        self.assertEqual(self.quantities(again), [("1", 600), ("2", 360), ("3", 240)])
        self.assertTrue(all(run.share_ids.mapped("voided_at")))
        self.assertEqual(again.share_ids.mapped("replaces_id"), run.share_ids)

    def test_an_area_that_changes_within_the_month(self):
        """50 m² for 14 days and 70 m² for 14 days are 60 m²."""
        value = self.flat.attribute_value_ids
        value._supersede({"value_number": 70}, date_start="2026-02-15")
        run = self.share(self.assign(), typed=1100)
        self.assertEqual(self.quantities(run), [("1", 600), ("2", 300), ("3", 200)])

    def test_typed_total(self):
        run = self.share(self.assign(start="2025-01-01"), JANUARY, typed="500.5")
        self.assertEqual(self.quantities(run), [("1", 250.25), ("2", 150.15), ("3", 100.1)])
        self.assertEqual(run.total_source, "typed")

    def test_calculate_again_keeps_a_typed_total(self):
        run = self.share(self.assign(), typed=200)
        self.flat.attribute_value_ids._supersede({"value_number": 150}, reason="Measured")
        action = run.action_calculate()
        again = self.runs.browse(action["res_id"])
        self.assertEqual(self.quantities(again), [("1", 150), ("2", 30), ("3", 20)])

    def test_sum_is_the_total_in_the_database(self):
        method = self.make_method({"percent": 33.3333, "takes": "percent"}, {"weight": "equal"})
        run = self.share(self.assign(method), typed="777.777777")
        [(total,)] = self.env.execute_query(
            SQL(
                "SELECT SUM(quantity)::text FROM utility_allocation_share WHERE run_id = %s",
                run.id,
            )
        )
        self.assertEqual(Decimal(total) + Decimal(str(run.residual)), Decimal("777.777777"))


@tagged("post_install", "-at_install")
class TestHeld(AllocationCommon):
    def held(self, *args, **more):
        run = self.share(self.assign(*args), **more)
        self.assertEqual((run.state, run.share_count, run.has_problem), ("draft", 0, True))
        return run.problem_text

    def test_missing_area_names_the_flats(self):
        values = (self.flat_2 | self.flat_3).attribute_value_ids
        values._void("Wrong house")
        self.assertEqual(
            self.held(),
            "“Heated area” is missing for Savanorių pr. 12-2, Kaunas; Savanorių pr. 12-3, Kaunas. "
            "Record it there, then calculate again.",
        )

    def test_no_usage_of_the_inlet(self):
        self.assertEqual(
            self.held(period=JANUARY),
            "HT-H has no usage for every day of the period. Record the building meter's readings "
            "and calculate its usage, or type the total.",
        )

    def test_usage_of_a_part_of_the_period(self):
        self.make_usage(self.inlet, 10, ("2026-01-05", "2026-01-31"))
        self.assertIn("every day", self.held(period=JANUARY))

    def test_usage_beyond_the_period(self):
        self.assertIn("HT-H reaches beyond", self.held(period=("2026-02-01", "2026-02-14")))

    def test_nobody_takes_part(self):
        self.points.parent_id = False
        self.assertIn("Nobody takes part", self.held())

    def test_formula_that_divides_by_zero(self):
        self.flat_3.attribute_value_ids._supersede({"value_number": 0}, reason="Unheated")
        method = self.make_method({"weight": "formula", "weight_formula": "100 / heated_area"})
        self.assertEqual(
            self.held(method),
            "Part, Savanorių pr. 12-3, Kaunas: “100 / heated_area” divides by zero.",
        )

    def test_building_without_its_norm(self):
        method = self.env.ref("utility_billing.allocation_method_lt_1")
        self.assertEqual(
            self.held(method),
            "Hot water: the building has no “Heat in hot water”. Record it for the building.",
        )

    def test_others_go_on(self):
        held = self.assign(point=self.make_point(self.heat, self.other_house, "HT-O", kind="inlet"))
        good = self.assign()
        runs = self.share(held | good)
        self.assertEqual(runs.mapped("state"), ["draft", "calculated"])

    def test_a_held_building_is_shared_when_mended(self):
        self.flat_3.attribute_value_ids._void("Unknown")
        assignment = self.assign()
        held = self.share(assignment)
        self.assertEqual(self.share(assignment), held)
        self.make_value(self.heated, self.flat_3, 20)
        run = self.share(assignment)
        self.assertEqual((held.state, run.state), ("cancelled", "calculated"))

    def test_what_was_shared_stays_while_something_is_missing(self):
        assignment = self.assign()
        run = self.share(assignment)
        value = self.flat_3.attribute_value_ids
        value._void("Unknown")
        self.assertEqual(self.share(assignment), run)
        self.assertIn("Heated area", run.problem_text)
        self.assertEqual(len(self.quantities(run)), 3)
        with self.assertRaisesRegex(UserError, "Heated area"):
            run.action_approve()
        self.make_value(self.heated, self.flat_3, 20)
        self.assertEqual(self.share(assignment), run)
        self.assertFalse(run.problem_text)
        run.action_approve()

    def test_another_period_over_the_same_days(self):
        assignment = self.assign()
        self.share(assignment)
        later = self.share(assignment, ("2026-02-15", "2026-03-14"), typed=5)
        self.assertIn("shared already for 02/01/2026 – 02/28/2026", later.problem_text)


@tagged("post_install", "-at_install")
class TestMethods(AllocationCommon):
    """Ready-made methods with figures a clerk can follow."""

    def method(self, code):
        return self.env.ref(f"utility_billing.allocation_method_{code}")

    def make_number(self, code, owner, value):
        attribute = self.env["utility.attribute"].search([("code", "=", code)])
        return self.make_value(attribute, owner, value)

    def all_areas(self, code):
        for flat, area in zip(self.flats, (50, 30, 20), strict=True):
            self.make_number(code, flat, area)

    def test_every_ready_made_method_can_be_used(self):
        for method in self.env["utility.allocation.method"].search([]):
            engine = method._engine_method(2)
            self.assertTrue(engine.steps, method.name)
            self.assertTrue(all(method.step_ids.mapped("summary")), method.name)

    def test_residents_by_the_days_of_their_stay(self):
        self.make_occupancy(self.flat, self.ona, "resident", "2026-01-01")
        self.make_occupancy(self.flat, self.tomas, "resident", "2026-02-15")
        self.make_number("declared_residents", self.flat_2, 1)
        # 1.5 persons and 1 person; nobody in flat 3
        run = self.share(self.assign(self.method("residents")))
        self.assertEqual(self.quantities(run), [("1", 600), ("2", 400), ("3", 0)])

    def test_owner_shares(self):
        for flat, share in zip(self.flats, (60, 30, 10), strict=True):
            self.make_number("common_share", flat, share)
        run = self.share(self.assign(self.method("owner_shares")))
        self.assertEqual(self.quantities(run), [("1", 600), ("2", 300), ("3", 100)])

    def test_units_of_allocators(self):
        for point, units in zip(self.points[:2], ("300", "100"), strict=True):
            self.make_usage(point, 0, bands={"units": units})
        run = self.share(self.assign(self.method("units_30_70")))
        # flat 3 has the average of 400 units / 80 m²: 100 units of 500
        self.assertEqual(self.quantities(run), [("1", 570), ("2", 230), ("3", 200)])

    def test_lithuanian_number_1(self):
        self.all_areas("useful_area")
        self.make_number("hot_water_heat", self.house, 51)
        self.make_number("circulation_heat", self.house, 100)
        water = self.make_service("HW", kind="hot_water")
        for flat, used in ((self.flat, 4), (self.flat_2, 2)):
            self.make_usage(self.make_point(water, flat, f"HW-{flat.name}"), used)
        run = self.share(self.assign(self.method("lt_1")))
        # rooms: 1000 − 6 × 51 − 3 × 100 = 394
        self.assertEqual(self.quantities(run), [("1", 501), ("2", 320.2), ("3", 178.8)])

    def test_least_heat(self):
        self.all_areas("useful_area")
        for point, used in zip(self.points, (0, 600, 400), strict=True):
            self.make_usage(point, used)
        run = self.share(self.assign(self.method("lt_minimum")))
        self.assertEqual(self.quantities(run), [("1", 200), ("2", 480), ("3", 320)])

    def test_russian_formula_3(self):
        self.all_areas("total_area")
        self.make_usage(self.points[0], 250)
        self.make_usage(self.points[1], 50)
        # flat 3: 300 / 80 × 20 = 75; 625 by area
        run = self.share(self.assign(self.method("ru_3")))
        self.assertEqual(self.quantities(run), [("1", 562.5), ("2", 237.5), ("3", 200)])

    def test_flat_with_own_heating(self):
        self.all_areas("total_area")
        mark = self.env.ref("utility_billing.attribute_own_heating")
        self.make_value(mark, self.flat_3, True)
        run = self.share(self.assign(self.method("ua_three")))
        # 250 by 100 m², 750 by the 80 m² of the others
        self.assertEqual(self.quantities(run), [("1", 593.75), ("2", 356.25), ("3", 50)])

    def test_german_cost(self):
        for point, units in zip(self.points, ("300", "500", "200"), strict=True):
            self.make_usage(point, 0, bands={"units": units})
        assignment = self.assign(self.method("de_30_70"), purpose="cost")
        run = self.share(assignment, typed="1234.56")
        # 864.19 / 1000 units = 0.864; 370.37 / 100 m² = 3.704
        self.assertEqual(self.quantities(run), [("1", 444.4), ("2", 543.12), ("3", 246.88)])
        self.assertEqual(run.residual, 0.16)
        self.assertEqual(run.unit_name, "EUR")

    def test_cost_by_area_less_15_percent(self):
        assignment = self.assign(self.method("de_uncounted"), purpose="cost")
        run = self.share(assignment, typed=1000)
        self.assertEqual(self.quantities(run), [("1", 425), ("2", 255), ("3", 170)])
        self.assertEqual(run.residual_text, "150 reduction, the supplier's")

    def test_common_use_at_most_the_norm(self):
        """The stairs used 100 kWh, of which 0.5 × 120 m² may be charged, as another service."""
        self.all_areas("total_area")
        self.make_number("common_norm", self.house, 0.5)
        self.make_number("common_area", self.house, 120)
        for point, used in zip(self.points, (400, 300, 200), strict=True):
            self.make_usage(point, used)
        stairs = self.make_service("ST", name="Stairs", uom_id=self.kwh.id)
        stair_point = self.make_point(stairs, self.flat, "ST-1")
        assignment = self.assign(self.method("common_area"), purpose="common", service_id=stairs.id)
        run = self.share(assignment)
        self.assertEqual(self.quantities(run), [("1", 30), ("2", 18), ("3", 12)])
        self.assertEqual((run.own, run.residual), (900, 40))
        self.assertEqual(run.residual_text, "40 above the limit, the supplier's")
        shares = run.share_ids
        self.assertEqual(shares.service_id, stairs)
        self.assertEqual(shares[0].service_point_id, stair_point)
        self.assertEqual(shares[1].service_point_id, self.points[1])

    def test_the_association_bears_what_is_above_the_limit(self):
        """Of 100 kWh of common use 60 are shared; 40 are the association's, at its own point."""
        for point, used in zip(self.points, (400, 300, 200), strict=True):
            self.make_usage(point, used)
        office = self.make_point(self.heat, self.shop, "HT-A")
        method = self.make_method(
            {}, cap_kind="formula", cap_formula="60", bearer="association", pool_kind="quantity"
        )
        assignment = self.assign(method, purpose="common")
        run = self.share(assignment)
        self.assertEqual((run.shared, run.residual, run.share_count), (60, 40, 3))
        assignment._supersede({"bearer_point_id": office.id}, reason="They agreed to it")
        [again] = self.runs._share_again(self.company, *map(self.day, FEBRUARY))
        self.assertEqual(
            sorted(self.quantities(again)), [("1", 30), ("2", 18), ("3", 12), ("Kirpykla", 40)]
        )
        borne = again.share_ids.filtered(lambda share: share.service_point_id == office)
        self.assertEqual(
            (borne.explanation, borne.service_id, borne.purpose),
            ("What is left, borne by the association", self.heat, "common"),
        )
        self.assertEqual((again.own, again.shared, again.residual), (900, 100, 0))
        self.assertEqual(again.share_count, 4)
        self.assertEqual(again.residual_text, "40 above the limit, the association's")

    def test_who_may_bear_what_is_left(self):
        office = self.make_point(self.heat, self.shop, "HT-A")
        with self.assertRaisesRegex(ValidationError, "does not leave the rest to the association"):
            self.assign(bearer_point_id=office.id)
        method = self.make_method({}, bearer="association")
        with self.assertRaisesRegex(ValidationError, "cannot be charged at HT-H"):
            self.assign(method, bearer_point_id=self.inlet.id)

    def test_common_use_that_is_negative(self):
        for point, used in zip(self.points, (500, 400, 200), strict=True):
            self.make_usage(point, used)
        run = self.share(self.assign(purpose="common"))
        self.assertEqual(self.quantities(run), [("1", -50), ("2", -30), ("3", -20)])

    def test_all_points_of_a_service_in_the_building(self):
        lift = self.make_service("LF", name="Lift", uom_id=self.kwh.id)
        meter = self.make_point(lift, self.house, "LF-H", kind="inlet")
        self.make_usage(meter, 90)
        for flat in self.flat_2 | self.flat_3:
            self.make_point(lift, flat, f"LF-{flat.name}")
        assignment = self.assign(self.method("equal"), meter, reach="building")
        self.assertEqual(self.quantities(self.share(assignment)), [("2", 45), ("3", 45)])

    def test_a_step_charged_as_another_service(self):
        water = self.make_service("HW", name="Hot water", kind="hot_water", uom_id=self.kwh.id)
        tap = self.make_point(water, self.flat, "HW-1")
        method = self.make_method(
            {"takes": "percent", "percent": 40, "service_id": water.id},
            {"weight": "equal"},
            company_id=self.company.id,
        )
        run = self.share(self.assign(method))
        found = [
            (share.service_id.code, share.service_point_id.code, share.quantity)
            for share in run.share_ids
            if share.premise_id == self.flat
        ]
        self.assertCountEqual(found, [("HT", "HT-1", 200), ("HW", tap.code, 200)])


@tagged("post_install", "-at_install")
class TestPayersChange(AllocationCommon):
    def test_shares_of_those_who_had_the_flat(self):
        """Jonas to 14 February, Ona from then on: by days."""
        self.make_agreement(self.account, self.points[0], end="2026-02-14")
        second = self.make_account(self.flat, self.ona, date_open="2026-02-15")
        self.make_agreement(second, self.points[0], start="2026-02-15")
        run = self.share(self.assign())
        found = [
            (share.account_id.id, str(share.date_start), str(share.date_end), share.quantity)
            for share in run.share_ids
            if share.premise_id == self.flat
        ]
        self.assertEqual(
            found,
            [
                (self.account.id, "2026-02-01", "2026-02-14", 250),
                (second.id, "2026-02-15", "2026-02-28", 250),
            ],
        )

    def test_empty_days(self):
        self.make_agreement(self.account, self.points[0], start="2026-02-08")
        run = self.share(self.assign())
        found = [
            (share.account_id.id, share.quantity)
            for share in run.share_ids
            if share.premise_id == self.flat
        ]
        self.assertEqual(found, [(False, 125), (self.account.id, 375)])

    def test_several_payers_all_the_time_share_by_agreement(self):
        other = self.make_account(self.flat, self.ona)
        self.make_agreement(self.account, self.points[0], share=60)
        self.make_agreement(other, self.points[0], share=40)
        shares = self.share(self.assign()).share_ids.filtered(
            lambda share: share.premise_id == self.flat
        )
        self.assertEqual((len(shares), shares.account_id.ids, shares.quantity), (1, [], 500))


@tagged("post_install", "-at_install")
class TestKnownLate(AllocationCommon):
    """Shared on 20 March; what becomes known on the 21st shares February again."""

    def again(self):
        with self.at("2026-03-21 09:00:00"):
            shared = self.runs._share_again(self.company, *map(self.day, FEBRUARY))
        return self.quantities(shared)

    def test_a_move_that_is_recorded_late(self):
        other = self.make_account(self.flat, self.ona)
        agreement = self.make_agreement(self.account, self.points[0])
        with self.at("2026-03-20 09:00:00"):
            self.share(self.assign())
        self.assertEqual(self.again(), [])
        with self.at("2026-03-21 09:00:00"):
            agreement._close(self.day("2026-02-14"))
            self.make_agreement(other, self.points[0], start="2026-02-15")
        self.assertEqual(self.again(), [("1", 250), ("1", 250), ("2", 300), ("3", 200)])

    def test_a_typed_total_and_an_area_that_is_corrected_late(self):
        with self.at("2026-03-20 09:00:00"):
            self.share(self.assign(purpose="cost"), typed=200)
        self.assertEqual(self.again(), [])
        with self.at("2026-03-21 09:00:00"):
            self.flat.attribute_value_ids._supersede({"value_number": 150}, reason="Measured")
        self.assertEqual(self.again(), [("1", 150), ("2", 30), ("3", 20)])


@tagged("post_install", "-at_install")
class TestDue(AllocationCommon):
    def due(self, period=FEBRUARY, buildings=None):
        days = tuple(self.day(text) for text in period)
        return self.runs._due(self.company, days, buildings)

    def test_due(self):
        assignment = self.assign()
        self.assign(purpose="cost")
        self.assertEqual(self.due(), assignment)
        self.assertEqual(self.due(buildings=self.house), assignment)
        self.assertFalse(self.due(buildings=self.other_house))
        self.assertFalse(self.due(JANUARY))

    def test_ended_assignments_are_not_due(self):
        self.assign()._close(self.day("2026-02-27"))
        self.assertFalse(self.due())

    def test_wizard_shares_what_is_due(self):
        self.assign()
        wizard = self.env["utility.allocation.calculate"].create({})
        self.assertEqual((str(wizard.date_start), str(wizard.date_end)), FEBRUARY)
        self.assertEqual(wizard.due_count, 1)
        action = wizard.action_calculate()
        self.assertEqual(self.quantities(self.runs.browse(action["res_id"]))[0], ("1", 500))
        wizard.building_ids = self.other_house
        self.assertEqual(wizard.due_count, 0)
        with self.assertRaisesRegex(UserError, "Nothing is to be shared"):
            wizard.action_calculate()

    def test_wizard_shares_costs_that_are_typed(self):
        assignment = self.env["utility.allocation.assignment"].create(
            {
                "service_point_id": self.inlet.id,
                "method_id": self.by_area.id,
                "purpose": "cost",
                "date_start": "2026-01-01",
            }
        )
        wizard = self.env["utility.allocation.calculate"].create({})
        self.assertEqual(wizard.cost_line_ids.assignment_id, assignment)
        wizard.cost_line_ids.total = 200
        wizard.action_calculate()
        run = self.runs.search([("assignment_id", "=", assignment.id)])
        self.assertEqual(run.share_ids.sorted("premise_id").mapped("amount"), [100, 60, 40])

    def test_queries_do_not_grow_with_buildings(self):
        few = self.assign() | self._houses(1)
        many = self._houses(10)
        self.share(self._houses(1))  # fills caches
        counts = []
        for assignments in (few[1:], many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            runs = self.share(assignments)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(runs.mapped("state")), {"calculated"})
            self.assertEqual(len(runs.share_ids), 4 * len(assignments))
        self.assertEqual(counts[0], counts[1])

    def _houses(self, count):
        """So many houses with 4 heated flats each, and their assignments."""
        found = self.env["utility.allocation.assignment"]
        for _number in range(count):
            number = len(self.env["utility.premise"].search([("level", "=", "building")]))
            house = self.make_premise("apartment_building", f"1{number}", self.avenue)
            inlet = self.make_point(self.heat, house, f"HT-{number}H", kind="inlet")
            for name in "1234":
                flat = self.make_premise("flat", name, house)
                self.make_point(self.heat, flat, f"HT-{number}-{name}", inlet)
                self.make_value(self.heated, flat, 40)
            self.make_usage(inlet, 100)
            found |= self.assign(point=inlet)
        return found
