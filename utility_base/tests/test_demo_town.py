from collections import defaultdict
from datetime import date

from odoo import fields
from odoo.tests import BaseCase, TransactionCase, tagged

from odoo.addons.utility_base.demo import plan
from odoo.addons.utility_base.demo.company import iban_of
from odoo.addons.utility_base.demo.demo import DONE


@tagged("post_install", "-at_install")
class TestDemoPlan(BaseCase):
    """The plan is plain Python; it is the same whenever it is drawn up."""

    def _drawn_on(self, day):
        plan.draw_up.cache_clear()
        return plan.draw_up(day)

    def test_same_plan_twice(self):
        first, second = (self._drawn_on(date(2026, 3, 16)) for _time in range(2))
        self.assertIsNot(first, second)
        self.assertEqual(repr(first), repr(second))

    def test_same_names_and_places_in_any_year(self):
        towns = [
            self._drawn_on(date(*day)) for day in ((2024, 2, 29), (2026, 1, 1), (2031, 12, 31))
        ]
        for rows, name in (
            ("people", "name"),
            ("places", "code"),
            ("contracts", "key"),
            ("points", "code"),
        ):
            lists = {tuple(getattr(row, name) for row in getattr(town, rows)) for town in towns}
            self.assertEqual(len(lists), 1, rows)

    def test_history_begins_two_years_ago(self):
        calendar = self._drawn_on(date(2026, 3, 16)).calendar
        self.assertEqual(calendar.start, date(2024, 3, 1))
        self.assertEqual(calendar.month(-1, 0), date(2026, 2, 28))
        self.assertEqual(calendar.learned(date(2019, 5, 1)).date(), date(2024, 3, 1))
        self.assertEqual(calendar.learned(date(2026, 4, 1)).date(), date(2026, 2, 25))

    def test_nobody_has_the_name_or_code_of_another(self):
        people = self._drawn_on(date(2026, 3, 16)).people
        self.assertEqual(len({person.name for person in people}), len(people))
        codes = [person.personal_code for person in people if not person.is_company]
        self.assertEqual(len(set(codes)), len(codes))

    def test_iban_has_right_check_digits(self):
        self.assertEqual(iban_of(1), "LT029999900000000001")


@tagged("post_install", "-at_install")
class TestDemoTown(TransactionCase):
    """The town as it is loaded: once, for a company of its own where no demo data is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["ir.config_parameter"].get_param(DONE):
            company = cls.env["res.company"].create({"name": "Empty"})
            cls.env.user.company_ids |= company
            cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        cls.demo = cls.env["utility.demo"]
        cls.demo._load_town()
        cls.calendar = cls.demo._town().calendar
        cls.accounts = cls.env["utility.account"].search(
            [("company_id", "=", cls.env.company.id), ("premise_id.registry_code", "=like", "NU%")]
        ) | cls._account("landlord")

    @classmethod
    def _account(cls, name):
        return cls.env.ref(f"utility_base.demo_account_{name}")

    def _premises(self, kind):
        return self.env["utility.premise"].search(
            [("type_id.code", "=", kind), ("registry_code", "=like", "NU%")]
        )

    def _user(self, role):
        return self.env.ref(f"utility_base.demo_user_{role}")

    # -- what is there ----------------------------------------------------------------------

    def test_places(self):
        self.assertEqual(
            self._premises("apartment_building").mapped("address"),
            ["Švyturio g. 7, Naujauostis", "Uosto g. 21, Naujauostis", "Žvejų g. 14, Naujauostis"],
        )
        counts = {
            kind: len(self._premises(kind))
            for kind in (
                "flat",
                "commercial",
                "room",
                "private_house",
                "public_building",
                "container_site",
            )
        }
        self.assertEqual(
            counts,
            {
                "flat": 140,
                "commercial": 6,
                "room": 50,
                "private_house": 40,
                "public_building": 3,
                "container_site": 1,
            },
        )

    def test_accounts(self):
        self.assertEqual(len(self.accounts), 250)
        self.assertEqual(len(self.accounts.filtered(lambda a: a.state == "closed")), 5)
        self.assertEqual(len(self._account("landlord").member_ids), 5)
        self.assertEqual(len(self._account("dormitory").member_ids), 50)
        self.assertEqual(self._account("dormitory").number, "00000018")
        self.assertEqual(self._account("sale").number, "00001099")
        self.assertEqual(self._account("correction").number, "00001644")

    def test_every_account_has_its_payer_each_day(self):
        for account in self.accounts:
            day = account.date_open
            for payer in account.payer_ids.sorted("date_start"):
                self.assertEqual(payer.date_start, day, account.number)
                day = payer.date_end and fields.Date.add(payer.date_end, days=1)
            self.assertFalse(day, account.number)

    def test_owners_have_everything(self):
        places = self._premises("flat") | self._premises("private_house") | self._premises("room")
        self.assertEqual({round(place.owner_share, 4) for place in places}, {100.0})

    def test_points_are_shared_out(self):
        agreements = self.env["utility.service.agreement"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("fact_state", "=", "in_force"),
            ]
        )
        shares = defaultdict(float)
        for agreement in agreements:
            shares[agreement.service_point_id] += agreement.share
        self.assertEqual({round(share, 4) for share in shares.values()}, {100.0})
        used = [point for point in self.demo._points().values() if point.kind == "unit"]
        self.assertEqual(len(used), 1339)
        self.assertFalse(set(used) - set(shares), "every tap is somebody's")

    def test_networks_begin_at_their_source(self):
        for point in self.demo._points().values():
            root = point.browse(int(point.parent_path.split("/")[0]))
            if point.service_id.has_network:
                self.assertIn(root.kind, ("source", "inlet"), point.code)

    # -- what happened ----------------------------------------------------------------------

    def test_sale(self):
        account, day = self._account("sale"), self.calendar.month(-1, 16)
        seller, buyer = account.payer_ids.sorted("date_start").partner_id
        self.assertEqual(buyer.name, "Олена Бондаренко")
        self.assertEqual(account._payer_on(fields.Date.subtract(day, days=1)), seller)
        self.assertEqual(account._payer_on(day), buyer)
        titles = [entry["title"] for entry in account.timeline() if entry["date"] == str(day)]
        self.assertIn(buyer.name, titles)
        self.assertEqual(account.payer_balance, 0)
        self.assertEqual(account.balance, 140.4, "the seller's debt stays with the seller")

    def test_flat_fell_back_to_its_owner(self):
        account, last_day = self._account("fallback"), self.calendar.month(-2, 20)
        tenant, owner = account.payer_ids.sorted("date_start").partner_id
        self.assertEqual(account.payer_ids.sorted("date_start")[0].date_end, last_day)
        self.assertEqual(account.partner_id, owner)
        roles = account.premise_id.occupancy_ids.filtered(lambda o: o.partner_id == tenant)
        self.assertEqual(roles.mapped("role"), ["tenant"])

    def test_correction(self):
        values = (
            self._account("correction")
            .premise_id.attribute_value_ids.filtered(
                lambda value: value.attribute_id.code == "heated_area"
            )
            .sorted("id")
        )
        self.assertEqual(values.mapped("value_number"), [60.41, 65.0, 56.0])
        wrong, right = values[1], values[2]
        self.assertEqual((right.replaces_id, right.replace_kind), (wrong, "correction"))
        self.assertEqual(wrong.recorded_at.date(), self.calendar.month(-2, 24))
        self.assertEqual(wrong.voided_at.date(), self.calendar.month(-1, 8))
        self.assertEqual(wrong.voided_by, self._user("clerk"))
        self.assertIn("65 instead of 56", wrong.void_reason)
        known = self.env["utility.attribute.value"].search(
            [
                ("id", "in", values.ids),
                ("known_on", "=", self.calendar.month(-2, 0)),
            ]
        )
        self.assertIn(wrong, known)

    def test_planned(self):
        planned = self._account("planned").payer_ids.filtered(
            lambda payer: payer.date_start == self.calendar.month(1)
        )
        self.assertEqual(planned.partner_id.name, "Justina Vėjūnaitė")
        self.assertLess(planned.recorded_at.date(), self.calendar.today)

    def test_ledger(self):
        lines = self.env["account.move.line"].search(
            [
                ("utility_account_id", "in", self.accounts.ids),
                ("parent_state", "=", "posted"),
                ("date", "<", self.calendar.month(-2)),
            ]
        )
        self.assertFalse(lines.filtered(lambda line: not line.partner_id))
        self.assertEqual(set(lines.account_id.mapped("account_type")), {"asset_receivable"})
        # before the month before last, whose bills depend on the season
        owed = [account.balance_on(self.calendar.month(-3, 0)) for account in self.accounts]
        self.assertEqual(sum(amount > 0 for amount in owed), 60)
        self.assertEqual(sum(amount < 0 for amount in owed), 11)

    # -- who works there --------------------------------------------------------------------

    def test_users(self):
        for role in (
            "clerk",
            "meter_engineer",
            "field_controller",
            "billing_operator",
            "cashier",
            "accountant",
            "debt_officer",
            "lawyer",
            "manager",
            "auditor",
            "administrator",
        ):
            user = self._user(role)
            self.assertEqual(user.login, role)
            self.assertTrue(self.env["utility.account"].with_user(user).search([], limit=1), role)
        manager = self.env["utility.account"].with_user(self._user("manager"))
        self.assertEqual(manager.search_count([]), 40)
        resident = self.env["utility.account"].with_user(self._user("resident"))
        self.assertEqual(resident.search([]), self._account("resident"))

    def test_loading_again_changes_nothing(self):
        models = [
            "utility.premise",
            "utility.account",
            "utility.occupancy",
            "utility.service.point",
            "utility.service.agreement",
            "utility.attribute.value",
            "account.move",
            "res.users",
        ]
        before = [self.env[model].search_count([]) for model in models]
        self.demo._load_town()
        self.assertEqual([self.env[model].search_count([]) for model in models], before)
