"""What somebody tries who calls methods and models by hand, as any user of the API may."""

import inspect

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import UtilityCommon
from .matrix import is_question

OURS = "utility."
ADDONS = "odoo.addons.utility_"


class AttackCase(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.make_service("CW")
        cls.point = cls.make_point(cls.service, cls.flat, "CW-1")
        cls.agreement = cls.make_agreement(cls.account, cls.point)
        cls.value = cls.make_value(cls.make_attribute("rooms_here"), cls.flat, 2)
        cls.clerk = cls.make_user("clerk")

    def refused(self, errors, call, *args, **kwargs):
        with self.assertRaises(errors), self.cr.savepoint():
            call(*args, **kwargs)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPublicMethods(AttackCase):
    """A public method is API. Whoever may only read changes nothing by any of them."""

    # what a parameter of that name is given
    ARGUMENTS = {
        "reason": "Because",
        "day": "2026-03-01",
        "root_ids": [1],
        "term": "12",
        "service_id": 1,
        "changes": {},
        "res_model": "utility.premise",
        "res_id": 1,
        "code": "rooms_here",
        "fields_list": ["name"],
    }

    def test_readers_change_nothing(self):
        called = 0
        for role in ("auditor", "field_controller", "portal"):
            user = self.make_user(role, login=f"attacker_{role}")
            self._let_see_something(user)
            for record in self._one_of_each(user):
                for name, arguments in self._public_methods(record):
                    called += self._call(role, record, name, arguments)
        self.assertGreater(called, 100)
        with self.assertRaises(AssertionError, msg="this test can fail"):
            self._call("clerk", self.ownership.with_user(self.clerk), "void", {"reason": "Because"})

    def _let_see_something(self, user):
        if user.share:
            self.account.partner_id = user.partner_id

    def _one_of_each(self, user):
        self.env.flush_all()
        for name, model in self.env.registry.items():
            if name.startswith(OURS) and not model._abstract:
                record = self.env[name].search([], limit=1)
                yield (record or self.env[name]).with_user(user)

    def _public_methods(self, record):
        for name, method in inspect.getmembers(type(record), inspect.isfunction):
            own = any(
                name in vars(part) and part.__module__.startswith(ADDONS)
                for part in type(record).__mro__
            )
            private = name.startswith("_") or getattr(method, "_api_private", False)
            if not own or private or name in ("create", "write", "unlink", "copy"):
                continue
            wanted = [
                parameter.name
                for parameter in list(inspect.signature(method).parameters.values())[1:]
                if parameter.default is parameter.empty
                and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            ]
            if all(parameter in self.ARGUMENTS for parameter in wanted):
                yield name, {parameter: self.ARGUMENTS[parameter] for parameter in wanted}

    def _call(self, role, record, name, arguments):
        self.env.flush_all()
        before = self._rows_written()
        try:
            with self.cr.savepoint():
                getattr(record, name)(**arguments)
                self.env.flush_all()
        except Exception:  # noqa: BLE001 - only what was written counts here
            self.env.invalidate_all()
        self.assertEqual(self._rows_written(), before, f"{role} calls {record._name}.{name}")
        return 1

    def _rows_written(self):
        """Rows that this transaction has inserted, updated and deleted in tables that matter: of a
        question that anybody may ask, nothing stays."""
        self.cr.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE relname LIKE 'utility%%' OR relname LIKE 'account_move%%'"
            " OR relname IN ('res_users', 'res_groups_users_rel', 'res_partner', 'mail_message')"
        )
        asked = [model for model in self.env.registry.values() if is_question(model)]
        questions = {model._table for model in asked} | {
            field.relation
            for model in asked
            for field in model._fields.values()
            if field.type == "many2many" and field.store
        }
        return {table: rows for table, rows in self.cr.fetchall() if table not in questions}


@tagged("post_install", "-at_install")
class TestWizards(AttackCase):
    def _void(self, model, ids, user=None):
        wizard = self.env["utility.void.wizard"].with_user(user or self.clerk)
        return wizard.create(
            {
                "fact_model": model,
                "fact_ids": ids,
                "reason": "Because",
            }
        ).action_void()

    def test_void_wizard_takes_facts_only(self):
        for model, ids in (
            ("res.users", [2]),
            ("res.partner", self.jonas.ids),
            ("no.such.model", [1]),
            ("utility.dated.mixin", [1]),
            ("utility.account", self.account.ids),
            ("utility.void.wizard", [1]),
            ("utility.occupancy", ["1 OR 1=1"]),
            ("utility.occupancy", [[1]]),
            ("utility.occupancy", {"1": 1}),
            ("utility.occupancy", [True]),
        ):
            with self.subTest(model=model, ids=ids):
                self.refused(UserError, self._void, model, ids)

    def test_void_wizard_gives_no_rights(self):
        engineer = self.make_user("meter_engineer")
        for fact in (self.ownership, self.agreement, self.account.payer_ids):
            self.refused(AccessError, self._void, fact._name, fact.ids, engineer)
        self._void("utility.attribute.value", self.value.ids, engineer)
        self.assertEqual(self.value.void_reason, "Because")
        self.assertEqual(self.value.voided_by, engineer)

    def test_wizard_of_another_user(self):
        wizard = (
            self.env["utility.void.wizard"]
            .with_user(self.clerk)
            .create(
                {
                    "fact_model": "utility.occupancy",
                    "fact_ids": self.ownership.ids,
                    "reason": "Because",
                }
            )
        )
        engineer = self.make_user("meter_engineer")
        self.refused(AccessError, wizard.with_user(engineer).action_void)

    def test_replacing_needs_the_right_to_void(self):
        clerk = self.make_user("clerk", self.other_house)
        facts = self.env["utility.occupancy"].with_user(clerk)
        self.refused(
            AccessError,
            facts.create,
            {
                "premise_id": self.other_flat.id,
                "partner_id": self.ona.id,
                "role": "owner",
                "date_start": "2026-01-01",
                "replaces_id": self.ownership.id,
                "replace_kind": "correction",
                "replace_reason": "Because",
            },
        )
        self.assertFalse(self.ownership.voided_at)

    def test_mass_change_reads_what_the_user_may_read(self):
        tied = self.make_user("clerk", self.house)
        wizard = (
            self.env["utility.attribute.mass.wizard"]
            .with_user(tied)
            .create(
                {
                    "attribute_id": self.value.attribute_id.id,
                    "date_start": "2026-04-01",
                    "operation": "set",
                    "value_number": 5,
                }
            )
        )
        wizard.action_preview()
        self.assertNotIn("14", " ".join(wizard.line_ids.mapped("owner")))
        wizard.action_run()
        self.assertIsNone(self.other_flat.attribute_on("rooms_here", "2026-04-01"))
        self.assertEqual(self.flat.attribute_on("rooms_here", "2026-04-01"), 5)

    def test_mass_change_asks_no_forbidden_questions(self):
        wizard = (
            self.env["utility.attribute.mass.wizard"]
            .with_user(self.clerk)
            .create(
                {
                    "attribute_id": self.value.attribute_id.id,
                    "value_number": 5,
                    "domain": "[('create_uid.password', '=like', 'a%')]",
                }
            )
        )
        self.refused(UserError, wizard.action_preview)


@tagged("post_install", "-at_install")
class TestFilesAboutPeople(AttackCase):
    """What an import file says about people is hidden like what their records say."""

    def test_rows_of_people(self):
        profile = self.env["utility.import.profile"].create(
            {
                "name": "People",
                "target": "people",
                "company_id": self.company.id,
            }
        )
        batch = (
            self.env["utility.import.batch"]
            .with_user(self.clerk)
            .create(
                {
                    "profile_id": profile.id,
                    "file_name": "people.csv",
                    "company_id": self.company.id,
                    "file": "bmFtZTtjb2RlCkpvbmFzOzMzMzA5MjQwMDY0Cg==",
                }
            )
        )
        row = (
            self.env["utility.import.row"]
            .with_user(self.clerk)
            .create(
                {
                    "batch_id": batch.id,
                    "number": 1,
                    "source": {"code": "33309240064"},
                }
            )
        )
        tied = self.make_user("clerk", self.house)
        for user in (self.make_user("meter_engineer"), self.make_user("billing_operator"), tied):
            for record in (batch, row):
                self.refused(AccessError, record.with_user(user).read, ["id"])
        for user in (
            self.clerk,
            self.make_user("clerk", login="colleague"),
            self.make_user("auditor"),
        ):
            self.assertTrue(row.with_user(user).read(["source"]))
