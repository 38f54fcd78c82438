from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from odoo.addons.utility_base.demo.demo import DONE

from ..engine.recompute import recompute


@tagged("post_install", "-at_install")
class TestDemoTown(TransactionCase):
    """Published tariffs, benefits and two billed months of the demo town."""

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
        cls.accounts = cls.demo._accounts()
        cls.approved = cls._named("run_approved")
        cls.review = cls._named("run_review")
        cls.to_review = cls._named("payments_to_review")

    @classmethod
    def _named(cls, name):
        return cls.env.ref(f"utility_base.demo_{name}")

    def price(self, tariff, day, plan="TOWN", **values):
        """{component: amount} of the rate check for a tariff by name."""
        schedule = self.env["utility.rate.schedule"].search(
            [
                ("name", "=", tariff),
                ("plan_id.code", "=", plan),
                ("company_id", "=", self.env.company.id),
            ]
        )
        answer = schedule.plan_id.check_rate({"schedule_id": schedule.id, "month": day, **values})
        self.assertFalse(answer["problems"])
        return {charge["code"]: Decimal(charge["amount"]) for charge in answer["charges"]}

    def charges(self, run, point, correction=False):
        """{(component, kind): (quantity, amount)} of a service point in a run."""
        found = run.charge_ids.filtered(
            lambda charge: (
                charge.service_point_id == self.points[point] and charge.is_correction == correction
            )
        )
        return {
            (charge.code, charge.kind): (round(charge.quantity, 6), round(charge.amount, 2))
            for charge in found
        }

    # -- what the published lists say -------------------------------------------------------

    def test_water_of_a_flat_before_and_since_april_2021(self):
        """5 m³: 0.7260 + 1.6214, then 0.9317 + 1.7666, with tax; the meter 2.1296, then 2.0933."""
        for day, water, sewage, fee in (
            ("2021-03-10", "3.63", "8.11", "2.13"),
            ("2021-04-10", "4.66", "8.83", "2.09"),
        ):
            found = self.price("Cold water, flats", day, quantity="5")
            self.assertEqual(found["water"], Decimal(water))
            self.assertEqual(found["meter_fee"], Decimal(fee))
            found = self.price("Sewerage, flats", day, quantity="5")
            self.assertEqual(found["sewage"], Decimal(sewage))

    def test_fee_of_a_businesss_meter_by_its_diameter(self):
        for diameter, fee in (("15", "3.06"), ("40", "9.94"), ("150", "39.13")):
            found = self.price(
                "Cold water, businesses and institutions",
                "2025-03-10",
                quantity="10",
                attributes={"meter_diameter": diameter},
            )
            self.assertEqual(found["meter_fee"], Decimal(fee))
            self.assertEqual(found["water"], Decimal("8.50"))

    def test_heat_by_components_and_as_one_price(self):
        """600 kWh: 2.77 + 3.70 - 0.06 ct came to 38.46; since January 2026 7.35 ct to 44.10."""
        found = self.price("Heat, residents", "2025-11-10", quantity="600")
        self.assertEqual(
            found,
            {
                "heat_fixed": Decimal("16.62"),
                "heat_variable": Decimal("22.20"),
                "heat_additional": Decimal("-0.36"),
            },
        )
        found = self.price("Heat, residents", "2026-01-10", quantity="600")
        self.assertEqual(found, {"heat": Decimal("44.10")})

    def test_electricity_by_zones(self):
        """100 kWh by day, 60 by night: 15.54 for the network in 2024, 15.39 in 2025; all in one
        35.16 in 2026."""
        zones = {"DAY": "100", "NIGHT": "60"}
        for day, network in (("2024-05-10", "15.54"), ("2025-02-10", "15.39")):
            found = self.price("Network, Standartinis", day, plan="ESO-STD", zones=zones)
            self.assertEqual(found["network"], Decimal(network))
        found = self.price("Electricity, two zones", "2026-02-10", plan="EL-2", zones=zones)
        self.assertEqual(found, {"electricity": Decimal("35.16")})

    def test_waste_of_houses_and_flats(self):
        """A house with 120 l: 24.83 + 26 × 1.65 = 67.73 a year; three residents of a flat pay
        4.99 + 3 × 1.19 a month."""
        found = self.price(
            "Waste, private houses",
            False,
            date_start="2025-01-01",
            date_end="2025-12-31",
            attributes={"container_volume": "0.12"},
        )
        self.assertEqual(found, {"fixed": Decimal("24.83"), "lifts": Decimal("42.90")})
        for residents, fixed, each in (
            ("0", "1.72", "0"),
            ("3", "4.99", "3.57"),
            ("7", "7.44", "8.33"),
        ):
            found = self.price("Waste, flats and rooms", "2025-03-10", residents=residents)
            self.assertEqual(found["fixed"], Decimal(fixed))
            self.assertEqual(found["residents_part"], Decimal(each))

    def test_every_published_version_names_its_source(self):
        versions = self.env["utility.rate.version"].search(
            [("company_id", "=", self.env.company.id), ("state", "=", "approved")]
        )
        self.assertTrue(all(versions.mapped("basis")))
        published = versions.filtered(lambda v: "Invented" not in v.basis)
        self.assertTrue(all("read on 22 November 2026" in v.basis for v in published))
        kinds = set(published.service_id.mapped("kind"))
        self.assertLessEqual({"cold_water", "heat", "electricity", "waste"}, kinds)

    def test_tax_of_heat_changed(self):
        taxes = self.env["utility.service.tax"].search(
            [("service_id", "=", self.demo._services()["heat"].id)], order="date_start"
        )
        self.assertEqual(
            [(str(tax.date_start), tax.tax_ids.mapped("amount")) for tax in taxes][1:],
            [("2026-01-01", [21.0])],
        )
        self.assertEqual(taxes[0].tax_ids.mapped("amount"), [9.0])

    # -- months -----------------------------------------------------------------------------

    def test_two_months(self):
        self.assertEqual((self.approved.state, self.review.state), ("posted", "review"))
        self.assertEqual(self.approved.held_count, 0)
        self.assertEqual(self.approved.month, self.calendar.month(-2))

    def test_who_is_held_and_why(self):
        held = {problem.account_id: problem.message for problem in self.review.problem_ids}
        self.assertEqual(set(held), {self.accounts["NU-ZVE-14-33"], self.accounts["NU-UOS-21-P5"]})
        self.assertIn("“Useful area” is not known", held[self.accounts["NU-ZVE-14-33"]])
        self.assertIn("no approved tariff", held[self.accounts["NU-UOS-21-P5"]])

    def test_a_late_resident_pays_the_difference(self):
        """One resident until the 10th, two since: 1.72 became 3.44, 1.19 became 2.38."""
        days = self.calendar.month(-2, 0).day
        found = self.charges(self.review, "WS-SVY-7-30", correction=True)
        fixed = Decimal("1.72") * (days - 10) / days
        each = Decimal("1.19") * (days - 10) / days
        self.assertAlmostEqual(found["fixed", "consumption"][1], float(fixed), delta=0.0051)
        self.assertAlmostEqual(found["residents_part", "consumption"][1], float(each), delta=0.0051)

    def test_a_mended_reading_shares_the_house_again(self):
        """3 m³ less for the flat, 3 m³ more of common use for all 46."""
        found = self.charges(self.review, "CW-UOS-21-24", correction=True)
        self.assertEqual(found["water", "consumption"][0], -3.0)
        self.assertAlmostEqual(found["water", "consumption"][1], -3 * 0.9317, delta=0.0101)
        found = self.charges(self.review, "SW-UOS-21-24", correction=True)
        self.assertEqual(found["sewage", "consumption"][0], -3.0)
        self.assertAlmostEqual(found["sewage", "consumption"][1], -3 * 1.7666, delta=0.0101)
        common = self.review.charge_ids.filtered(
            lambda charge: charge.is_correction and charge.code == "common_water"
        )
        self.assertEqual(common.building_id, self._named("building_shops"))
        # the café is held
        self.assertEqual(len(common), 45)

    def test_shares_and_residual_are_the_total(self):
        runs = self.env["utility.allocation.run"].search(
            [("company_id", "=", self.env.company.id), ("state", "!=", "cancelled")]
        )
        self.assertTrue(runs)
        self.assertFalse(any(runs.mapped("has_problem")))
        for run in runs:
            shares = sum(run.share_ids.mapped("quantity"))
            self.assertAlmostEqual(shares + run.own + run.residual, run.total, places=4)

    def test_half_of_the_waste_levy_is_paid_by_the_fund(self):
        """Five residents: 6.88 and 5.95, half of each."""
        for run in (self.approved, self.review):
            found = self.charges(run, "WS-SVY-7-39")
            self.assertEqual(found["fixed", "consumption"][1], 6.88)
            self.assertEqual(found["residents_part", "consumption"], (5.0, 5.95))
            self.assertEqual(found["fixed", "benefit"][1], -3.44)
            self.assertEqual(found["residents_part", "benefit"][1], -2.98)

    def test_adjustments(self):
        states = {
            name: self._named(name).state
            for name in ("absence", "claim_act", "one_off", "adjustment_waiting")
        }
        self.assertEqual(
            states,
            {
                "absence": "approved",
                "claim_act": "approved",
                "one_off": "approved",
                "adjustment_waiting": "submitted",
            },
        )
        sealing = self.review.charge_ids.filtered(lambda charge: charge.kind == "one_off")
        self.assertEqual((sealing.account_id, sealing.amount), (self.accounts["NU-KOP-3"], 9.5))

    def test_what_adjustments_come_to(self):
        """A claim act of 48 hours without heat, 8 of them allowed: 40 × 0.15 = 6 % of all heat of
        its house; the absence takes so much off the flat's three services."""
        act, absence = self._named("claim_act"), self._named("absence")
        heat = self.review.charge_ids.filtered(
            lambda charge: (
                charge.kind == "consumption"
                and not charge.is_correction
                and charge.service_point_id in act.line_ids.service_point_id
                and charge.component_id.reducible
            )
        )
        self.assertTrue(heat)
        self.assertLess(act.charged_amount, 0)
        self.assertAlmostEqual(
            act.charged_amount, -0.06 * sum(heat.mapped("amount")), delta=0.005 * len(heat)
        )
        self.assertAlmostEqual(sum(act.line_ids.mapped("charged_amount")), act.charged_amount, 2)
        self.assertEqual(len(absence.line_ids.filtered("charged_amount")), 3)
        # the month before was billed when it was drawn up: so the effect could be estimated
        self.assertTrue(absence.is_effect_known)
        self.assertLess(absence.effect, 0)

    def test_absence_of_22_days(self):
        """By norm, two residents: 5.2 m³, 22 days of the month taken off."""
        days = self.calendar.month(-1, 0).day
        found = self.charges(self.review, "CW-ZVE-14-25")
        self.assertEqual(found["water", "consumption"], (5.2, 4.84))
        self.assertAlmostEqual(found["water", "absence"][0], -5.2 * 22 / days, places=5)

    def test_the_month_before_last_is_posted_and_mostly_paid(self):
        bills = self.approved.move_ids.filtered(lambda move: move.is_invoice())
        self.assertEqual(self.approved.state, "posted")
        self.assertEqual(self.approved.bill_count, len(bills))
        self.assertEqual(set(bills.mapped("state")), {"posted"})
        self.assertEqual(set(bills.mapped("invoice_date")), {self.calendar.month(-2, 0)})
        self.assertEqual(set(bills.invoice_payment_term_id.mapped("line_ids.nb_days")), {15, 30})
        unpaid = bills.filtered(lambda bill: bill.payment_state in ("not_paid", "partial"))
        self.assertEqual(
            set(unpaid.utility_account_id),
            {
                self.accounts[key]
                for key in ("NU-SAL-8", "NU-ZVE-14-13", "NU-ZVE-14-8", "NU-SVY-7-12")
            },
        )
        resident = unpaid.filtered(
            lambda bill: bill.utility_account_id == self.accounts["NU-SVY-7-12"]
        )
        self.assertEqual(resident.payment_state, "partial")
        self.assertEqual(resident.amount_total - resident.amount_residual, 20)

    def test_what_is_collected_for_another_is_owed_to_it(self):
        services = self.demo._services()
        bills = self.approved.move_ids.filtered(lambda move: move.is_invoice())
        posted = bills.line_ids
        for code in ("heat", "hot_water", "waste"):
            lines = posted.filtered(
                lambda line, service=services[code]: (
                    line.utility_service_id == service and line.display_type == "product"
                )
            )
            self.assertEqual(lines.account_id, services[code].liability_account_id)

    def test_last_month_can_be_approved_and_posted(self):
        """Every service: by whoever presses the buttons, without anything to set up."""
        self.review.action_approve()
        self.review.with_context(queue_job__no_delay=True).action_post()
        self.assertFalse([part.message for part in self.review.posting_ids if part.message])
        self.assertEqual(self.review.state, "posted")
        services = self.review.charge_ids.filtered("move_line_id").service_id
        self.assertEqual(
            services, self.env["utility.service"].union(*self.demo._services().values())
        )

    def test_the_turnover_of_the_town_adds_up(self):
        names = ("opening", "charged", "recalculated", "paid", "funds", "other", "closing")
        for by_service in (False, True):
            wizard = self.env["utility.turnover"].create(
                {
                    "company_id": self.env.company.id,
                    "date_from": self.calendar.month(-2),
                    "date_to": self.calendar.month(-1, 0),
                    "by_service": by_service,
                }
            )
            wizard.action_show()
            sums = {name: sum(wizard.line_ids.mapped(name)) for name in names}
            bills = self.approved.move_ids.filtered(lambda move: move.is_invoice())
            self.assertAlmostEqual(
                sums["charged"] + sums["recalculated"],
                sum(bills.mapped("amount_total_signed")),
                places=2,
            )
            for account in wizard.line_ids.account_id:
                lines = wizard.line_ids.filtered(lambda line, own=account: line.account_id == own)
                self.assertAlmostEqual(
                    sum(lines.mapped("closing")),
                    account.balance_on(self.calendar.month(-1, 0)),
                    places=2,
                )

    def test_every_charge_can_be_calculated_and_told_again(self):
        charges = self.review.charge_ids.filtered(lambda charge: not charge.is_correction)[:400]
        rated = charges.filtered(lambda charge: charge.trace.get("parts"))
        self.assertGreater(len(rated), 350)
        for charge in rated:
            self.assertEqual(recompute(charge.trace), Decimal(str(round(charge.amount, 2))))
        self.assertTrue(all(charges.mapped("explanation")))

    # -- money in ---------------------------------------------------------------------------

    def lists(self):
        return self.env["utility.payment.batch"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("date", ">=", self.calendar.month(-1)),
                ("date", "<", self.calendar.month(0)),
            ],
            order="date, id",
        )

    def test_lists_of_last_month(self):
        self.assertEqual(
            [
                (batch.collector_id.code, batch.date, batch.state, batch.bank_state)
                for batch in self.lists()
            ],
            [
                ("BANK", self.calendar.month(-1, 8), "done", "received"),
                ("POST", self.calendar.month(-1, 14), "done", "received"),
                ("BANK", self.calendar.month(-1, 22), "done", "received"),
                ("POST", self.calendar.month(-1, 28), "review", "waiting"),
            ],
        )
        self.assertFalse(any(self.lists().mapped("totals_problem")))

    def test_the_post_keeps_its_commission(self):
        post = self.lists()[1]
        fee = round(post.amount * 0.009, 2)
        self.assertEqual(post.commission_booked, fee)
        self.assertAlmostEqual(post.bank_received, post.amount - fee, 2)
        self.assertEqual(post.bank_received_on, self.calendar.month(-1, 15))

    def test_what_waits_and_why(self):
        found = [
            (payment.amount, payment.state, payment.method, len(payment.candidate_ids))
            for payment in self.to_review.payment_ids.sorted("number")
        ]
        self.assertEqual(
            found,
            [
                (30, "registered", "reference", 0),
                (25, "registered", "reference", 0),
                (40, "registered", "reference", 0),
                (20, "registered", "reference", 0),
                (60, "registered", "reference", 0),
                (35, "registered", "text", 0),
                # wrong check digits, a wrong digit, a name, a number in the text, two accounts
                (30, "doubtful", "reference", 1),
                (28, "doubtful", "name", 3),
                (35, "doubtful", "name", 2),
                (33, "doubtful", "text", 1),
                (55, "doubtful", "text", 2),
                # a sum alone, nothing, and what the clerk has placed
                (160.07, "doubtful", "amount", 1),
                (18.37, "unmatched", False, 0),
                (32, "matched", "hand", 4),
            ],
        )

    def test_an_overpayment_stays_as_credit(self):
        overpaid = self.to_review.payment_ids.filtered(lambda payment: payment.amount == 60)
        self.assertEqual((overpaid.state, overpaid.credit), ("registered", 60))
        self.assertFalse(overpaid.allocation_ids)
        self.assertEqual(overpaid.account_id, self.accounts["NU-PUS-4"])
        self.assertLessEqual(overpaid.account_id.balance, -60)

    def test_money_in_is_what_it_covers_and_what_is_left(self):
        payments = self.env["utility.payment"].search(
            [("company_id", "=", self.env.company.id), ("state", "=", "registered")]
        )
        self.assertAlmostEqual(
            sum(payments.mapped("amount")),
            sum(payments.allocation_ids.mapped("amount")) + sum(payments.mapped("credit")),
            2,
        )

    def test_what_is_used_comes_before_the_house(self):
        """20 € of a bill that is more: nothing of them for maintenance and repair fund."""
        account = self.accounts["NU-SVY-7-12"]
        paid = self.env["utility.payment"].search(
            [("account_id", "=", account.id), ("amount", "=", 20)]
        )
        self.assertAlmostEqual(sum(paid.allocation_ids.mapped("amount")), 20)
        self.assertFalse(
            paid.allocation_ids.service_id.filtered(
                lambda service: service.code in ("maintenance", "repair_fund")
            )
        )

    def test_policies(self):
        policies = self.env["utility.payment.policy"]
        company = self.env.company
        for day, first in (
            (self.calendar.month(-2), "oldest"),
            (self.calendar.today, "oldest"),
            (self.calendar.month(1), "newest"),
        ):
            self.assertEqual(policies._terms_on(company, day).first, first)
        self.assertFalse(policies._in_force(company, self.calendar.month(-2)))

    def test_a_closed_shift(self):
        shift = self._named("cash_shift")
        self.assertEqual(shift.user_id, self._named("user_cashier"))
        self.assertEqual(
            [
                (payment.receipt_name, payment.amount, payment.receipt_means, payment.is_void)
                for payment in shift.payment_ids.sorted("receipt_number")
            ],
            [
                ("K-1", 20, "cash", False),
                ("K-2", 25, "cash", False),
                ("K-3", 40, "card", False),
                ("K-4", 10, "cash", True),
            ],
        )
        self.assertEqual(
            (shift.state, shift.expected, shift.counted, shift.difference, shift.left),
            ("closed", 145, 144.95, -0.05, 44.95),
        )
        self.assertFalse(self._named("cash_desk").shift_id)

    def test_all_points_of_money_but_one_are_in_order(self):
        period = self.env["utility.billing.period"]._for(self.env.company, self.calendar.month(-1))
        money = {
            check.code: check.count
            for check in period.check_ids
            if check.code in ("placed", "balanced", "covered", "suspense")
        }
        self.assertEqual(
            money, {"placed": self.to_review.open_count, "balanced": 0, "covered": 0, "suspense": 0}
        )

    def test_the_register_to_try(self):
        file = self._named("file_post").with_user(self._named("user_cashier"))
        self.assertEqual(file.state, "draft")
        file.action_read()
        self.assertEqual((file.row_count, file.good_count), (5, 5))
        file.action_import()
        payments = file.payment_batch_ids
        self.assertEqual((payments.amount, payments.registered_count), (133.05, 4))
        self.assertEqual(payments.open_count, 1)
