from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import UtilityCommon

COMPANIES = 200


@tagged("post_install", "-at_install")
class TestManyCompanies(UtilityCommon):
    """A house association is a company of its own: 200 of them in one database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associations = cls.env["res.company"].create(
            [{"name": f"Association {number:03d}"} for number in range(COMPANIES)]
        )
        cls.admin = cls.env.user
        cls.admin.company_ids = [Command.link(company.id) for company in cls.associations]
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": [cls.company.id, *cls.associations.ids],
            }
        )
        cls.houses = cls.env["utility.premise"].create(
            [
                {
                    "name": str(100 + number),
                    "parent_id": cls.avenue.id,
                    "type_id": cls.house.type_id.id,
                }
                for number in range(COMPANIES)
            ]
        )
        cls.flats = cls.env["utility.premise"].create(
            [
                {"name": str(door), "parent_id": house.id, "type_id": cls.flat.type_id.id}
                for house in cls.houses
                for door in (1, 2)
            ]
        )
        pairs = [
            (company, flat)
            for company, house in zip(cls.associations, cls.houses, strict=True)
            for flat in cls.flats.filtered(lambda flat, house=house: flat.parent_id == house)
        ]
        cls.accounts = cls.env["utility.account"].create(
            [
                {
                    "company_id": company.id,
                    "premise_id": flat.id,
                    "partner_id": cls.ona.id,
                    "date_open": "2020-01-01",
                }
                for company, flat in pairs
            ]
        )
        cls.services = cls.env["utility.service"].create(
            [
                {
                    "company_id": company.id,
                    "name": "Maintenance",
                    "code": "MT",
                    "kind": "maintenance",
                    "uom_id": cls.env.ref("uom.product_uom_square_meter").id,
                }
                for company in cls.associations
            ]
        )
        service_of = {service.company_id: service for service in cls.services}
        cls.points = cls.env["utility.service.point"].create(
            [
                {
                    "company_id": company.id,
                    "premise_id": flat.id,
                    "code": f"MT-{flat.id}",
                    "service_id": service_of[company].id,
                }
                for company, flat in pairs
            ]
        )
        cls.one, cls.two = cls.associations[0], cls.associations[1]
        cls.clerk = cls.make_user("clerk", company_id=cls.one.id)
        cls.district = cls.make_user(
            "clerk",
            company_id=cls.one.id,
            company_ids=[Command.set(cls.associations.ids)],
        )

    def _mine(self, records):
        """The records as the clerk of the first association has them."""
        return records.with_user(self.clerk).with_context(allowed_company_ids=self.one.ids)

    def _of(self, records, company):
        return records.filtered(lambda record: record.company_id == company)

    def test_numbers_begin_anew_in_every_company(self):
        for company in (self.one, self.two, self.associations[-1]):
            self.assertEqual(
                self._of(self.accounts, company).mapped("number"), ["00000018", "00000026"]
            )

    def test_clerk_sees_own_company_only(self):
        for model, records in (
            ("utility.account", self.accounts),
            ("utility.service.point", self.points),
            ("utility.service", self.services),
            ("utility.account.payer", self.accounts.payer_ids),
            ("utility.numbering", self.env["utility.numbering"].search([])),
        ):
            found = self._mine(self.env[model]).search([])
            self.assertEqual(found.with_env(self.env), self._of(records, self.one), model)

    def test_other_companies_are_refused_by_id(self):
        foreign = self._of(self.accounts, self.two)[0]
        for record in (
            foreign,
            foreign.payer_ids,
            self._of(self.points, self.two)[0],
            self._of(self.services, self.two),
        ):
            for call in (
                lambda it: it.read(["id", "display_name"]),
                lambda it: it.check_access("write"),
            ):
                with self.assertRaises(AccessError):
                    call(self._mine(record))
        points = self._mine(self.env["utility.service.point"])
        with self.assertRaises(AccessError):
            points.network(self._of(self.points, self.two).ids)
        with self.assertRaises(AccessError):
            self._mine(self.env["utility.account"]).create(
                {
                    "company_id": self.two.id,
                    "premise_id": self.flats[0].id,
                }
            )

    def test_network_does_not_cross_into_another_company(self):
        inlet = self._of(self.points, self.one)[0]
        foreign = self._of(self.points, self.two)[0]
        self.cr.execute(
            "UPDATE utility_service_point SET parent_id = %s WHERE id = %s", [inlet.id, foreign.id]
        )
        self.env.invalidate_all()
        nodes = self._mine(self.env["utility.service.point"]).network(inlet.ids, 5)
        self.assertEqual([(node["code"], node["children"]) for node in nodes], [(inlet.code, 0)])

    def test_same_premise_served_by_two_companies(self):
        flat = self._of(self.accounts, self.one)[0].premise_id
        both = self.make_account(flat, self.jonas, company_id=self.two.id)
        self.assertEqual(self._mine(flat).account_ids.company_id, self.one)
        self.assertNotIn(both, self._mine(flat).account_ids)

    def test_active_company_chooses_what_is_shown(self):
        accounts = self.env["utility.account"].with_user(self.district)
        some = self.associations[:3]
        found = accounts.with_context(allowed_company_ids=some.ids).search([])
        self.assertEqual(len(found), 6)
        found = accounts.with_context(allowed_company_ids=self.associations.ids).search([])
        self.assertEqual(len(found), 2 * COMPANIES)

    def _queries(self, companies, call):
        accounts = (
            self.env["utility.account"]
            .with_user(self.district)
            .with_context(allowed_company_ids=companies.ids)
        )
        call(accounts)  # rules, views and translations are cached by the first call
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call(accounts)
        return self.cr.sql_log_count - before

    def test_list_and_search_stay_flat(self):
        columns = {
            "number": {},
            "partner_id": {"fields": {"display_name": {}}},
            "address": {},
            "balance": {},
            "currency_id": {"fields": {"display_name": {}}},
            "state": {},
        }
        for call in (
            lambda accounts: accounts.web_search_read([], columns, limit=80),
            lambda accounts: accounts.name_search("savanoriu 110-1"),
            lambda accounts: accounts.search([("state", "in", ["open"])], limit=80).mapped(
                "number"
            ),
        ):
            few = self._queries(self.associations[:50], call)
            many = self._queries(self.associations, call)
            self.assertLessEqual(many, few)
            self.assertLess(many, 20)

    def test_opening_an_account_costs_the_same_among_many(self):
        view = self.env["utility.account"].with_user(self.district).get_view(False, "form")
        self.assertIn("timeline", view["arch"])
        names = {
            name: {}
            for name in ("number", "partner_id", "address", "balance", "state", "building_id")
        }
        first = self.accounts[0].id
        few = self._queries(
            self.associations[:1], lambda accounts: accounts.browse(first).web_read(names)
        )
        many = self._queries(
            self.associations, lambda accounts: accounts.browse(first).web_read(names)
        )
        self.assertEqual(few, many)
