from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.recompute import recompute
from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingDocuments(BillingCommon):
    """What documents bring to a bill, and what they change of one."""

    def make_adjustment(self, **vals):
        adjustment = self.env["utility.adjustment"].create(
            {
                "account_id": self.account.id,
                "company_id": self.company.id,
                "reason": "Agreed with the customer",
                **vals,
            }
        )
        adjustment.action_submit()
        if adjustment.state == "submitted":
            adjustment.with_user(self.make_user("billing_operator")).action_approve()
        return adjustment

    def sealing(self):
        product = self.env["product.product"].create({"name": "Sealing", "type": "service"})
        return self.make_adjustment(
            kind="one_off",
            service_id=self.water.id,
            product_id=product.id,
            quantity=1,
            price=12.5,
            date="2026-01-20",
            work_date="2026-01-20",
            performer_id=self.tomas.id,
        )

    def test_a_one_off_service_is_charged_once(self):
        sealing = self.sealing()
        run = self.make_run()
        self.assertIn(("one_off", 12.5), [(c.kind, c.amount) for c in run.charge_ids])
        run.action_discard()
        run.action_calculate()
        run.action_approve()
        self.assertEqual(sealing.state, "charged")
        charge = run.charge_ids.filtered(lambda c: c.kind == "one_off")
        self.assertEqual(charge.service_id, self.water)
        self.assertEqual(float(recompute(charge.trace)), 12.5)
        self.assertNotIn("one_off", self.make_run("2026-02-15").charge_ids.mapped("kind"))

    def test_a_cancelled_run_lets_it_come_again(self):
        sealing = self.sealing()
        self.approved_run().action_cancel()
        self.assertEqual(sealing.state, "approved")
        self.assertIn("one_off", self.approved_run().charge_ids.mapped("kind"))

    def test_what_was_charged_and_cancelled_is_taken_back(self):
        sealing = self.sealing()
        self.approved_run()
        sealing._cancel("Never done")
        run = self.approved_run("2026-02-15")
        back = run.charge_ids.filtered(lambda c: c.kind == "one_off")
        self.assertEqual(back.amount, -12.5)
        self.assertNotIn("one_off", self.make_run("2026-02-15").charge_ids.mapped("kind"))

    def test_what_is_cancelled_before_approval_is_not_charged(self):
        sealing = self.sealing()
        run = self.make_run()
        sealing._cancel("Never done")
        with self.assertRaisesRegex(UserError, "has changed since .* Calculate it again"):
            run.action_approve()
        run.action_calculate()
        run.action_approve()
        self.assertNotIn("one_off", run.charge_ids.mapped("kind"))
        self.assertFalse(sealing.charged_at or sealing.taken_back_at)
        self.assertNotIn("one_off", self.make_run("2026-02-15").charge_ids.mapped("kind"))

    def test_what_is_charged_no_more_is_not_taken_back(self):
        sealing = self.sealing()
        january = self.approved_run()
        sealing._cancel("Never done")
        february = self.make_run("2026-02-15", with_corrections=False)
        self.assertIn(-12.5, february.charge_ids.mapped("amount"))
        january.action_cancel()
        with self.assertRaisesRegex(UserError, "has changed since .* Calculate it again"):
            february.action_approve()
        february.action_calculate()
        february.action_approve()
        self.assertNotIn("one_off", february.charge_ids.mapped("kind"))

    def test_a_cost_of_the_house_is_charged_to_its_accounts(self):
        other = self.make_account(self.flat_2, self.ona)
        self.make_agreement(other, self.point_2)
        sharings = self.env["utility.allocation.run"]
        sharing = sharings._share_cost(
            {
                "name": "Roof mended",
                "company_id": self.company.id,
                "service_id": self.water.id,
                "method_id": self.env.ref("utility_billing.allocation_method_equal").id,
                "date_start": self.day("2026-01-10"),
                "date_end": self.day("2026-01-10"),
            },
            self.flat | self.flat_2,
            100,
        )
        accounts = self.account | other
        run = self.make_run(accounts=accounts, service_ids=[(6, 0, self.water.ids)])
        self.assertNotIn("cost", run.charge_ids.mapped("kind"))
        sharing.with_user(self.make_user("billing_operator")).action_approve()
        self.make_rule("unmetered", "agreed")
        self.env["utility.agreed.quantity"].create(
            {"service_point_id": self.point_2.id, "quantity": 3, "date_start": "2025-01-01"}
        )
        self.calculate_usage("2026-01-01", "2026-01-31", self.point_2)
        run.action_calculate()
        costs = run.charge_ids.filtered(lambda charge: charge.kind == "cost")
        self.assertEqual(costs.mapped("amount"), [50, 50])
        self.assertEqual(costs.account_id, accounts)
        run.action_approve()
        self.assertNotIn("cost", self.make_run(accounts=accounts).charge_ids.mapped("kind"))
        sharing.action_cancel()
        back = self.make_run(accounts=accounts).charge_ids
        self.assertEqual(back.mapped("amount"), [-50, -50])

    def share_cost(self, premises, total=100):
        sharing = self.env["utility.allocation.run"]._share_cost(
            {
                "name": "Roof mended",
                "company_id": self.company.id,
                "service_id": self.water.id,
                "method_id": self.env.ref("utility_billing.allocation_method_equal").id,
                "date_start": self.day("2026-01-10"),
                "date_end": self.day("2026-01-10"),
            },
            premises,
            total,
        )
        sharing.with_user(self.make_user("billing_operator")).action_approve()
        return sharing

    def test_a_cost_has_the_taxes_of_its_day(self):
        nine = self.make_tax(9)
        dated = self.env["utility.service.tax"].create(
            {
                "service_id": self.water.id,
                "date_start": "2026-01-01",
                "date_end": "2026-01-31",
                "tax_ids": [(6, 0, nine.ids)],
            }
        )
        sharing = self.share_cost(self.flat)
        february = self.approved_run("2026-02-15", with_corrections=False)
        cost = february.charge_ids.filtered(lambda charge: charge.kind == "cost")
        self.assertEqual((cost.amount, cost.tax_ids), (100, nine))
        # what is taken back has the taxes that it was charged with
        dated._supersede({"tax_ids": [(5,)]}, reason="Not taxed")
        sharing.action_cancel()
        again = self.make_run("2026-02-15", with_corrections=False)
        back = again.charge_ids.filtered(lambda charge: charge.kind == "cost")
        self.assertEqual((back.amount, back.tax_ids), (-100, nine))
        # a day without taxes has none, whatever the service says of today
        self.share_cost(self.flat)
        again.action_calculate()
        anew = again.charge_ids.filtered(lambda charge: charge.amount == 100)
        self.assertEqual((anew.kind, anew.tax_key), ("cost", ""))

    def costs_of(self, run):
        found = run.charge_ids.filtered(lambda charge: charge.kind == "cost").sorted("id")
        return [(charge.amount, charge.tax_ids) for charge in found]

    def test_a_cost_whose_tax_becomes_known_later_is_charged_anew(self):
        nine, none = self.make_tax(9), self.env["account.tax"]
        self.water.tax_ids = False
        sharing = self.share_cost(self.flat)
        billed = self.approved_run("2026-02-15", with_corrections=False)
        self.assertEqual(self.costs_of(billed), [(100, none)])
        dated = self.env["utility.service.tax"].create(
            {
                "service_id": self.water.id,
                "date_start": "2026-01-01",
                "date_end": "2026-01-31",
                "tax_ids": [(6, 0, nine.ids)],
            }
        )
        anew = self.approved_run("2026-02-15", with_corrections=False)
        self.assertEqual(self.costs_of(anew), [(-100, none), (100, nine)])
        quiet = self.approved_run("2026-02-15", with_corrections=False)
        self.assertEqual(self.costs_of(quiet), [])
        # and once more: the chain goes on from what was charged last
        dated._supersede({"tax_ids": [(5,)]}, reason="Not taxed")
        untaxed = self.approved_run("2026-02-15", with_corrections=False)
        self.assertEqual(self.costs_of(untaxed), [(-100, nine), (100, none)])
        sharing.action_cancel()
        back = self.approved_run("2026-02-15", with_corrections=False)
        self.assertEqual(self.costs_of(back), [(-100, none)])
        done = self.approved_run("2026-02-15", with_corrections=False)
        self.assertEqual(self.costs_of(done), [])

    def test_a_cost_is_borne_by_all_accounts_of_a_flat(self):
        """Two thirds and one third of a flat's 50: the cent that is left goes to who lost most."""
        one, other = (
            self.make_account(self.flat_2, self.ona),
            self.make_account(self.flat_2, self.tomas),
        )
        self.make_agreement(one, self.point_2, share=66.67)
        self.make_agreement(other, self.point_2, share=33.33)
        sharing = self.share_cost(self.flat | self.flat_2)
        shares = sharing.share_ids.sorted("account_id")
        self.assertEqual(
            [(share.account_id, share.amount) for share in shares],
            [(self.account, 50), (one, 33.34), (other, 16.66)],
        )
        self.assertIn("16.66", shares[2].explanation.replace("\xa0", " "))
        run = self.make_run(
            "2026-02-15", self.account | one | other, service_ids=[(6, 0, self.water.ids)]
        )
        costs = run.charge_ids.filtered(lambda charge: charge.kind == "cost")
        self.assertIn(50, costs.mapped("amount"))
        wizard = self.env["utility.allocation.spread"].new(
            {
                "name": "Roof mended",
                "company_id": self.company.id,
                "service_id": self.water.id,
                "method_id": self.env.ref("utility_billing.allocation_method_equal").id,
                "total": 100,
                "date_start": "2026-01-10",
                "date_end": "2026-01-10",
                "place_ids": [(6, 0, (self.flat | self.flat_2).ids)],
            }
        )
        self.assertEqual(sorted(wizard.line_ids.mapped("amount")), [16.66, 33.34, 50])

    def test_a_subsidy_pays_what_the_bill_comes_to(self):
        fund = self.make_person("Municipality", is_company=True)
        self.env["utility.subsidy"].create(
            {
                "account_id": self.account.id,
                "company_id": self.company.id,
                "fund_partner_id": fund.id,
                "amount": 20,
                "register_number": "S-1",
                "date_start": "2026-01-01",
                "date_end": "2026-02-28",
                "over": "carry",
            }
        )
        january = self.approved_run()
        subsidy = january.charge_ids.filtered(lambda c: c.kind == "subsidy")
        # 15.97 and 21 % of it: 19.32; 0.68 go on to February
        self.assertEqual(subsidy.amount, -19.32)
        self.assertEqual((subsidy.fund_partner_id, subsidy.fund_amount), (fund, 19.32))
        self.assertNotIn("subsidy", self.make_run().charge_ids.mapped("kind"))
        february = self.make_run("2026-02-15")
        # (9.42 + 0.79) with 21 %: 12.35
        subsidy = february.charge_ids.filtered(lambda c: c.kind == "subsidy")
        self.assertEqual(subsidy.amount, -12.35)

    def test_an_absence_that_was_recorded_late(self):
        norm_only = self.make_account(self.flat_2, self.ona)
        self.make_agreement(norm_only, self.point_2)
        for person in (self.ona, self.tomas):
            self.make_occupancy(self.flat_2, person, "resident", "2020-01-01")
        self.make_rule("unmetered", "norm")
        self.make_norm(3.1)
        self.calculate_usage("2026-01-01", "2026-01-31", self.point_2)
        run = self.approved_run(accounts=norm_only)
        # 2 × 3.1 = 6.2 m³ × 1.23
        self.assertCharges(
            run.charge_ids, ("water", "consumption", 6.2, 7.63), ("fee", "fixed", 1, 0.79)
        )
        absence = self.env["utility.adjustment"].create(
            {
                "kind": "absence",
                "account_id": norm_only.id,
                "company_id": self.company.id,
                "left_on": "2026-01-04",
                "returned_on": "2026-01-15",
                "persons": 1,
                "reason": "In hospital",
                "service_ids": [(6, 0, self.water.ids)],
            }
        )
        absence.action_submit()
        if absence.state == "submitted":
            absence.with_user(self.make_user("billing_operator")).action_approve()
        run = self.make_run("2026-01-15", accounts=norm_only)
        # ten full days of one of two persons: 7.626 × 10/31 × 1/2; the fee: 0.79 × 10/31 × 1/2
        self.assertCharges(
            run.charge_ids,
            ("water", "absence", -1.0, -1.23),
            ("fee", "absence", -0.16129, -0.13),
        )
        self.assertTrue(all(run.charge_ids.mapped("is_correction")))
