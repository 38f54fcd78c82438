from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import rate_assignment, rate_assignment_slice
from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestRateAssignment(BillingCommon):
    """Flats 1 to 3 are on the default plan; the social one asks 1.00 a m³ and no fee."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.social = cls.make_plan("SOC", name="Social")
        social = cls.make_schedule(cls.social, cls.water)
        cls.make_version(social, "2025-01-01", {"code": "water", "kind": "unit", "price": 1})
        cls.agreement = cls.account.agreement_ids
        cls.account_2 = cls.make_account(cls.flat_2, cls.ona)
        cls.firm = cls.make_account(cls.flat_3, cls.tomas, kind="legal")
        cls.agreement_2 = cls.make_agreement(cls.account_2, cls.point_2)
        cls.agreement_3 = cls.make_agreement(cls.firm, cls.point_3, start="2026-05-01")

    def wizard(self, **vals):
        return self.env["utility.rate.assign.wizard"].create(
            {"plan_id": self.social.id, "date_start": "2026-04-01", **vals}
        )

    def assign(self, **vals):
        wizard = self.wizard(**vals)
        wizard.action_preview()
        return self.env["utility.rate.assignment"].browse(wizard.action_run()["res_id"])

    def plans_of(self, account):
        """[(first day, plan)] of the live agreements."""
        return [
            (str(agreement.date_start), agreement.rate_plan_id.code)
            for agreement in account.agreement_ids.filtered(
                lambda agreement: not agreement.voided_at
            ).sorted("date_start")
        ]

    # -- which ------------------------------------------------------------------------------

    def test_filters(self):
        flats = self.agreement | self.agreement_2
        for vals, expected in (
            ({}, flats | self.agreement_3),
            ({"payer_kind": "individual"}, flats),
            ({"payer_kind": "legal"}, self.agreement_3),
            ({"premise_ids": [Command.set(self.flat_2.ids)]}, self.agreement_2),
            ({"premise_ids": [Command.set(self.street.ids)]}, self.agreement.browse()),
            ({"present_plan": "none"}, flats | self.agreement_3),
            (
                {"present_plan": "chosen", "present_plan_ids": [Command.set(self.plan.ids)]},
                self.agreement.browse(),
            ),
            ({"domain": f"[('account_id', '=', {self.account.id})]"}, self.agreement),
            ({"service_ids": [Command.set(self.make_service("EL").ids)]}, self.agreement.browse()),
        ):
            self.assertEqual(self.wizard(**vals)._agreements(), expected, vals)
        with self.assertRaisesRegex(UserError, "The filter cannot be read"):
            self.wizard(domain="__import__('os')")._agreements()

    # -- what it moves ----------------------------------------------------------------------

    def test_the_preview_shows_the_money(self):
        wizard = self.wizard(domain=f"[('account_id', '=', {self.account.id})]")
        wizard.action_preview()
        # February: 7.655 m³ at 1.23 and a fee of 0.79; at 1.00 and none; with 21 % of tax
        self.assertEqual(wizard.agreement_count, 1)
        self.assertEqual(
            (wizard.amount_before, wizard.amount_after, wizard.amount_difference),
            (12.35, 9.27, -3.08),
        )
        self.assertEqual(wizard.line_ids.service_id, self.water)
        self.assertEqual(self.plans_of(self.account), [("2020-01-01", False)])

    def test_what_cannot_be_compared_is_counted(self):
        # no meter hangs in flat 2, and no rule estimates
        wizard = self.wizard(payer_kind="individual")
        wizard.action_preview()
        self.assertEqual((wizard.agreement_count, wizard.held_count), (2, 1))
        self.assertIn("Cold water: ", wizard.held_reason)
        self.assertEqual(wizard.amount_before, 12.35)

    # -- assigning, and back ----------------------------------------------------------------

    def test_assigning_and_taking_back(self):
        assignment = self.assign(note="Council decision 7")
        self.assertEqual((assignment.state, assignment.agreement_count), ("done", 3))
        self.assertEqual(
            self.plans_of(self.account), [("2020-01-01", False), ("2026-04-01", "SOC")]
        )
        # one that begins later begins on the plan
        self.assertEqual(self.plans_of(self.firm), [("2026-05-01", "SOC")])
        self.assertEqual(self.social.agreement_count, 0)
        self.assertEqual(assignment.amount_difference, -3.08)

        assignment.action_undo()
        self.assertEqual((assignment.state, assignment.kept_count), ("undone", 0))
        self.assertEqual(self.plans_of(self.account), [("2020-01-01", False)])
        self.assertEqual(self.plans_of(self.firm), [("2026-05-01", False)])
        self.assertFalse(
            self.account.agreement_ids.filtered(lambda row: not row.voided_at).date_end
        )

    def test_taking_back_keeps_what_was_changed_since(self):
        assignment = self.assign(payer_kind="individual")
        changed = assignment.agreement_ids.filtered(lambda row: row.account_id == self.account_2)
        changed._supersede({"share": 50}, self.day("2026-06-01"))
        assignment.action_undo()
        self.assertEqual(assignment.kept_count, 1)
        self.assertEqual(
            self.plans_of(self.account_2),
            [("2020-01-01", False), ("2026-04-01", "SOC"), ("2026-06-01", "SOC")],
        )
        self.assertEqual(self.plans_of(self.account), [("2020-01-01", False)])

    def test_many_go_in_jobs(self):
        self.patch(rate_assignment, "AT_ONCE", 2)
        self.patch(rate_assignment_slice, "AT_ONCE", 2)
        assignment = self.assign()
        self.assertEqual((assignment.state, assignment.progress), ("running", 0))
        self.assertEqual([len(part.agreement_ids) for part in assignment.slice_ids], [2, 1])
        assignment.slice_ids[0]._job_calculate()
        self.assertEqual((assignment.state, assignment.progress), ("running", 50))
        assignment.slice_ids[0]._job_calculate()
        assignment.slice_ids[1]._job_calculate()
        self.assertEqual(assignment.state, "done")
        self.assertEqual(len(assignment.agreement_ids), 3)

    def test_one_that_is_refused_keeps_no_other(self):
        wizard = self.wizard(payer_kind="individual")
        wizard.action_preview()
        # closed by hand in the database, past the agreement that is still open
        self.env.cr.execute(
            "UPDATE utility_account SET date_close = '2026-03-31' WHERE id = %s",
            [self.account_2.id],
        )
        self.account_2.invalidate_recordset()
        assignment = self.env["utility.rate.assignment"].browse(wizard.action_run()["res_id"])
        self.assertEqual(assignment.state, "done")
        self.assertIn("reaches beyond the days on which the account is open", assignment.problems)
        self.assertEqual(self.plans_of(self.account_2), [("2020-01-01", False)])
        self.assertEqual(
            self.plans_of(self.account), [("2020-01-01", False), ("2026-04-01", "SOC")]
        )

    def test_nothing_to_assign(self):
        self.assign()
        with self.assertRaisesRegex(UserError, "Nothing changes"):
            self.wizard().action_run()

    def test_the_preview_comes_first(self):
        with self.assertRaisesRegex(UserError, "Look at the preview first"):
            self.wizard().action_run()

    def test_who_may(self):
        operator, clerk = self.make_user("billing_operator"), self.make_user("clerk")
        with self.assertRaises(AccessError):
            self.env["utility.rate.assign.wizard"].with_user(clerk).create(
                {"plan_id": self.social.id}
            )
        wizard = self.wizard().with_user(operator)
        wizard.action_preview()
        assignment = self.env["utility.rate.assignment"].browse(wizard.action_run()["res_id"])
        self.assertEqual((assignment.state, assignment.user_id), ("done", operator))
        with self.assertRaises(AccessError):
            assignment.with_user(clerk).action_undo()
        assignment.with_user(operator).action_undo()
        self.assertEqual(assignment.state, "undone")

    # -- prices -----------------------------------------------------------------------------

    def dearer(self, **vals):
        wizard = self.env["utility.rate.price.wizard"].create(
            {
                "schedule_ids": [Command.set(self.schedule.ids)],
                "date_start": "2026-04-01",
                **vals,
            }
        )
        action = wizard.action_run()
        return self.env["utility.rate.version"].search(action["domain"])

    def prices(self, version):
        return version.component_ids.mapped("price")

    def test_prices_by_per_cent(self):
        draft = self.dearer(percent=4.5, decimals=3, basis="Decision 12")
        # 1.23 × 1.045 = 1.28535; 0.79 × 1.045 = 0.82555
        self.assertEqual(self.prices(draft), [1.285, 0.826])
        self.assertEqual((draft.state, draft.basis), ("draft", "Decision 12"))
        self.assertEqual(self.prices(self.version), [1.23, 0.79])

    def test_prices_by_an_amount(self):
        draft = self.dearer(operation="amount", amount=-0.1, kinds="unit", decimals=2)
        self.assertEqual(self.prices(draft), [1.13, 0.79])
        with self.assertRaisesRegex(ValidationError, "would fall below 0"):
            self.dearer(operation="amount", amount=-1, date_start="2026-07-01")

    def test_amounts_of_whole_blocks(self):
        """3.00 to 10 m³ and 8.00 beyond, and 1.00 a m³ there."""
        heat = self.make_schedule(self.plan, self.make_service("HEAT", kind="heat"))
        lines = [(10, 0, 3), (0, 1, 8)]
        self.make_version(
            heat,
            "2025-01-01",
            {
                "code": "heat",
                "kind": "unit",
                "blocks": "whole",
                "line_ids": [
                    Command.create(
                        {
                            "quantity_from": 0 if upper else 10,
                            "quantity_to": upper,
                            "price": price,
                            "amount": amount,
                        }
                    )
                    for upper, price, amount in lines
                ],
            },
        )
        for kinds, expected in (
            ("all", [(0, 3.3), (1.1, 8.8)]),
            ("fixed", [(0, 3.3), (1, 8.8)]),
            ("unit", [(0, 3), (1.1, 8)]),
        ):
            draft = self.dearer(
                schedule_ids=[Command.set(heat.ids)], percent=10, decimals=2, kinds=kinds
            )
            found = draft.component_ids.line_ids.sorted("quantity_from")
            self.assertEqual([(line.price, line.amount) for line in found], expected)
            draft.unlink()

    def test_prices_of_nothing(self):
        with self.assertRaisesRegex(UserError, "by how much"):
            self.dearer()
        with self.assertRaisesRegex(UserError, "no approved version"):
            self.dearer(percent=5, date_start="2024-07-01")

    # -- changes ----------------------------------------------------------------------------

    def test_what_a_version_changes(self):
        draft = self.version.copy({"date_start": "2026-04-01"})
        self.assertEqual(draft._differences(self.version), [])
        water, fee = draft.component_ids
        water.price = 1.3
        water.tax_included = True
        fee.unlink()
        self.env["utility.rate.component"].create(
            {"version_id": draft.id, "code": "levy", "name": "Levy", "kind": "fixed", "price": 2}
        )
        self.assertEqual(draft.previous_id, self.version)
        self.assertEqual(
            draft._differences(self.version),
            [
                ("Water", "Price Includes Tax", "No", "Yes"),
                ("Water", "Price", "1.23", "1.3"),
                ("Levy", "New", "", "2.00 € a month, by the days of each month, rounded to 0.01"),
                (
                    "Meter fee",
                    "No more",
                    "0.79 € a month, by the days of each month, rounded to 0.01",
                    "",
                ),
            ],
        )
        self.assertIn("<td>1.3</td>", draft.difference)
