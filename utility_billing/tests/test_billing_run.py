from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..engine.recompute import recompute
from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingRun(BillingCommon):
    """A month for the accounts of house 12."""

    def test_a_month_is_rated(self):
        run = self.make_run()
        self.assertEqual(run.state, "review")
        self.assertCharges(
            run.charge_ids,
            ("water", "consumption", 12.345, 15.18),
            ("fee", "fixed", 1, 0.79),
        )
        water = run.charge_ids[0]
        self.assertEqual(water.price, 1.23)
        self.assertEqual(water.partner_id, self.jonas)
        self.assertEqual(water.tax_ids, self.vat)
        self.assertEqual(water.period_start, self.day("2026-01-01"))
        self.assertEqual(run.amount, 15.97)
        self.assertEqual(run.total_ids.amount, 15.97)
        self.assertEqual(run.total_ids.quantity, 12.345)
        for charge in run.charge_ids:
            self.assertEqual(float(recompute(charge.trace)), charge.amount)

    def test_the_same_month_is_not_billed_twice(self):
        self.approved_run()
        again = self.make_run()
        self.assertFalse(again.charge_ids)

    def test_two_runs_of_one_month_cannot_both_be_approved(self):
        first, second = self.make_run(), self.make_run()
        first.action_approve()
        with self.assertRaisesRegex(UserError, "was billed for .* since this run"):
            second.action_approve()
        self.assertEqual(second.state, "review")

    def test_a_cancelled_run_may_be_billed_again(self):
        first = self.approved_run()
        first.action_cancel()
        self.assertEqual(set(first.charge_ids.mapped("state")), {"cancelled"})
        again = self.approved_run()
        self.assertCharges(
            again.charge_ids, ("water", "consumption", 12.345, 15.18), ("fee", "fixed", 1, 0.79)
        )

    def test_a_discarded_run_leaves_nothing(self):
        run = self.make_run()
        run.action_discard()
        self.assertEqual(run.state, "draft")
        self.assertFalse(run.charge_ids)
        self.assertFalse(run.batch_ids)

    def test_what_was_recorded_late_is_caught_up(self):
        self.approved_run()
        self.assertEqual(self.company.utility_billing_start, self.day("2026-01-01"))
        other = self.make_account(self.flat_2, self.ona)
        self.make_agreement(other, self.point_2, "2026-01-15")
        self.make_rule("unmetered", "agreed")
        self.env["utility.agreed.quantity"].create(
            {"service_point_id": self.point_2.id, "quantity": 3.1, "date_start": "2025-01-01"}
        )
        self.calculate_usage("2026-01-01", "2026-01-31", self.point_2)
        self.calculate_usage("2026-02-01", "2026-02-28", self.point_2)
        run = self.make_run("2026-02-15", other)
        self.assertCharges(
            run.charge_ids.sorted(lambda charge: (charge.period_start, charge.id)),
            # 17 of 31 days
            ("water", "consumption", 1.7, 2.09),
            ("fee", "fixed", 0.548387, 0.43),
            ("water", "consumption", 3.1, 3.81),
            ("fee", "fixed", 1, 0.79),
        )

    def test_months_that_were_missed_are_caught_up(self):
        self.company.utility_billing_start = "2026-01-01"
        run = self.make_run("2026-02-15")
        self.assertCharges(
            run.charge_ids.sorted(lambda charge: (charge.period_start, charge.id)),
            ("water", "consumption", 12.345, 15.18),
            ("fee", "fixed", 1, 0.79),
            ("water", "consumption", 7.655, 9.42),
            ("fee", "fixed", 1, 0.79),
        )

    def test_an_account_without_area_is_held_and_the_others_go_on(self):
        area = self.env.ref("utility_base.attribute_heated_area")
        service = self.make_service(
            "MT", name="Maintenance", kind="maintenance", is_quantified=False
        )
        schedule = self.make_schedule(self.plan, service)
        self.make_version(
            schedule,
            "2025-01-01",
            {"code": "upkeep", "kind": "attribute", "attribute_id": area.id, "price": 0.35},
        )
        other = self.make_account(self.flat_2, self.ona)
        for account, flat, code in (
            (self.account, self.flat, "MT-1"),
            (other, self.flat_2, "MT-2"),
        ):
            self.make_agreement(account, self.make_point(service, flat, code))
        self.make_value(area, self.flat_2, 54.2)
        run = self.make_run(accounts=self.account | other)
        self.assertEqual(run.charge_ids.account_id, other)
        self.assertCharges(run.charge_ids, ("upkeep", "consumption", 54.2, 18.97))
        self.assertEqual(run.held_count, 1)
        self.assertEqual(run.problem_ids.account_id, self.account)
        self.assertEqual(
            run.problem_ids.message,
            "Maintenance: “Heated area” is not known on 01/01/2026, though the tariff asks for it. "
            "Record it on the premise.",
        )
        self.make_value(area, self.flat, 60)
        run.problem_ids.action_recalculate()
        self.assertEqual(run.held_count, 0)
        self.assertEqual(
            sorted(
                run.charge_ids.filtered(lambda c: c.account_id == self.account).mapped("amount")
            ),
            [0.79, 15.18, 21.0],
        )

    def test_blocks_for_each_dwelling(self):
        """10 m³ a dwelling at 1, the rest at 2: a flat is one, whatever its house holds; a house
        that does not say how many it holds waits."""
        self.version._withdraw("By dwellings")
        self.make_version(
            self.schedule,
            "2025-01-01",
            {
                "code": "water",
                "kind": "unit",
                "limit_per": "dwelling",
                "line_ids": [
                    Command.create({"quantity_to": 10, "price": 1}),
                    Command.create({"quantity_from": 10, "price": 2}),
                ],
            },
        )
        house = self.make_account(self.house, self.ona)
        point = self.make_point(self.water, self.house, "CW-C")
        self.make_agreement(house, point)
        self.make_rule("unmetered", "agreed")
        self.env["utility.agreed.quantity"].create(
            {"service_point_id": point.id, "quantity": 50, "date_start": "2025-01-01"}
        )
        self.calculate_usage("2026-01-01", "2026-01-31", point)
        run = self.make_run(accounts=self.account | house)
        self.assertCharges(run.charge_ids, ("water", "consumption", 12.345, 14.69))
        self.assertIn("“Dwellings” is not known on 01/01/2026", run.problem_ids.message)
        self.make_value(self.env.ref("utility_billing.attribute_dwellings"), self.house, 4)
        run.action_calculate()
        self.assertCharges(
            run.charge_ids.sorted("account_id"),
            ("water", "consumption", 12.345, 14.69),
            ("water", "consumption", 50, 60),
        )

    def test_no_usage_holds_the_account(self):
        run = self.make_run("2026-03-15")
        self.assertFalse(run.charge_ids)
        self.assertIn("Calculate the usage", run.problem_ids.message)

    def test_no_rate_holds_the_account(self):
        self.plan.is_default = False
        run = self.make_run()
        self.assertIn("no tariff plan applies on 01/01/2026", run.problem_ids.message)

    def test_a_default_plan_without_a_version(self):
        self.version._withdraw("The regulator cancelled it")
        run = self.make_run()
        self.assertIn(
            "the tariff plan has no approved tariff in force on 01/01/2026",
            run.problem_ids.message,
        )

    def test_formulas_without_a_value_say_why(self):
        schedule = self.make_schedule(self.plan, self.water, account_id=self.account.id)
        for start, formula, message in (
            ("2025-01-01", "9 ** days", "“9 ** days” has a power above 10."),
            ("2025-02-01", "(0 - days) ** 0.5", "“(0 - days) ** 0.5” gives no number."),
            ("2025-03-01", "round(1, 99)", "round in “round(1, 99)” has wrong arguments."),
            ("2025-04-01", "1 / (days - days)", "divides by zero for this customer"),
            ("2025-05-01", "9 ** 10 * 9 ** 10 * 9 ** 10", "too large to be calculated"),
        ):
            self.make_version(
                schedule, start, {"code": "pump", "kind": "formula", "formula": formula}
            )
            self.assertIn(message, self.make_run().problem_ids.message)

    def test_a_share_of_the_point(self):
        agreement = self.account.agreement_ids
        agreement._supersede({"share": 50}, reason="Half of the house")
        run = self.make_run()
        self.assertCharges(
            run.charge_ids,
            # 12.345 × 1.23 = 15.18435, half of it 7.592175
            ("water", "consumption", 6.1725, 7.59),
            ("fee", "fixed", 0.5, 0.4),
        )

    def test_a_rate_that_changes_within_the_month(self):
        self.make_version(
            self.schedule,
            "2026-01-11",
            {"code": "water", "kind": "unit", "price": 2},
            {"code": "fee", "kind": "fixed", "price": 1.1},
        )
        run = self.make_run()
        # 10 of 31 days: 3.982258 m³ at 1.23, the other 8.362742 at 2
        self.assertCharges(
            run.charge_ids,
            ("water", "consumption", 12.345, 21.62),
            # 0.79 × 10/31 + 1.10 × 21/31 = 1.00
            ("fee", "fixed", 1, 1.0),
        )

    def test_the_number_of_queries_does_not_grow(self):
        accounts = self.account
        for number in range(4, 14):
            flat = self.make_premise("flat", str(number), self.entrance)
            account = self.make_account(flat, self.ona)
            point = self.make_point(self.water, flat, f"CW-{number}", self.inlet)
            self.make_agreement(account, point)
            self.env["utility.agreed.quantity"].create(
                {"service_point_id": point.id, "quantity": number, "date_start": "2025-01-01"}
            )
            accounts |= account
        self.env["utility.estimation.rule"].create(
            {"service_id": self.water.id, "situation": "unmetered", "method": "agreed"}
        )
        self.calculate_usage("2026-01-01", "2026-01-31")
        counts = []
        for group in (accounts[:2], accounts):
            due = self.env["utility.rating"]._due(group, self.day("2026-01-31"))
            before = self.env.cr.sql_log_count
            found = self.env["utility.rating"]._rate(due)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found), len(group))
        self.assertEqual(counts[0], counts[1])

    def test_eight_services_of_ten_and_of_a_hundred_accounts_take_the_same_queries(self):
        services = self._eight_services()
        accounts = self.env["utility.account"]
        declared = self.env.ref("utility_base.attribute_declared_residents")
        for number in range(100):
            flat = self.make_premise("flat", f"Q{number}", self.entrance)
            account = self.make_account(flat, self.ona)
            self.make_value(declared, flat, 1 + number % 3)
            for service in services:
                point = self.make_point(service, flat, f"{service.code}-Q{number}")
                self.make_agreement(account, point)
            accounts |= account
        january = self.day("2026-01-01"), self.day("2026-01-31")
        points = accounts.agreement_ids.service_point_id
        self.env["utility.usage"].create(
            [
                {
                    "service_point_id": point.id,
                    "date_start": january[0],
                    "date_end": january[1],
                    "quantity": 2,
                    "method": "measured",
                }
                for point in points
            ]
        )
        rating, counts, found = self.env["utility.rating"], [], {}
        # the first time, rates are compiled
        for group in (accounts[:10], accounts[:10], accounts):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = rating._rate(rating._due(group, january[1]))
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found), 8 * len(group))
        self.assertEqual(counts[1], counts[2])
        amounts = {
            service.code: [charge.amount for charge in found[accounts[2].id, point.id, january]]
            for point in accounts[2].agreement_ids.service_point_id
            for service in point.service_id
        }
        self.assertEqual(
            {code: list(map(float, found)) for code, found in amounts.items()},
            {
                "UNIT": [4.0],
                # 1 at 1.00, 1 at 3.00
                "BLOCK": [4.0],
                "FIX": [5.0],
                "DAY": [3.1],
                "HEAD": [3.6],
                "PART": [4.0, 0.4],
                "FORM": [2.5],
                "LEAST": [2.0, 8.0],
            },
        )

    def _eight_services(self):
        """Each priced in another way."""
        lines = [
            fields.Command.create({"quantity_to": 1, "price": 1}),
            fields.Command.create({"quantity_from": 1, "price": 3}),
        ]
        unit = {"code": "use", "kind": "unit", "price": 2}
        rates = {
            "UNIT": [unit],
            "BLOCK": [{"code": "use", "kind": "unit", "priced_by": "lines", "line_ids": lines}],
            "FIX": [{"code": "fee", "kind": "fixed", "price": 5}],
            "DAY": [{"code": "fee", "kind": "fixed", "per": "day", "price": 0.1}],
            "HEAD": [{"code": "head", "kind": "attribute", "counted": "residents", "price": 1.2}],
            "PART": [unit],
            "FORM": [{"code": "sum", "kind": "formula", "formula": "quantity + 0.5"}],
            "LEAST": [{**unit, "price": 1}, {"code": "least", "kind": "minimum", "price": 10}],
        }
        services = self.env["utility.service"]
        for code, components in rates.items():
            service = self.make_service(code)
            schedule = self.make_schedule(self.plan, service)
            version = self.make_version(schedule, "2025-01-01", *components, approve=False)
            if code == "PART":
                self.env["utility.rate.component"].create(
                    {
                        "version_id": version.id,
                        "code": "levy",
                        "name": "Levy",
                        "kind": "percentage",
                        "price": 10,
                        "sequence": 20,
                        "of_component_ids": [fields.Command.set(version.component_ids.ids)],
                    }
                )
            version.action_approve()
            services |= service
        return services

    def test_queries_of_corrections_and_documents_do_not_grow(self):
        """Each account is corrected by a fact of its own and has a subsidy."""
        accounts = self.env["utility.account"]
        self.make_rule("unmetered", "agreed")
        fund = self.make_person("Municipality", is_company=True)
        for number in range(4, 14):
            flat = self.make_premise("flat", str(number), self.entrance)
            account = self.make_account(flat, self.ona)
            point = self.make_point(self.water, flat, f"CW-{number}", self.inlet)
            self.make_agreement(account, point)
            self.env["utility.agreed.quantity"].create(
                {"service_point_id": point.id, "quantity": number, "date_start": "2025-01-01"}
            )
            self.env["utility.subsidy"].create(
                {
                    "account_id": account.id,
                    "company_id": self.company.id,
                    "fund_partner_id": fund.id,
                    "amount": 2,
                    "register_number": f"S-{number}",
                    "date_start": "2026-01-01",
                    "date_end": "2026-12-31",
                }
            )
            accounts |= account
        self.calculate_usage("2026-01-01", "2026-01-31")
        self.calculate_usage("2026-02-01", "2026-02-28")
        self.approved_run(accounts=accounts)
        accounts.agreement_ids._supersede({"share": 50}, reason="Half")
        run = self.make_run("2026-02-15", accounts)
        counts = []
        for group in (accounts[:2], accounts):
            run._discard()
            batch = self.env["utility.billing.batch"].create(run._prepare_batches(group))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run._rate_accounts(group, batch)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(run.charge_ids.filtered("is_correction").account_id), len(group))
            self.assertIn("subsidy", run.charge_ids.mapped("kind"))
        self.assertEqual(counts[0], counts[1])

    def test_operators_calculate_and_others_look(self):
        run = self.make_run()
        clerk, operator = self.make_user("clerk"), self.make_user("billing_operator")
        self.assertEqual(run.with_user(clerk).charge_ids[0].amount, 15.18)
        with self.assertRaises(AccessError):
            run.with_user(clerk).action_approve()
        run.with_user(operator).action_approve()
        with self.assertRaises(AccessError):
            run.charge_ids[0].with_user(operator).write({"amount": 1})
        with self.assertRaises(UserError):
            run.with_user(operator).unlink()

    def test_a_run_is_not_approved_by_hand(self):
        operator = self.make_user("billing_operator")
        run = self.make_run().with_user(operator)
        with self.assertRaises(AccessError):
            run.write({"state": "approved"})
        with self.assertRaisesRegex(UserError, "not possible any more"):
            run.write({"month": "2026-02-01"})

    def test_a_cycle_that_changes_within_a_month(self):
        """Three months at a time until 15 February, each month from then on: January and half of
        February are billed with the rest of February."""
        self.company.utility_billing_start = "2026-01-01"
        three = self.env["utility.billing.cycle"].create({"name": "Quarter", "months": 3})
        agreement = self.account.agreement_ids
        quarterly = agreement._supersede({"billing_cycle_id": three.id}, reason="Typed wrong")
        quarterly._supersede({"billing_cycle_id": agreement.billing_cycle_id.id}, "2026-02-16")
        self.calculate_usage("2026-01-01", "2026-01-31", self.point)
        self.calculate_usage("2026-02-01", "2026-02-28", self.point)
        run = self.approved_run("2026-02-15")
        # 20 m³ at 1.23 since January, two months of the fee
        self.assertAlmostEqual(run.amount, 24.6 + 1.58, 2)
        self.assertFalse(self.make_run("2026-02-15").charge_ids)

    def test_a_month_that_nobody_bills(self):
        for month in ("9999-12-15", "0001-01-15", "2062-01-15"):
            with self.assertRaisesRegex(UserError, "cannot be billed"):
                self.make_run(month)

    def test_months_and_then_a_quarter_are_billed_once(self):
        self.company.utility_billing_start = "2026-01-01"
        service = self.make_service("MT", kind="maintenance", is_quantified=False)
        self.make_version(
            self.make_schedule(self.plan, service),
            "2025-01-01",
            {"code": "upkeep", "kind": "fixed", "price": 3},
        )
        other = self.make_account(self.flat_2, self.ona)
        monthly = self.make_agreement(other, self.make_point(service, self.flat_2, "MT-2"))
        three = self.env["utility.billing.cycle"].create({"name": "Quarter", "months": 3})
        monthly._supersede({"billing_cycle_id": three.id}, "2026-03-01")
        run = self.approved_run("2026-03-15", other)
        self.assertEqual(run.charge_ids.mapped("amount"), [3, 3, 3])
