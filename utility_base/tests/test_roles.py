from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import ROLES, UtilityCommon
from .matrix import ALL, OPERATIONS, is_question, rights

MATRIX = {
    # field controller, cashier, auditor, manager, meter engineer, clerk, billing operator,
    # debt officer, lawyer, administrator
    "utility.premise": ("r", "r", "r", "r", "r", "rwc", "r", "r", "r", ALL),
    "utility.premise.type": ("r", "r", "r", "r", "r", "r", "r", "r", "r", ALL),
    "utility.premise.code": ("", "r", "r", "r", "r", ALL, "r", "r", "r", ALL),
    "utility.attribute": ("r", "r", "r", "r", "r", "r", "r", "r", "r", ALL),
    "utility.attribute.choice": ("r", "r", "r", "r", "r", "r", "r", "r", "r", ALL),
    "utility.attribute.value": ("r", "r", "r", "r", "rwc", "rwc", "r", "r", "r", ALL),
    "utility.occupancy": ("", "r", "r", "r", "r", "rwc", "r", "r", "r", ALL),
    "utility.account": ("r", "r", "r", "r", "r", "rwc", "r", "r", "r", ALL),
    "utility.account.payer": ("", "r", "r", "r", "r", "rwc", "r", "r", "r", ALL),
    "utility.service": ("r", "r", "r", "r", "r", "r", "rwc", "r", "r", ALL),
    "utility.service.point": ("r", "r", "r", "r", "rwc", "rwc", "rwc", "r", "r", ALL),
    "utility.service.agreement": ("", "r", "r", "r", "r", "rwc", "rwc", "r", "r", ALL),
    "utility.billing.cycle": ("", "r", "r", "r", "r", "r", "rwc", "r", "r", ALL),
    "utility.numbering": ("", "r", "r", "r", "r", "r", "r", "r", "r", "rwc"),
    "utility.move.wizard": ("", "", "", "", "", ALL, "", "", "", ALL),
    "utility.void.wizard": ("", "", "", "", ALL, ALL, ALL, ALL, ALL, ALL),
    "utility.attribute.mass.wizard": ("", "", "", "", "", ALL, "", "", "", ALL),
    "utility.building.access.wizard": ("", "", "", ALL, "", "", "", "", "", ""),
    "utility.account.close.wizard": ("", "", "", "", "", ALL, "", "", "", ALL),
    "utility.document": ("", "r", "r", "r", "r", "rwc", "rwc", "rwc", "rwc", ALL),
    "utility.document.type": ("", "r", "r", "r", "r", "r", "r", "r", "r", ALL),
    "utility.document.template": ("", "r", "r", "r", "r", "r", "r", "r", "r", ALL),
    "utility.document.movement": ("", "r", "r", "r", "r", "rwc", "rwc", "rwc", "rwc", ALL),
    "utility.document.upload": ("", "", "", "", "", ALL, ALL, ALL, ALL, ALL),
    "utility.agreement.document": ("", "r", "r", "r", "r", ALL, ALL, ALL, ALL, ALL),
    "utility.correspondence": ("", "r", "r", "r", "r", ALL, ALL, ALL, ALL, ALL),
    "utility.correspondence.run": ("", "r", "r", "r", "r", "rwc", "rwc", "rwc", "rwc", ALL),
    "utility.letter.wizard": ("", "", "", "", "", ALL, ALL, ALL, ALL, ALL),
    "utility.import.profile": ("", "r", "r", "", "r", "r", "r", "", "", ALL),
    "utility.import.total": ("", "r", "r", "", "r", "r", "r", "", "", ALL),
    "utility.import.batch": ("", ALL, "r", "", ALL, ALL, ALL, "", "", ALL),
    "utility.import.row": ("", "rwc", "r", "", "rwc", "rwc", "rwc", "", "", "rwc"),
    "utility.import.mend.wizard": ("", ALL, "", "", ALL, ALL, ALL, "", "", ALL),
    "utility.import.undo.wizard": ("", ALL, "", "", ALL, ALL, ALL, "", "", ALL),
    "utility.template.preview": ("", "", "", "", "", "", "", "", "", ALL),
    "res.partner.id_number": ("", "", "r", "r", "", ALL, "", "r", "r", ALL),
}
KNOWS_PERSONAL_DATA = {"auditor", "manager", "clerk", "debt_officer", "lawyer", "administrator"}
OURS = "utility."


class RoleCase(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls.make_user(role) for role in ROLES}
        cls.service = cls.make_service("CW", name="Cold water")
        cls.point = cls.make_point(cls.service, cls.flat, "CW-1")
        cls.agreement = cls.make_agreement(cls.account, cls.point)
        cls.rooms = cls.make_attribute("rooms_here", for_partners=True, for_accounts=True)
        cls.room_value = cls.make_value(cls.rooms, cls.flat, 2)

    def assertRefused(self, call, *args, **kwargs):
        with self.assertRaises(AccessError), self.cr.savepoint():
            call(*args, **kwargs)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMatrix(RoleCase):
    def test_what_each_role_may_do(self):
        for model, row in MATRIX.items():
            for role, expected in zip(ROLES, row, strict=True):
                records = self.env[model].with_user(self.users[role])
                self.assertEqual(rights(records), expected, f"{role} on {model}")

    def test_nobody_else_has_anything(self):
        strangers = (self.make_user("base.group_user"), self.env.ref("base.public_user"))
        for name in self._our_models():
            for user in strangers:
                for operation in OPERATIONS.values():
                    self.assertFalse(
                        self.env[name].with_user(user).has_access(operation), f"{user.name}, {name}"
                    )

    def test_auditor_writes_nothing_anywhere(self):
        auditor = self.users["auditor"]
        for name in self._our_models():
            records = self.env[name].with_user(auditor)
            if is_question(records):
                continue
            with self.subTest(name):
                self.assertRefused(records.create, {})
                record = records.sudo().search([], limit=1).sudo(False)
                if record:
                    self.assertRefused(record.write, {})
                    self.assertRefused(record.unlink)
        for call in (
            lambda: self.account.with_user(auditor).message_post(body="Seen"),
            lambda: self.account.with_user(auditor).action_reopen(),
            lambda: self.agreement.with_user(auditor).void("Because"),
            lambda: self.account.with_user(auditor).write({"partner_id": self.ona.id}),
        ):
            self.assertRefused(call)

    def test_every_model_of_ours_is_readable_by_the_auditor(self):
        for name in self._our_models():
            model = self.env[name]
            if not model._transient:
                self.assertTrue(model.with_user(self.users["auditor"]).has_access("read"), name)

    def test_readers_do_not_void_or_change_facts(self):
        for role in ("cashier", "manager", "debt_officer", "lawyer", "field_controller"):
            user = self.users[role]
            for fact in (self.ownership, self.agreement, self.account.payer_ids, self.room_value):
                with self.subTest(role=role, fact=fact._name):
                    self.assertRefused(fact.with_user(user).void, "Because")
                    self.assertRefused(fact.with_user(user).write, {"date_end": "2026-12-31"})

    def _our_models(self):
        return [
            name
            for name, model in self.env.registry.items()
            if name.startswith(OURS) and not model._abstract
        ]


@tagged("post_install", "-at_install")
class TestPersonalData(RoleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jonas.write(
            {"utility_personal_code": "33309240064", "utility_birth_date": "1933-09-24"}
        )
        cls.deed = cls.make_occupancy(
            cls.flat_2, cls.ona, "owner", "2024-01-01", basis="Deed 44/1", basis_date="2023-12-01"
        )
        passport = cls.env["res.partner.id_category"].create({"name": "Passport", "code": "PASS"})
        cls.document = cls.env["res.partner.id_number"].create(
            {
                "partner_id": cls.jonas.id,
                "category_id": passport.id,
                "name": "LT-5550123",
            }
        )

    def test_codes_and_documents_of_people(self):
        for role in ROLES:
            user = self.users[role]
            person, deed = self.jonas.with_user(user), self.deed.with_user(user)
            with self.subTest(role):
                if role in KNOWS_PERSONAL_DATA:
                    self.assertEqual(
                        person.read(["utility_personal_code"])[0]["utility_personal_code"],
                        "33309240064",
                    )
                    self.assertEqual(person.id_numbers.name, "LT-5550123")
                    self.assertEqual(deed.read(["basis"])[0]["basis"], "Deed 44/1")
                    continue
                for record, field in (
                    (person, "utility_personal_code"),
                    (person, "utility_birth_date"),
                    (person, "id_numbers"),
                    (deed, "basis"),
                    (deed, "basis_date"),
                ):
                    self.assertRefused(record.read, [field])
                self.assertRefused(person.search, [("utility_personal_code", "=like", "333%")])
                self.assertRefused(person.search, [("id_numbers.name", "=", "LT-5550123")])
                self.assertRefused(self.document.with_user(user).read, ["name"])

    def test_any_employee_still_opens_contacts(self):
        salesman = self.make_user("base.group_user")
        salesman.group_ids += self.env.ref("base.group_partner_manager")
        for user in (self.make_user("base.group_user", login="plain"), salesman):
            person = self.jonas.with_user(user)
            known = person.fields_get()
            for field in ("utility_personal_code", "id_numbers", "utility_account_count"):
                self.assertNotIn(field, known)
            with Form(person):
                pass
            self.assertRefused(self.document.with_user(user).read, ["name"])
            self.assertRefused(self.document.with_user(user).write, {"name": "X"})

    def test_grouping_does_not_get_around(self):
        people = self.env["res.partner"].with_user(self.users["cashier"])
        self.assertRefused(people.formatted_read_group, [], ["utility_personal_code"], ["__count"])


@tagged("post_install", "-at_install")
class TestFieldController(RoleCase):
    """Routes, readings and acts: places and numbers, neither people nor money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controller = cls.users["field_controller"]
        cls.mine = cls.account.with_user(cls.controller)

    def test_finds_accounts_by_number_and_address_only(self):
        accounts = self.env["utility.account"].with_user(self.controller)
        for text in ("00000018", "savanoriu 12-1", "00000018 kaunas"):
            self.assertEqual(accounts.name_search(text), [(self.account.id, "00000018")], text)
        for text in ("Petraitis", "jonas", "00000018 petraitis"):
            self.assertEqual(accounts.name_search(text), [], text)

    def test_sees_no_people(self):
        for field in (
            "partner_id",
            "payer_ids",
            "search_text",
            "note",
            "delivery_email",
            "delivery_partner_id",
            "occupancy_ids",
        ):
            with self.subTest(field):
                self.assertRefused(self.mine.read, [field])
        for domain in (
            [("partner_id", "=", self.jonas.id)],
            [("partner_id.name", "ilike", "jonas")],
            [("search_text", "ilike", "jonas")],
            [("payer_ids.partner_id", "=", self.jonas.id)],
            [("premise_id.occupancy_ids.partner_id", "=", self.jonas.id)],
        ):
            with self.subTest(domain):
                self.assertRefused(self.mine.search, domain)
        self.assertRefused(self.ownership.with_user(self.controller).read, ["partner_id"])
        self.assertEqual(self.mine.display_name, "00000018")
        self.assertFalse(
            [entry for entry in self.mine.timeline() if entry["key"] in ("payer", "occupancy")]
        )

    def test_learns_no_owner_from_a_refusal(self):
        facts = self.env["utility.occupancy"].with_user(self.controller)
        with self.assertRaises(AccessError) as refused:
            facts.create(
                {
                    "premise_id": self.flat.id,
                    "partner_id": self.jonas.id,
                    "role": "owner",
                    "date_start": "2026-01-01",
                }
            )
        self.assertNotIn("Jonas", str(refused.exception))

    def test_sees_no_money(self):
        self.assertRefused(self.mine.read, ["balance"])
        self.assertRefused(self.mine.read, ["payer_balance"])
        self.assertRefused(self.mine.balance_on, "2026-03-01")
        self.assertRefused(self.env["account.move.line"].with_user(self.controller).search, [])

    def test_sees_what_places_are_like_but_not_people(self):
        of_person = self.make_value(self.rooms, self.jonas, 1)
        found = (
            self.env["utility.attribute.value"]
            .with_user(self.controller)
            .search(
                [
                    ("attribute_id", "=", self.rooms.id),
                ]
            )
        )
        self.assertEqual(found, self.room_value)
        self.assertRefused(of_person.with_user(self.controller).read, ["value_number"])
        both = self.make_user("field_controller")
        both.group_ids += self.env.ref("utility_base.group_clerk")
        self.assertTrue(of_person.with_user(both).read(["value_number"]))

    def test_network_of_points(self):
        nodes = self.env["utility.service.point"].with_user(self.controller).network(self.point.ids)
        self.assertEqual([node["code"] for node in nodes], ["CW-1"])


@tagged("post_install", "-at_install")
class TestScreens(RoleCase):
    """Every menu that a role sees opens, with list and form."""

    MENUS = {
        "field_controller": {"Accounts", "Premises", "Service Points"},
        "cashier": {"Accounts", "Premises", "Service Points", "People at Premises"},
        "clerk": {"Accounts", "Sale, Move-in, Move-out", "Mass Change of an Attribute"},
        "manager": {"Accounts", "Access to Buildings", "People at Premises"},
        "auditor": {"Accounts", "Services", "Numbering", "Attributes"},
        "administrator": {"Accounts", "Services", "Numbering", "Attributes", "Premise Types"},
    }
    NOT = {
        "field_controller": {"People at Premises", "Service Agreements", "Services", "Numbering"},
        "cashier": {"Services", "Numbering", "Sale, Move-in, Move-out", "Access to Buildings"},
        "clerk": {"Services", "Numbering", "Access to Buildings"},
        "manager": {"Services", "Numbering", "Sale, Move-in, Move-out"},
        "auditor": {"Sale, Move-in, Move-out", "Access to Buildings"},
        "administrator": {"Settings"},
    }

    def test_menus_of_each_role(self):
        for role, wanted in self.MENUS.items():
            found = {action.name for action in self._actions(self.users[role])}
            self.assertGreaterEqual(found, wanted, role)
            self.assertFalse(found & self.NOT[role], role)

    def test_every_menu_opens(self):
        for role, user in self.users.items():
            for action in self._actions(user):
                with self.subTest(role=role, action=action.name):
                    self._open(user, action)

    def _actions(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)
        root = self.env.ref("utility_base.menu_root")
        visible = menus._visible_menu_ids()
        actions = [
            menu.action
            for menu in menus.sudo().search([("id", "child_of", root.id)])
            if menu.action and {int(part) for part in menu.parent_path.split("/")[:-1]} <= visible
        ]
        return [action for action in actions if action._name == "ir.actions.act_window"]

    def _open(self, user, action):
        model = self.env[action.res_model].with_user(user)
        if not action.res_model.startswith(OURS):
            return
        views = model.get_views([(False, kind) for kind in action.view_mode.split(",")])["views"]
        if "list" in views:
            names = {
                node.get("name"): {}
                for node in etree.fromstring(views["list"]["arch"])
                if node.tag == "field"
            }
            model.web_search_read([], names, limit=5)
        record = model.browse() if model._transient else model.search([], limit=1)
        if record or model.has_access("create"):
            Form(record)
        if record and model.has_access("create"):
            Form(model)
