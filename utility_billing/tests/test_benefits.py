from datetime import date
from decimal import Decimal

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..engine.facts import Benefit
from .relief_common import ReliefCommon

D = Decimal


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestBenefits(ReliefCommon):
    def found(self):
        """{(account number, point code): [`Benefit`]} of February."""
        facts = self.env["utility.benefit"]._for_supplies(self.supplies(), *self.february())
        names = {
            (account, point): self.env["utility.service.point"].browse(point).code
            for account, point, _service, _premise in self.supplies()
        }
        return {names[key]: list(rows) for key, rows in facts.items()}

    def test_the_engine_is_told_all_of_a_benefit(self):
        kind = self.make_kind(
            basis="norm",
            per="person",
            service_ids=[Command.set(self.heat.ids)],
            norm_line_ids=[
                Command.create(
                    {
                        "service_id": self.heat.id,
                        "quantity_person": 21,
                        "quantity_household": 10.5,
                    }
                )
            ],
            component_codes="heat, upkeep",
            fund_partner_id=self.fund.id,
            fund_percent=80,
            stacking="highest",
        )
        benefit = self.make_benefit(kind, end="2026-06-30", persons=2)
        self.assertEqual(
            self.found(),
            {
                "H-1": [
                    Benefit(
                        id=benefit.id,
                        start=date(2026, 1, 1),
                        end=date(2026, 6, 30),
                        kind="percent",
                        value=D(50),
                        basis="norm",
                        per="person",
                        persons=2,
                        norm_person=D(21),
                        norm_household=D("10.5"),
                        fund_id=self.fund.id,
                        fund_percent=D(80),
                        codes=("heat", "upkeep"),
                        stacking="highest",
                    )
                ]
            },
        )

    def test_what_differs_from_the_kind(self):
        self.make_benefit(self.make_kind(kind="price", value=0.123456), own_value=True, value=0)
        self.assertEqual({row.value for rows in self.found().values() for row in rows}, {D(0)})
        self.assertEqual(set(self.found()), {"CW-1", "H-1"})

    def test_a_price_keeps_its_places(self):
        self.make_benefit(self.make_kind(kind="price", value=0.123456))
        self.assertEqual(self.found()["CW-1"][0].value, D("0.123456"))

    def test_a_benefit_of_a_premise_is_of_whoever_pays_there(self):
        self.make_benefit(self.make_kind(), premise_id=self.flat_2.id)
        self.assertEqual(set(self.found()), {"CW-2"})

    def test_a_premise_is_shared_and_a_benefit_is_not(self):
        other = self.env["res.company"].create({"name": "Other Utilities"})
        self.env.user.company_ids |= other
        kind = self.make_kind("X", company_id=other.id)
        self.make_benefit(kind, premise_id=self.flat_2.id, company_id=other.id)
        self.assertEqual(self.found(), {})

    def test_within_a_norm_that_the_service_has_none_of(self):
        self.make_benefit(
            self.make_kind(
                basis="norm",
                norm_line_ids=[Command.create({"service_id": self.heat.id, "quantity_person": 21})],
            )
        )
        self.assertEqual(set(self.found()), {"H-1"})

    def test_a_change_and_a_correction(self):
        kind = self.make_kind()
        benefit = self.make_benefit(kind)
        changed = benefit._supersede({"persons": 3}, self.day("2026-02-15"))
        self.assertEqual(
            [(row.persons, str(row.start), str(row.end)) for row in self.found()["CW-1"]],
            [(1, "2026-01-01", "2026-02-14"), (3, "2026-02-15", "9999-12-31")],
        )
        changed._void("Typed for the wrong family")
        self.assertEqual(len(self.found()["CW-1"]), 1)

    def test_the_same_person_has_a_benefit_once(self):
        kind = self.make_kind()
        self.make_benefit(kind)
        with self.assertRaisesRegex(ValidationError, "overlaps with what is on record"):
            self.make_benefit(kind, "2026-02-01")

    def test_an_account_or_a_premise(self):
        kind = self.make_kind()
        with self.assertRaisesRegex(ValidationError, "one of both"):
            self.make_benefit(kind, account_id=self.account.id, premise_id=self.flat.id)

    def test_a_kind_in_use_does_not_change_under_its_beneficiaries(self):
        kind = self.make_kind()
        kind.value = 40
        self.make_benefit(kind)
        with self.assertRaisesRegex(UserError, "its Value cannot change"):
            kind.value = 30
        kind.write({"value": 40, "law": "Law X-123, art. 5"})
        successor = self.env["utility.benefit.kind"].browse(kind.action_successor()["res_id"])
        successor.value = 30
        self.assertEqual((successor.code, kind.value), ("VET-2", 40))
        with self.assertRaisesRegex(UserError, "archive it"):
            kind.unlink()

    def test_norms_of_a_kind_in_use_stay(self):
        kind = self.make_kind(
            basis="norm",
            norm_line_ids=[Command.create({"service_id": self.heat.id, "quantity_person": 21})],
        )
        self.make_benefit(kind)
        with self.assertRaisesRegex(UserError, "has beneficiaries"):
            kind.norm_line_ids.quantity_person = 22

    def test_a_kind_must_make_sense(self):
        with self.assertRaisesRegex(ValidationError, "how much lies within the norm"):
            self.make_kind(basis="norm")
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.make_kind("B", value=101)

    def test_a_document_that_runs_out(self):
        kind = self.make_kind()
        late = self.make_benefit(kind, document_valid_until="2026-04-01")
        self.make_benefit(
            kind, end="2026-04-01", document_valid_until="2026-04-01", partner_id=self.ona.id
        )
        self.make_benefit(kind, document_valid_until="2026-12-31", partner_id=self.tomas.id)
        self.assertEqual(self.env["utility.benefit"].search([("is_expiring", "=", True)]), late)

    def test_queries_do_not_grow_with_supplies(self):
        kind = self.make_kind()
        self.make_benefit(kind)
        self.make_benefit(kind, premise_id=self.flat_2.id)
        self.env.flush_all()
        for supplies in (self.supplies()[:1], self.supplies()):
            with self.assertQueryCount(4):
                found = self.env["utility.benefit"]._for_supplies(supplies, *self.february())
            self.assertEqual(len(found), len(supplies))

    def test_who_records_and_who_does_not(self):
        kind = self.make_kind()
        benefit = self.make_benefit(kind)
        benefit.with_user(self.clerk)._supersede({"persons": 2}, self.day("2026-02-01"))
        with self.assertRaises(AccessError):
            kind.with_user(self.clerk).write({"note": "x"})
        kind.with_user(self.operator).write({"note": "x"})
        for role in ("auditor", "cashier", "meter_engineer"):
            user = self.make_user(role)
            self.assertTrue(benefit.with_user(user).read(["kind_id"]))
            with self.assertRaises(AccessError):
                benefit.with_user(user).void("No right")
        with self.assertRaises(AccessError):
            benefit.with_user(self.make_user("field_controller")).read(["kind_id"])

    def test_users_of_other_buildings_see_none(self):
        benefit = self.make_benefit(self.make_kind())
        own = self.make_user("clerk", self.house)
        other = self.make_user("clerk", self.other_house)
        self.assertEqual(self.env["utility.benefit"].with_user(own).search([]), benefit)
        self.assertFalse(self.env["utility.benefit"].with_user(other).search([]))

    def test_the_account_shows_them(self):
        kind = self.make_kind()
        own = self.make_benefit(kind)
        of_flat = self.make_benefit(kind, premise_id=self.flat.id)
        self.make_benefit(kind, premise_id=self.flat_2.id)
        self.assertEqual(self.account.benefit_ids, own | of_flat)
        titles = [entry["title"] for entry in self.account.timeline() if entry["key"] == "benefit"]
        self.assertEqual(titles, ["Benefit VET · 50 % · Jonas Petraitis"] * 2)

    def test_a_norm_does_not_move_to_a_kind_with_beneficiaries(self):
        norm = {"service_id": self.heat.id, "quantity_person": 21}
        used, other = (
            self.make_kind(code, basis="norm", norm_line_ids=[Command.create(norm)])
            for code in ("VET", "DIS")
        )
        self.make_benefit(used)
        norm_of_another = self.env["utility.benefit.norm"].create(
            {**norm, "kind_id": other.id, "service_id": self.water.id}
        )
        with self.assertRaisesRegex(UserError, "Make a successor"):
            norm_of_another.kind_id = used
