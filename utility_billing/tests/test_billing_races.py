"""Two operators at once: what one transaction cannot see of another, the database refuses."""
# transactions of their own: what they commit is removed again
# pylint: disable=invalid-commit

import time
from contextlib import contextmanager
from datetime import date

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

MARKER = "Billing Race"
PLACE = f"(SELECT id FROM utility_premise WHERE address LIKE '%{MARKER}%')"
ACCOUNT = f"(SELECT id FROM utility_account WHERE premise_id IN {PLACE})"
RUN = f"(SELECT run_id FROM utility_charge WHERE account_id IN {ACCOUNT})"
SCHEDULE = f"(SELECT id FROM utility_rate_schedule WHERE name->>'en_US' = '{MARKER}')"
VERSION = f"(SELECT id FROM utility_rate_version WHERE schedule_id IN {SCHEDULE})"
# what is made, in the order in which it goes
REMOVED = (
    ("charge_claim", f"account_id IN {ACCOUNT}"),
    ("billing_run", f"id IN {RUN}"),
    ("service_agreement", f"account_id IN {ACCOUNT} AND replaces_id IS NOT NULL"),
    ("service_agreement", f"account_id IN {ACCOUNT}"),
    ("account_payer", f"account_id IN {ACCOUNT}"),
    ("account", f"id IN {ACCOUNT}"),
    ("service_point", f"premise_id IN {PLACE}"),
    ("rate_component", f"version_id IN {VERSION}"),
    ("rate_version", f"id IN {VERSION}"),
    ("rate_schedule", f"id IN {SCHEDULE}"),
    ("rate_plan", "code = 'BRACE'"),
    ("service", "code = 'BRACE'"),
    ("premise", f"name = '1' AND id IN {PLACE}"),
    ("premise", f"id IN {PLACE}"),
)


@tagged("post_install", "-at_install")
class TestBillingRaces(BaseCase):
    """A flat that pays a fee of 3 a month; what is made here is committed, and deleted again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean)
        with cls._transaction() as env:
            company = env.company
            cls.start = company.utility_billing_start
            company.utility_billing_start = False
            cls.company_id = company.id
            town = env["utility.premise"].create(
                {
                    "name": MARKER,
                    "type_id": env.ref("utility_base.premise_type_locality").id,
                }
            )
            house = env["utility.premise"].create(
                {
                    "name": "1",
                    "parent_id": town.id,
                    "type_id": env.ref("utility_base.premise_type_private_house").id,
                }
            )
            service = env["utility.service"].create(
                {
                    "name": MARKER,
                    "code": "BRACE",
                    "kind": "maintenance",
                    "is_quantified": False,
                    "uom_id": env.ref("uom.product_uom_unit").id,
                }
            )
            point = env["utility.service.point"].create(
                {"code": "BRACE", "service_id": service.id, "premise_id": house.id}
            )
            account = env["utility.account"].create(
                {
                    "premise_id": house.id,
                    "partner_id": env["res.partner"].create({"name": MARKER}).id,
                    "date_open": "2020-01-01",
                }
            )
            plan = env["utility.rate.plan"].create({"name": MARKER, "code": "BRACE"})
            version = env["utility.rate.version"].create(
                {
                    "schedule_id": env["utility.rate.schedule"]
                    .create({"name": MARKER, "plan_id": plan.id, "service_id": service.id})
                    .id,
                    "date_start": "2025-01-01",
                    "component_ids": [
                        (0, 0, {"code": "fee", "name": "Fee", "kind": "fixed", "price": 3})
                    ],
                }
            )
            version.action_approve()
            agreement = env["utility.service.agreement"].create(
                {
                    "account_id": account.id,
                    "service_point_id": point.id,
                    "rate_plan_id": plan.id,
                    "date_start": "2025-01-01",
                }
            )
            cls.account_id, cls.agreement_id = account.id, agreement.id

    @classmethod
    @contextmanager
    def _transaction(cls):
        with cls.registry.cursor() as cr:
            yield cls._env(cr)
            cr.commit()

    @classmethod
    def _env(cls, cr):
        return api.Environment(cr, SUPERUSER_ID, {"mail_notrack": True, "mail_create_nolog": True})

    @classmethod
    def _clean(cls):
        with cls._transaction() as env:
            for table, condition in REMOVED:
                env.cr.execute(f"DELETE FROM utility_{table} WHERE {condition}")
            env.cr.execute("DELETE FROM res_partner WHERE name = %s", [MARKER])
            env.cr.execute(
                "UPDATE res_company SET utility_billing_start = %s WHERE id = %s",
                [cls.start or None, cls.company_id],
            )

    def _run(self, env, month):
        run = env["utility.billing.run"].create(
            {"month": month, "account_ids": [(6, 0, [self.account_id])]}
        )
        run.action_calculate()
        return run.id

    def _approve(self, run_id):
        return lambda env: env["utility.billing.run"].browse(run_id).action_approve()

    def _both(self, first, second):
        """Run `second` on what it could see before `first` was committed.

        :return: what the second raised, or None
        """
        with mute_logger("odoo.sql_db"), self.registry.cursor() as cr:
            env = self._env(cr)
            cr.execute("SELECT 1")
            with self._transaction() as other:
                first(other)
            try:
                second(env)
                env.flush_all()
                cr.commit()
            except (psycopg2.Error, UserError) as error:
                cr.rollback()
                return error
        return None

    def _claims(self, env, start):
        return env["utility.charge.claim"].search(
            [
                ("account_id", "=", self.account_id),
                ("date_start", "=", start),
                ("released_at", "=", False),
            ]
        )

    def test_two_runs_of_an_account_are_approved_at_once(self):
        with self._transaction() as env:
            one, two = (self._run(env, "2025-01-15") for _number in range(2))
        self.assertTrue(self._both(self._approve(one), self._approve(two)))
        with self._transaction() as env:
            self.assertEqual(self._claims(env, "2025-01-01").run_id.id, one)
            self.assertEqual(env["utility.billing.run"].browse(two).state, "review")
            # Odoo tries again what could not be serialized
            with self.assertRaises(UserError):
                self._approve(two)(env)

    def test_a_run_is_approved_and_thrown_away_at_once(self):
        with self._transaction() as env:
            run_id = self._run(env, "2025-02-15")
        raised = self._both(
            self._approve(run_id),
            lambda env: env["utility.billing.run"].browse(run_id).action_discard(),
        )
        self.assertTrue(raised)
        with self._transaction() as env:
            run = env["utility.billing.run"].browse(run_id)
            self.assertEqual(
                (run.state, set(run.charge_ids.mapped("state"))), ("approved", {"approved"})
            )

    def test_what_is_recorded_while_a_run_rates_is_noticed(self):
        """The agreement becomes half of one after the run has begun, and before it rates."""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            cr.execute("SELECT 1")
            with self._transaction() as other:
                agreement = other["utility.service.agreement"].browse(self.agreement_id)
                half = agreement._supersede({"share": 50}, date(2025, 3, 1), reason="Half")
                recorded = half.recorded_at
            time.sleep(1.1)
            run = env["utility.billing.run"].browse(self._run(env, "2025-03-15"))
            self.assertEqual(run.charge_ids.mapped("amount"), [3])
            self.assertLessEqual(run.batch_ids.facts_at, recorded)
            cr.rollback()
