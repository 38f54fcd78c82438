import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from .allocation_common import FEBRUARY, JANUARY, AllocationCommon


@tagged("post_install", "-at_install")
class TestLife(AllocationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equal = cls.env.ref("utility_billing.allocation_method_equal")

    def live(self):
        """[(flat's name, quantity or amount)] of all that counts, in order of time."""
        shares = self.shares.search(
            [("company_id", "=", self.company.id), ("voided_at", "=", False)]
        )
        return [
            (share.premise_id.name, share.quantity or share.amount)
            for share in shares.sorted(lambda share: (share.date_end, share.premise_id.name))
        ]

    def test_approve_and_cancel(self):
        run = self.share(self.assign())
        run.action_approve()
        self.assertEqual((run.state, run.approved_by_id), ("approved", self.env.user))
        run.action_back()
        self.assertEqual((run.state, run.approved_by_id.id), ("calculated", False))
        run.action_cancel()
        self.assertEqual((run.state, self.quantities(run)), ("cancelled", []))
        with self.assertRaisesRegex(UserError, "only what is calculated"):
            run.action_approve()

    def test_what_was_shared_is_kept(self):
        run = self.share(self.assign())
        with self.assertRaisesRegex(UserError, "kept for the record"):
            run.unlink()

    @mute_logger("odoo.sql_db")
    def test_a_building_is_shared_once_for_a_day(self):
        run = self.share(self.assign())
        with self.assertRaises(psycopg2.errors.ExclusionViolation):
            run.copy({"state": "calculated"})

    def test_a_corrected_sharing_replaces_what_was_shared(self):
        assignment = self.assign(start="2026-02-01")
        run = self.share(assignment)
        other = assignment._supersede({"method_id": self.equal.id}, reason="Wrong method")
        self.assertEqual((run.state, self.quantities(run)), ("cancelled", []))
        with self.assertRaisesRegex(UserError, "shared otherwise since"):
            run.action_calculate()
        [again] = self.runs._share_again(self.company, *map(self.day, FEBRUARY))
        self.assertEqual(again.assignment_id, other)
        self.assertEqual(self.live(), [("1", 333.333333), ("2", 333.333333), ("3", 333.333333)])
        again.action_cancel()
        self.assertFalse(self.runs._share_again(self.company, *map(self.day, FEBRUARY)))

    def test_a_month_is_shared_by_what_is_in_force_on_its_last_day(self):
        """By area until the 15th, in equal parts from the 16th on: all of February in equal
        parts, and January stays."""
        assignment = self.assign()
        january, february = self.share(assignment, JANUARY, typed=100), self.share(assignment)
        assignment._supersede({"method_id": self.equal.id}, date_start="2026-02-16")
        self.assertEqual((january.state, february.state), ("calculated", "cancelled"))
        self.runs._share_again(self.company, *map(self.day, FEBRUARY))
        self.assertEqual(
            self.live(),
            [("1", 50), ("2", 30), ("3", 20)]
            + [("1", 333.333333), ("2", 333.333333), ("3", 333.333333)],
        )

    def test_a_voided_sharing_leaves_no_shares(self):
        assignment = self.assign()
        held, run = self.share(assignment, JANUARY), self.share(assignment)
        assignment._void("This house is not shared")
        self.assertEqual((held.state, run.state), ("cancelled", "cancelled"))
        self.assertFalse(self.runs._share_again(self.company, *map(self.day, FEBRUARY)))
        self.assertEqual(self.live(), [])

    def test_a_corrected_cost_is_shared_again_with_the_total_that_was_typed(self):
        assignment = self.assign(purpose="cost")
        self.share(assignment, typed=90)
        assignment._supersede({"method_id": self.equal.id}, reason="Wrong method")
        self.runs._share_again(self.company, *map(self.day, FEBRUARY))
        self.assertEqual(self.live(), [("1", 30), ("2", 30), ("3", 30)])

    def test_days_that_are_shared_by_another_sharing(self):
        first = self.assign()
        self.share(first, ("2026-02-01", "2026-02-10"), typed=100)
        second = first._supersede({"method_id": self.equal.id}, date_start="2026-02-11")
        held = self.share(second)
        self.assertIn("shared already for 02/01/2026 – 02/10/2026", held.problem_text)
        self.assertEqual(self.live(), [("1", 50), ("2", 30), ("3", 20)])

    def test_an_update_takes_back_what_replaced_sharings_left(self):
        for point in self.points:
            self.make_usage(point, 0)
        gone = self.share(self.assign(start="2026-02-01"))
        kept = self.share(self.assign(purpose="common", start="2026-02-01"))
        self.env.cr.execute(
            "UPDATE utility_allocation_assignment SET voided_at = now() WHERE id = %s",
            [gone.assignment_id.id],
        )
        script = "migrations/19.0.1.3.0/pre-retire_replaced_sharings.py"
        path = file_path(f"utility_billing/{script}")
        load_script(path, "retire_replaced_sharings").migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual((gone.state, gone.is_outdated), ("cancelled", True))
        self.assertEqual((kept.state, kept.is_outdated), ("calculated", False))
        self.assertEqual(self.live(), [("1", 500), ("2", 300), ("3", 200)])
        self.assertEqual(self.quantities(kept), self.live())

    def test_methods_refuse_what_cannot_be(self):
        with self.assertRaisesRegex(ValidationError, "take 120 % of the total"):
            self.make_method(*[{"takes": "percent", "percent": 60}] * 2)
        with self.assertRaisesRegex(ValidationError, "no step"):
            self.make_method()
        with self.assertRaisesRegex(ValidationError, "names “heated_aria”"):
            self.make_method({"weight": "formula", "weight_formula": "heated_aria * 2"})
        with self.assertRaisesRegex(ValidationError, "not allowed: a formula only calculates"):
            self.make_method({"takes": "each", "formula": "usage.real"})
        with self.assertRaisesRegex(ValidationError, "choose the attribute"):
            self.make_method({"weight_attribute_id": False})
        with self.assertRaisesRegex(ValidationError, "choose the mark"):
            self.make_method({"among": "having"})
        with self.assertRaisesRegex(ValidationError, "1.05 is not lawful"):
            self.make_method({"coefficient": 1.05, "coefficient_ranges": "0.2-0.9; 1; 1.1-2"})
        with self.assertRaisesRegex(ValidationError, "is no range"):
            self.make_method({"coefficient_ranges": "low-high"})
        with self.assertRaisesRegex(ValidationError, "only a method of"):
            self.make_method({"service_id": self.heat.id})

    def test_method_of_another_kind_or_company(self):
        with self.assertRaisesRegex(ValidationError, "is for: costs"):
            self.assign(self.env.ref("utility_billing.allocation_method_de_30_70"))
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "belongs to Other"):
            self.assign(self.make_method({}, company_id=other.id))

    def test_changing_a_method_leaves_runs_alone(self):
        method = self.make_method({})
        assignment = self.assign(method)
        run = self.share(assignment)
        proof = run.proof_html
        method.step_ids.write({"weight": "equal"})
        run.invalidate_recordset()
        self.assertEqual((run.proof_html, self.quantities(run)[0]), (proof, ("1", 500)))
        self.assertNotEqual(self.share(assignment), run)

    def test_preview_stores_nothing(self):
        preview = self.env["utility.allocation.preview"].create({"method_id": self.by_area.id})
        self.assertEqual(preview.service_point_id, self.inlet)
        self.assertEqual((str(preview.date_start), str(preview.date_end)), FEBRUARY)
        self.assertIn("Savanorių pr. 12-1", preview.result_html)
        self.assertIn("500", preview.result_html)
        self.flat.attribute_value_ids._void("Unknown")
        preview.invalidate_recordset()
        self.assertIn("Heated area", preview.problem_text)
        self.assertFalse(self.runs.search([("company_id", "=", self.company.id)]))

    def test_print(self):
        run = self.share(self.assign())
        html, kind = self.env["ir.actions.report"]._render_qweb_html(
            "utility_billing.report_allocation_proof", run.ids
        )
        self.assertEqual(kind, "html")
        for text in ("Proof of sharing", "Savanorių pr. 12-2", "By area", "HT-H"):
            self.assertIn(text, html.decode())


@tagged("post_install", "-at_install")
class TestCost(AllocationCommon):
    """A work act of 100.00 over house 12, by total area."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.upkeep = cls.make_service("MT", name="Upkeep", kind="maintenance")
        cls.total_area = cls.env.ref("utility_base.attribute_total_area")
        for place, area in zip(cls.flats | cls.shop, (50, 30, 20, 50), strict=True):
            cls.make_value(cls.total_area, place, area)

    def wizard(self, **vals):
        return self.env["utility.allocation.spread"].create(
            {
                "name": "Act 12: roof",
                "service_id": self.upkeep.id,
                "total": 100,
                "place_ids": [Command.set(self.house.ids)],
                **vals,
            }
        )

    def test_share_a_cost(self):
        wizard = self.wizard()
        lines = {line.premise_id.name: line.amount for line in wizard.line_ids}
        self.assertEqual(lines, {"1": 33.33, "2": 20, "3": 13.33, "Kirpykla": 33.33})
        self.assertEqual(wizard.residual, 0.01)
        run = self.runs.browse(wizard.action_share()["res_id"])
        self.assertEqual((run.name, run.purpose, run.total), ("Act 12: roof", "cost", 100))
        shares = {share.premise_id.name: share.amount for share in run.share_ids}
        self.assertEqual(shares, lines)
        share = run.share_ids.filtered(lambda one: one.premise_id == self.flat)
        self.assertEqual((share.account_id, share.service_point_id.id), (self.account, False))

    def test_above_the_limit_another_person_approves(self):
        self.company.utility_approval_limit = 99.99
        act = self.env["utility.document"].create(
            {
                "name": "Act 12",
                "type_id": self.env["utility.document.type"].search([], limit=1).id,
                "premise_id": self.house.id,
            }
        )
        wizard = self.wizard(document_ids=[Command.set(act.ids)])
        run = self.runs.browse(wizard.action_share()["res_id"])
        self.assertEqual(run.document_ids, act)
        with self.assertRaisesRegex(UserError, "99.99.*Ask another billing operator"):
            run.action_approve()
        operator = self.make_user("billing_operator")
        run.with_user(operator).action_approve()
        self.assertEqual((run.state, run.approved_by_id), ("approved", operator))
        run.with_user(operator).action_back()
        self.company.utility_approval_limit = 100
        run.action_approve()
        self.assertEqual((run.state, run.approved_by_id), ("approved", self.env.user))

    def test_only_flats_of_an_entrance(self):
        flat_type = self.env.ref("utility_base.premise_type_flat")
        wizard = self.wizard(type_ids=[Command.set(flat_type.ids)])
        self.assertEqual(wizard.line_ids.mapped("amount"), [50, 30, 20])

    def test_missing_area(self):
        self.shop.attribute_value_ids._void("Not measured")
        wizard = self.wizard()
        self.assertIn("Kirpykla", wizard.problem_text)
        with self.assertRaisesRegex(UserError, "Kirpykla"):
            wizard.action_share()

    def test_a_point_of_the_service_takes_it(self):
        point = self.make_point(self.upkeep, self.flat, "MT-1")
        run = self.runs.browse(self.wizard().action_share()["res_id"])
        share = run.share_ids.filtered(lambda one: one.premise_id == self.flat)
        self.assertEqual((share.service_point_id, share.account_id), (point, self.account))

    def test_is_not_calculated_again(self):
        run = self.runs.browse(self.wizard().action_share()["res_id"])
        with self.assertRaisesRegex(UserError, "was shared once"):
            run.action_calculate()
        run.action_cancel()
        self.assertTrue(all(run.share_ids.mapped("voided_at")))


@tagged("post_install", "-at_install")
class TestRights(AllocationCommon):
    def test_operator_shares_and_approves(self):
        operator = self.make_user("billing_operator")
        self.assign()
        action = self.env["utility.allocation.calculate"].with_user(operator).create({})
        run = self.runs.browse(action.action_calculate()["res_id"]).with_user(operator)
        run.action_approve()
        self.assertEqual(run.state, "approved")
        spread = self.env["utility.allocation.spread"].with_user(operator)
        self.assertTrue(spread.has_access("create"))

    def test_readers_only_read(self):
        run = self.share(self.assign())
        for role in ("auditor", "clerk", "manager", "meter_engineer", "cashier"):
            user = self.make_user(role)
            own = run.with_user(user)
            self.assertEqual(own.share_count, 3)
            self.assertTrue(own.proof_html)
            for act in (own.action_approve, own.action_cancel, own.action_calculate):
                with self.assertRaises(AccessError):
                    act()
            with self.assertRaises(AccessError):
                own.share_ids.write({"quantity": 1})

    def test_controllers_see_nothing(self):
        self.share(self.assign())
        user = self.make_user("field_controller")
        for model in ("method", "step", "assignment", "run", "share"):
            records = self.env[f"utility.allocation.{model}"].with_user(user)
            self.assertFalse(records.has_access("read"), model)

    def test_other_buildings_and_companies(self):
        run = self.share(self.assign())
        tied = self.make_user("manager", buildings=self.other_house)
        here = self.make_user("manager", buildings=self.house)
        self.assertFalse(self.runs.with_user(tied).search([("id", "=", run.id)]))
        self.assertFalse(self.shares.with_user(tied).search([("run_id", "=", run.id)]))
        self.assertEqual(self.runs.with_user(here).search([("id", "=", run.id)]), run)
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("billing_operator", company_id=company.id)
        for model in ("run", "share", "assignment"):
            records = self.env[f"utility.allocation.{model}"].with_user(stranger)
            records = records.with_context(allowed_company_ids=company.ids)
            self.assertFalse(records.search([]), model)
