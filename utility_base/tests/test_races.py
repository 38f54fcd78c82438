"""Two people at once: what one transaction cannot see of another, the database refuses."""
# two transactions of their own: what they commit is removed again
# pylint: disable=invalid-commit

from contextlib import contextmanager
from datetime import date

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

TABLES = (
    "utility_service_agreement",
    "utility_service_point",
    "utility_account_payer",
    "utility_account",
    "utility_occupancy",
)


@tagged("post_install", "-at_install")
class TestRaces(BaseCase):
    """Real transactions: what is made here is committed, and deleted again at the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.marker = "Race Town"
        cls.addClassCleanup(cls._clean)
        with cls._transaction() as env:
            place = env["utility.premise"]
            town = place.create(
                {
                    "name": cls.marker,
                    "type_id": env.ref("utility_base.premise_type_locality").id,
                }
            )
            house_type = env.ref("utility_base.premise_type_private_house")
            cls.house, cls.barn = place.create(
                [
                    {"name": name, "parent_id": town.id, "type_id": house_type.id}
                    for name in ("1", "2")
                ]
            ).ids
            cls.one, cls.two = (
                env["res.partner"]
                .create([{"name": f"{cls.marker} {name}"} for name in ("One", "Two")])
                .ids
            )
            service = env["utility.service"].create(
                {
                    "name": cls.marker,
                    "code": "RACE",
                    "uom_id": env.ref("uom.product_uom_unit").id,
                }
            )
            cls.points = (
                env["utility.service.point"]
                .create(
                    [
                        {"code": code, "service_id": service.id, "premise_id": cls.house}
                        for code in ("RACE-1", "RACE-2", "RACE-3", "RACE-4")
                    ]
                )
                .ids
            )
            cls.accounts = (
                env["utility.account"]
                .create(
                    [
                        {"premise_id": cls.house, "partner_id": cls.one, "date_open": "2020-01-01"}
                        for _number in range(2)
                    ]
                )
                .ids
            )

    @classmethod
    @contextmanager
    def _transaction(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(
                cr, SUPERUSER_ID, {"mail_notrack": True, "mail_create_nolog": True}
            )
            cr.commit()

    @classmethod
    def _clean(cls):
        with cls.registry.cursor() as cr:
            premises = "SELECT id FROM utility_premise WHERE address LIKE %s"
            like = [f"%{cls.marker}%"]
            for table in TABLES:
                column = "premise_id"
                if table == "utility_account_payer":
                    cr.execute(
                        "DELETE FROM utility_account_payer WHERE account_id IN (SELECT id FROM"
                        f" utility_account WHERE premise_id IN ({premises}))",
                        like,
                    )
                    continue
                if table == "utility_service_point":
                    cr.execute(
                        f"UPDATE {table} SET parent_id = NULL WHERE {column} IN ({premises})", like
                    )
                cr.execute(f"DELETE FROM {table} WHERE {column} IN ({premises})", like)
            cr.execute("DELETE FROM utility_service WHERE code = 'RACE'")
            cr.execute("UPDATE utility_premise SET parent_id = NULL WHERE address LIKE %s", like)
            cr.execute("DELETE FROM utility_premise WHERE address LIKE %s", like)
            cr.execute("DELETE FROM res_partner WHERE name LIKE %s", [f"{cls.marker}%"])
            cr.commit()

    def _both(self, first, second):
        """Run `second` on what it could see before `first` was committed.

        :return: what the second raised, or None
        """
        with mute_logger("odoo.sql_db"), self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"mail_notrack": True})
            cr.execute("SELECT 1")
            with self._transaction() as other:
                first(other)
            try:
                second(env)
                env.flush_all()
                cr.commit()
            except (psycopg2.Error, ValidationError) as error:
                cr.rollback()
                return error
        return None

    def _own(self, partner, share=100, start="2026-01-01", premise=None):
        return lambda env: env["utility.occupancy"].create(
            {
                "premise_id": premise or self.house,
                "partner_id": partner,
                "role": "owner",
                "share": share,
                "date_start": start,
            }
        )

    def _take(self, account, point, share):
        return lambda env: env["utility.service.agreement"].create(
            {
                "account_id": account,
                "service_point_id": point,
                "share": share,
                "date_start": "2026-01-01",
            }
        )

    def test_same_fact_twice(self):
        raised = self._both(
            self._own(self.one, 10, "2021-01-01"), self._own(self.one, 10, "2021-06-01")
        )
        self.assertIsInstance(raised, ValidationError)
        self.assertIn("Race Town One", str(raised))
        with self._transaction() as env:
            found = env["utility.occupancy"].search(
                [
                    ("partner_id", "=", self.one),
                    ("premise_id", "=", self.house),
                ]
            )
            self.assertEqual(len(found), 1)
            found.void("End of the test")

    def test_shares_of_owners_never_pass_the_whole(self):
        raised = self._both(
            self._own(self.one, 60, premise=self.barn), self._own(self.two, 60, premise=self.barn)
        )
        self.assertIsInstance(raised, psycopg2.errors.SerializationFailure, "Odoo tries it again")
        with self.assertRaisesRegex(ValidationError, "120 %"), self._transaction() as env:
            self._own(self.two, 60, premise=self.barn)(env)

    def test_shares_of_a_point_never_pass_the_whole(self):
        one, two = self.accounts
        raised = self._both(
            self._take(one, self.points[0], 60), self._take(two, self.points[0], 60)
        )
        self.assertIsInstance(raised, psycopg2.errors.SerializationFailure)
        self.assertIsNone(
            self._both(self._take(one, self.points[1], 60), self._take(two, self.points[2], 60)),
            "other points are none of its business",
        )

    def test_closing_and_changing_at_once(self):
        with self._transaction() as env:
            fact_id = self._take(self.accounts[0], self.points[3], 10)(env).id
        raised = self._both(
            lambda env: env["utility.service.agreement"].browse(fact_id)._close(date(2026, 5, 31)),
            lambda env: env["utility.service.agreement"].browse(fact_id).void("Other clerk"),
        )
        self.assertIsInstance(raised, psycopg2.errors.SerializationFailure)

    def test_two_halves_of_a_cycle(self):
        upper, lower = self.points[:2]
        raised = self._both(
            lambda env: env["utility.service.point"].browse(upper).write({"parent_id": lower}),
            lambda env: env["utility.service.point"].browse(lower).write({"parent_id": upper}),
        )
        self.assertIsInstance(raised, psycopg2.errors.SerializationFailure)
