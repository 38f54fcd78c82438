from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.recompute import recompute
from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestRecalculation(BillingCommon):
    """January is billed: 12.345 m³, 15.18 and 0.79. What becomes known later is charged as a
    difference in February's run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.january = cls.approved_run()

    def february(self):
        run = self.make_run("2026-02-15")
        return run, run.charge_ids.filtered("is_correction")

    def test_nothing_changed_nothing_is_corrected(self):
        run, corrections = self.february()
        self.assertFalse(corrections)
        self.assertCharges(
            run.charge_ids, ("water", "consumption", 7.655, 9.42), ("fee", "fixed", 1, 0.79)
        )

    def test_a_corrected_reading(self):
        reading = self.env["utility.reading"].search(
            [("register_id", "=", self.register.id), ("date", "=", "2026-01-31")]
        )
        reading._correct(110, reason="Typed wrong")
        _run, corrections = self.february()
        # 10 × 1.23 = 12.30 instead of 15.18
        self.assertCharges(corrections, ("water", "consumption", -2.345, -2.88))
        self.assertEqual(corrections.period_start, self.day("2026-01-01"))
        self.assertEqual(corrections.month, self.day("2026-02-01"))
        self.assertIn("CW-1", corrections.reason)
        self.assertEqual(corrections.trace["was"]["charges"], self.january.charge_ids[0].ids)
        self.assertEqual(float(recompute(corrections.trace)), -2.88)

    def test_an_exchange_that_was_recorded_late(self):
        """The meter was exchanged on 10 January at 104; the new one began at 0 and showed 6 at the
        month's end, 9 at the end of February."""
        self.env["utility.reading"].search(
            [("register_id", "=", self.register.id), ("date", ">=", "2026-01-31")]
        )._reject("Belongs to the new meter")
        self.make_reading(self.register, "2026-01-10", 104, reading_type="final")
        self.installation._close("2026-01-10")
        new = self.make_meter("B200")
        self.make_installation(new, self.point, "2026-01-10", initial=0)
        self.make_reading(new.register_ids, "2026-01-31", 6)
        self.make_reading(new.register_ids, "2026-02-28", 9)
        self.env["utility.usage.stale"]._settle()
        run, corrections = self.february()
        # 4 + 6 = 10 m³ instead of 12.345
        self.assertCharges(corrections, ("water", "consumption", -2.345, -2.88))
        self.assertCharges(
            run.charge_ids - corrections,
            ("water", "consumption", 3, 3.69),
            ("fee", "fixed", 1, 0.79),
        )

    def test_a_tax_change_reverses_and_charges_anew(self):
        nine = self.make_tax(9)
        self.env["utility.service.tax"].create(
            {
                "service_id": self.water.id,
                "date_start": "2026-01-01",
                "tax_ids": [(6, 0, nine.ids)],
            }
        )
        _run, corrections = self.february()
        reversal = corrections.filtered(lambda charge: charge.tax_ids == self.vat)
        anew = corrections - reversal
        self.assertEqual(anew.tax_ids, nine)
        self.assertEqual(sorted(reversal.mapped("amount")), [-15.18, -0.79])
        self.assertEqual(sorted(anew.mapped("amount")), [0.79, 15.18])

    def test_a_sale_that_was_recorded_late(self):
        """Ona bought on 16 January, with a reading of 105 on the 15th."""
        self.make_reading(self.register, "2026-01-15", 105)
        self.account._change_payer(self.ona, self.day("2026-01-16"))
        self.env["utility.usage.stale"]._settle()
        run, corrections = self.february()
        by_payer = {
            payer: sorted(
                corrections.filtered(lambda c, p=payer: c.partner_id == p).mapped("amount")
            )
            for payer in (self.jonas, self.ona)
        }
        # Jonas: 5 × 1.23 = 6.15 instead of 15.18; 0.79 × 15/31 = 0.38 instead of 0.79
        self.assertEqual(by_payer[self.jonas], [-9.03, -0.41])
        # Ona: 7.345 × 1.23 = 9.03435; 0.79 × 16/31 = 0.4077
        self.assertEqual(by_payer[self.ona], [0.41, 9.03])
        self.assertEqual((run.charge_ids - corrections).partner_id, self.ona)

    def test_a_price_that_was_corrected(self):
        self.version._withdraw("The regulator cancelled it")
        self.make_version(
            self.schedule,
            "2025-01-01",
            {"code": "water", "kind": "unit", "price": 1.2},
            {"code": "fee", "kind": "fixed", "price": 0.79},
        )
        _run, corrections = self.february()
        # 12.345 × 1.20 = 14.814 instead of 15.18
        self.assertCharges(corrections, ("water", "consumption", 0, -0.37))

    def test_a_price_that_ended_earlier(self):
        special = self.make_schedule(self.plan, self.water, account_id=self.account.id)
        dear = self.make_version(
            special, "2025-01-01", {"code": "water", "kind": "unit", "price": 2}
        )
        self.approved_run("2026-01-15")
        dear.date_end = "2025-12-31"
        _run, corrections = self.february()
        # 12.345 × 2 = 24.69 before; the town's price and its fee again
        self.assertEqual(sorted(corrections.mapped("amount")), [-9.51, 0.79])

    def test_a_tariff_that_was_archived_goes_on_to_price_its_days(self):
        with self.assertRaisesRegex(UserError, "is in force"):
            self.schedule.active = False
        self.version.date_end = "2026-02-28"
        self.schedule.active = False
        _run, corrections = self.february()
        self.assertFalse(corrections)

    def test_whom_a_tariff_is_for_stays(self):
        self.schedule.write({"payer_kind": False, "name": "Water"})
        with self.assertRaisesRegex(UserError, "Make another tariff instead"):
            self.schedule.payer_kind = "legal"

    def make_peak(self, *components):
        """12 kW at the end of January, of a service with these components; returns the reading."""
        power = self.make_service("EL", name="Power", kind="electricity", is_quantified=False)
        point = self.make_point(power, self.flat, "EL-1")
        self.make_agreement(self.account, point)
        kind = self.make_meter_type(
            "PEAK",
            [
                {
                    "purpose": "info",
                    "counting": "amount",
                    "code": "P",
                    "uom_id": self.env.ref("uom.product_uom_unit").id,
                }
            ],
            service_kind="electricity",
        )
        meter = self.make_meter("E100", kind)
        self.make_installation(meter, point, "2025-12-31")
        self.make_version(self.make_schedule(self.plan, power), "2025-01-01", *components)
        return self.make_reading(meter.register_ids, "2026-01-31", 12)

    def test_a_demand_that_was_corrected(self):
        """12 kW at the end of January, at 2 a kW; it was 10."""
        reading = self.make_peak({"code": "peak", "kind": "demand", "price": 2})
        with self.at("2026-03-17 09:00:00"):
            run = self.approved_run("2026-01-15")
            self.assertCharges(run.charge_ids, ("peak", "consumption", 12, 24))
        with self.at("2026-03-18 09:00:00"):
            reading._correct(10, reason="Typed wrong")
        with self.at("2026-03-19 09:00:00"):
            run = self.make_run("2026-01-15")
            self.assertCharges(run.charge_ids, ("peak", "consumption", -2, -4))

    def test_a_demand_that_only_a_formula_names(self):
        self.make_peak(
            {"code": "peak", "kind": "formula", "formula": "max(demand - 10, 0) * 3"},
            {"code": "big", "kind": "fixed", "price": 5, "condition": "demand > 11"},
        )
        run = self.approved_run("2026-01-15")
        self.assertFalse(run.problem_ids)
        # (12 - 10) × 3
        self.assertCharges(run.charge_ids, ("peak", "consumption", 0, 6), ("big", "fixed", 1, 5))

    def test_an_agreement_that_never_was(self):
        self.account.agreement_ids._void("Another flat's")
        _run, corrections = self.february()
        self.assertEqual(sorted(corrections.mapped("amount")), [-15.18, -0.79])

    def test_two_runs_with_the_same_difference(self):
        self.make_version(
            self.make_schedule(self.plan, self.water, account_id=self.account.id),
            "2025-01-01",
            {"code": "water", "kind": "unit", "price": 1},
        )
        first = self.make_run("2026-01-15")
        second = self.make_run("2026-01-15")
        self.assertEqual(first.amount, second.amount)
        # 12.345 instead of 15.18, and no fee
        self.assertAlmostEqual(first.amount, 12.35 - 15.18 - 0.79, 2)
        first.action_approve()
        with self.assertRaisesRegex(UserError, "Calculate it again"):
            second.action_approve()
        second.action_calculate()
        self.assertFalse(second.charge_ids)

    def test_a_run_that_was_corrected_is_not_cancelled(self):
        self.account.agreement_ids._supersede({"share": 50}, reason="Half")
        self.approved_run("2026-02-15")
        with self.assertRaisesRegex(UserError, "cancel the later run first"):
            self.january.action_cancel()

    def test_differences_of_differences(self):
        agreement = self.account.agreement_ids
        half = agreement._supersede({"share": 50}, reason="Half")
        _first = self.approved_run("2026-02-15")
        half._supersede({"share": 100}, reason="All after all")
        run = self.make_run("2026-02-15")
        charged = self.env["utility.charge"].search(
            [("account_id", "=", self.account.id), ("period_start", "=", "2026-01-01")]
        )
        self.assertAlmostEqual(sum(charged.mapped("amount")), 15.97, 2)
        self.assertTrue(run.charge_ids)

    def preview(self):
        """The lines of the account's corrections to come: (payer, taxes, was, due)"""
        action = self.account.action_preview_corrections()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        return preview, [
            (line.partner_id, line.taxes, line.was, line.due) for line in preview.line_ids
        ]

    def test_preview_of_an_account(self):
        self.account.agreement_ids._supersede({"share": 50}, reason="Half")
        preview, lines = self.preview()
        # 15.97 and 7.99 before 21 %
        self.assertEqual(lines, [(self.jonas, "VAT 21 %", 19.32, 9.67)])
        self.assertAlmostEqual(preview.difference, -9.65, 2)
        self.assertIn("Service Agreement", preview.line_ids.reason)
        self.assertFalse(
            self.env["utility.charge"].search(
                [("account_id", "=", self.account.id), ("is_correction", "=", True)]
            )
        )

    def test_preview_of_a_tax_change(self):
        self.env["utility.service.tax"].create(
            {
                "service_id": self.water.id,
                "date_start": "2026-01-01",
                "tax_ids": [(6, 0, self.make_tax(9).ids)],
            }
        )
        preview, lines = self.preview()
        # 15.97 with 21 % and with 9 %
        self.assertCountEqual(
            lines,
            [(self.jonas, "VAT 21 %", 19.32, 0), (self.jonas, "VAT 9 %", 0, 17.41)],
        )
        self.assertAlmostEqual(preview.difference, -1.91, 2)

    def test_preview_of_a_sale(self):
        self.make_reading(self.register, "2026-01-15", 105)
        self.account._change_payer(self.ona, self.day("2026-01-16"))
        self.env["utility.usage.stale"]._settle()
        _preview, lines = self.preview()
        # Jonas 6.15 + 0.38 = 6.53, Ona 9.03 + 0.41 = 9.44, with 21 %
        self.assertCountEqual(
            lines,
            [(self.jonas, "VAT 21 %", 19.32, 7.90), (self.ona, "VAT 21 %", 0, 11.42)],
        )

    def test_preview_of_nothing(self):
        _preview, lines = self.preview()
        self.assertFalse(lines)
