from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import UtilityCommon


class BuildingCase(UtilityCommon):
    """Two houses, each with an owner, an account, a point, an agreement and an attribute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_ownership = cls.make_occupancy(cls.other_flat, cls.ona, "owner", "2020-01-01")
        cls.other_account = cls.make_account(cls.other_flat, cls.ona)
        cls.house_account = cls.make_account(cls.house, cls.jonas, kind="legal")
        cls.service = cls.make_service("CW", name="Cold water")
        cls.point = cls.make_point(cls.service, cls.flat, "CW-1")
        cls.other_point = cls.make_point(cls.service, cls.other_flat, "CW-2")
        cls.agreement = cls.make_agreement(cls.account, cls.point)
        cls.other_agreement = cls.make_agreement(cls.other_account, cls.other_point)
        cls.rooms = cls.make_attribute("rooms_here", for_accounts=True, for_service_points=True)
        cls.values = cls.env["utility.attribute.value"]
        cls.mine = cls.values
        for owner in (cls.flat, cls.account, cls.point):
            cls.mine |= cls.make_value(cls.rooms, owner, 2)
        for owner in (cls.other_flat, cls.other_account, cls.other_point):
            cls.make_value(cls.rooms, owner, 3)
        cls.manager = cls.make_user("manager", cls.house, login="board12")

    def seen(self, user, model):
        return self.env[model].with_user(user).search([]).sudo(False).with_env(self.env)

    def assertRefused(self, call, *args, error=AccessError, **kwargs):
        with self.assertRaises(error), self.cr.savepoint():
            call(*args, **kwargs)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTiedUser(BuildingCase):
    def test_sees_own_building_and_the_way_to_it(self):
        self.assertEqual(
            self.seen(self.manager, "utility.premise"),
            self.town
            | self.avenue
            | self.house
            | self.entrance
            | self.flat
            | self.flat_2
            | self.flat_3
            | self.shop,
        )

    def test_sees_what_belongs_to_it_and_nothing_else(self):
        for model, expected in (
            ("utility.account", self.account | self.house_account),
            ("utility.account.payer", (self.account | self.house_account).payer_ids),
            ("utility.occupancy", self.ownership),
            ("utility.service.point", self.point),
            ("utility.service.agreement", self.agreement),
        ):
            self.assertEqual(self.seen(self.manager, model), expected, model)
        found = self.values.with_user(self.manager).search([("attribute_id", "=", self.rooms.id)])
        self.assertEqual(found.with_env(self.env), self.mine)

    def test_others_records_are_refused_by_id_too(self):
        for record in (
            self.other_flat,
            self.other_account,
            self.other_account.payer_ids,
            self.other_ownership,
            self.other_point,
            self.other_agreement,
        ):
            self.assertRefused(record.with_user(self.manager).read, ["id", "display_name"])
        other = self.other_account.with_user(self.manager)
        self.assertRefused(other.timeline)
        self.assertRefused(other.balance_on)
        self.assertRefused(self.other_flat.with_user(self.manager).residents_on, "2026-01-01")
        points = self.env["utility.service.point"].with_user(self.manager)
        self.assertRefused(points.network, self.other_point.ids)
        self.assertEqual(points.network(self.point.ids)[0]["code"], "CW-1")

    def test_search_finds_nothing_beyond(self):
        for model, text in (
            ("utility.account", "Kazlausk"),
            ("utility.account", self.other_account.number),
            ("utility.premise", "Savanorių 14"),
            ("utility.premise", "Ąžuolų"),
            ("utility.service.point", "CW-2"),
        ):
            self.assertEqual(self.env[model].with_user(self.manager).name_search(text), [], text)

    def test_sees_people_of_own_building_only(self):
        stranger = self.make_person("Stasys Nepažįstamas")
        bank = self.make_person("Town Bank", is_company=True)
        colleague = self.make_user("clerk", name="Clerk Colleague").partner_id
        former = self.make_person("Former Payer")
        self.account._change_payer(former, self.day("2026-01-01"))
        self.account._change_payer(self.jonas, self.day("2026-02-01"))
        people = self.env["res.partner"].with_user(self.manager).search([]).with_env(self.env)
        for partner in (self.jonas, bank, colleague, former, self.manager.partner_id):
            self.assertIn(partner, people, partner.name)
        for partner in (self.ona, stranger):
            self.assertNotIn(partner, people, partner.name)
        self.assertRefused(self.ona.with_user(self.manager).read, ["name"])

    def test_opens_the_account_and_the_premise(self):
        for record in (self.account, self.flat, self.jonas):
            with Form(record.with_user(self.manager)):
                pass

    def test_account_that_moves_house_leaves_the_view(self):
        self.flat.parent_id = self.other_house
        self.assertEqual(self.seen(self.manager, "utility.account"), self.house_account)

    def test_rights_change_with_the_buildings_at_once(self):
        self.assertIn(self.account, self.seen(self.manager, "utility.account"))
        self.manager.utility_building_ids = [Command.set(self.other_house.ids)]
        self.assertEqual(self.seen(self.manager, "utility.account"), self.other_account)
        self.manager.utility_building_ids = [Command.link(self.house.id)]
        self.assertEqual(len(self.seen(self.manager, "utility.account")), 3)

    def test_archived_building_opens_no_others(self):
        """Nothing left to be tied to would mean everything."""
        self.house.active = False
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertNotIn(self.other_account, self.seen(self.manager, "utility.account"))

    @mute_logger("odoo.sql_db")
    def test_building_that_users_are_tied_to_is_not_deleted(self):
        empty = self.make_premise("apartment_building", "99", self.avenue)
        self.manager.utility_building_ids = [Command.set(empty.ids)]
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            empty.unlink()
            self.env.flush_all()
        self.assertTrue(empty.exists())

    def test_tied_clerk_records_at_home_only(self):
        clerk = self.make_user("clerk", self.house)
        self.flat_2.with_user(clerk).write({"floor": 2})
        for place in (self.other_flat, self.other_house, self.avenue, self.town):
            self.assertRefused(place.with_user(clerk).write, {"floor": 2})
        self.assertRefused(
            self.env["utility.premise"].with_user(clerk).create,
            {
                "name": "99",
                "parent_id": self.avenue.id,
                "type_id": self.house.type_id.id,
            },
        )
        self.assertRefused(self.other_ownership.with_user(clerk).void, "Because")
        self.assertRefused(self.other_agreement.with_user(clerk).write, {"date_end": "2026-12-31"})
        accounts = self.env["utility.account"].with_user(clerk)
        vals = {"partner_id": self.jonas.id, "company_id": self.company.id}
        accounts.create({**vals, "premise_id": self.flat_2.id})
        self.assertRefused(accounts.create, {**vals, "premise_id": self.other_flat.id})
        newcomer = self.env["res.partner"].with_user(clerk).create({"name": "Newcomer"})
        self.assertEqual(newcomer.name, "Newcomer")
        wizard = self.env["utility.move.wizard"].with_user(clerk)
        wizard.create(
            {
                "kind": "sale",
                "premise_id": self.flat.id,
                "partner_id": newcomer.id,
                "date": "2026-03-16",
            }
        ).action_run()
        self.assertEqual(self.account.partner_id.name, "Newcomer")
        self.assertRefused(
            lambda: wizard.create(
                {
                    "kind": "sale",
                    "premise_id": self.other_flat.id,
                    "partner_id": newcomer.id,
                    "date": "2026-03-16",
                }
            ).action_run()
        )
        self.assertRefused(
            lambda: wizard.create(
                {
                    "kind": "sale",
                    "premise_id": self.flat.id,
                    "partner_id": newcomer.id,
                    "date": "2026-03-16",
                    "account_ids": [Command.set(self.other_account.ids)],
                }
            ).action_run()
        )
        self.assertEqual(self.other_account.partner_id, self.ona)


@tagged("post_install", "-at_install")
class TestGivingRights(BuildingCase):
    def _apply(self, manager=None, **vals):
        wizard = self.env["utility.building.access.wizard"].with_user(manager or self.manager)
        return wizard.create(
            {
                "operation": "grant",
                "building_ids": [Command.set(self.house.ids)],
                **vals,
            }
        ).action_apply()

    def test_manager_lets_a_colleague_see_own_building(self):
        colleague = self.make_user("base.group_user", login="colleague")
        self._apply(user_id=colleague.id)
        self.assertTrue(colleague.has_group("utility_base.group_manager"))
        self.assertEqual(colleague.utility_building_ids, self.house)
        self.assertEqual(self.seen(colleague, "utility.account"), self.account | self.house_account)
        self.assertIn("board12", self.house.message_ids[0].body)

    def test_new_user_by_name_and_mail(self):
        self._apply(name="Board Member", email="member@example.com")
        user = self.env["res.users"].search([("login", "=", "member@example.com")])
        self.assertEqual(user.utility_building_ids, self.house)
        self.assertEqual(user.company_ids, self.company)
        self.assertFalse(user.has_group("utility_base.group_clerk"))
        self.assertFalse(user.has_group("base.group_system"))

    def test_not_beyond_own_buildings(self):
        colleague = self.make_user("base.group_user", login="colleague")
        self.assertRefused(
            self._apply, user_id=colleague.id, building_ids=[Command.set(self.other_house.ids)]
        )
        for places in (self.town, self.avenue, self.entrance | self.flat):
            self.assertRefused(
                self._apply, user_id=colleague.id, building_ids=[Command.set(places.ids)]
            )
        self.assertRefused(self._apply, user_id=colleague.id, building_ids=False)
        self.assertFalse(colleague.utility_building_ids)
        self.assertFalse(colleague.has_group("utility_base.group_reader"))

    def test_free_manager_gives_single_buildings_only(self):
        chief = self.make_user("manager", login="chief")
        colleague = self.make_user("base.group_user", login="colleague")
        self.assertRefused(
            self._apply, chief, user_id=colleague.id, building_ids=[Command.set(self.town.ids)]
        )
        self._apply(chief, user_id=colleague.id, building_ids=[Command.set(self.other_house.ids)])
        self.assertEqual(colleague.utility_building_ids, self.other_house)

    def test_taking_back(self):
        colleague = self.make_user("manager", self.house | self.other_house, login="colleague")
        self._apply(operation="revoke", user_id=colleague.id)
        self.assertEqual(colleague.utility_building_ids, self.other_house)
        self.assertTrue(colleague.has_group("utility_base.group_manager"))

    def test_taking_back_the_last_building_leaves_nothing(self):
        colleague = self.make_user("manager", self.house, login="colleague")
        colleague.group_ids += self.env.ref("utility_base.group_reader")
        self._apply(operation="revoke", user_id=colleague.id)
        self.assertFalse(colleague.has_group("utility_base.group_reader"))
        self.assertFalse(colleague.has_group("utility_base.group_personal_data"))

    def test_taking_back_never_widens(self):
        """An accountant tied to a building would see every building once tied to none."""
        accountant = self.make_user("manager", self.house, login="accountant")
        accountant.group_ids += self.env.ref("account.group_account_invoice")
        self.assertRefused(self._apply, operation="revoke", user_id=accountant.id, error=UserError)
        self.assertEqual(accountant.utility_building_ids, self.house)

    def test_rights_of_others_are_not_touched(self):
        for user in (
            self.make_user("clerk"),
            self.make_user("clerk", self.house),
            self.make_user("auditor"),
            self.make_user("manager"),
            self.make_user("portal"),
            self.env.ref("base.user_admin"),
        ):
            for operation in ("grant", "revoke"):
                self.assertRefused(
                    self._apply, operation=operation, user_id=user.id, error=UserError
                )

    def test_only_managers_give_rights(self):
        for role in ("clerk", "auditor", "cashier", "base.group_user"):
            self.assertRefused(
                self.env["utility.building.access.wizard"].with_user(self.make_user(role)).create,
                {"building_ids": [Command.set(self.house.ids)]},
            )

    def test_own_buildings_are_not_for_users_to_choose(self):
        for role in ("manager", "clerk"):
            user = self.make_user(role, self.house, login=f"tied_{role}")
            self.assertRefused(
                user.with_user(user).write, {"utility_building_ids": [Command.clear()]}
            )
            self.assertRefused(
                user.with_user(user).write,
                {
                    "group_ids": [
                        Command.link(self.env.ref("utility_base.group_administrator").id)
                    ],
                },
            )
