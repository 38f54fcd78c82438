from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestService(UtilityCommon):
    @mute_logger("odoo.sql_db")
    def test_agency_needs_its_creditor(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make_service("WS", ownership="agency")
        region = self.make_person("Waste Centre", is_company=True)
        self.assertTrue(self.make_service("WS", ownership="agency", creditor_partner_id=region.id))

    def test_bank_account_is_the_creditors_own(self):
        region = self.make_person("Waste Centre", is_company=True)
        banks = self.env["res.partner.bank"]
        own = banks.create({"acc_number": "LT601010012345678901", "partner_id": region.id})
        foreign = banks.create({"acc_number": "LT447300010123456789", "partner_id": self.ona.id})
        service = self.make_service(
            "WS", ownership="agency", creditor_partner_id=region.id, creditor_bank_account_id=own.id
        )
        with self.assertRaisesRegex(
            ValidationError, "Service WS.*LT447300010123456789.*Waste Centre"
        ):
            service.creditor_bank_account_id = foreign

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_its_company(self):
        self.make_service("CW")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make_service("CW")
        other = self.env["res.company"].create({"name": "Heat Ltd"})
        self.make_service("CW", company_id=other.id)

    def test_seasons(self):
        heating = self.env.ref("utility_base.billing_cycle_heating_season")
        self.assertEqual(
            [month for month in range(1, 13) if heating._in_season(month)], [1, 2, 3, 4, 10, 11, 12]
        )
        summer = self.env["utility.billing.cycle"].create(
            {
                "name": "Garden water",
                "months": 1,
                "season_start": 5,
                "season_end": 9,
            }
        )
        self.assertEqual(
            [month for month in range(1, 13) if summer._in_season(month)], [5, 6, 7, 8, 9]
        )

    def test_cycles_begin(self):
        quarterly = self.env.ref("utility_base.billing_cycle_quarterly")
        self.assertEqual(
            [month for month in range(1, 13) if quarterly._begins_in(month)], [1, 4, 7, 10]
        )
        odd = self.env["utility.billing.cycle"].create(
            {
                "name": "Two months from February",
                "months": 2,
                "first_month": 2,
            }
        )
        self.assertEqual(
            [month for month in range(1, 13) if odd._begins_in(month)], [2, 4, 6, 8, 10, 12]
        )

    @mute_logger("odoo.sql_db")
    def test_months_are_months(self):
        for vals in ({"months": 0}, {"months": 13}, {"first_month": 13}, {"season_end": 0}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env["utility.billing.cycle"].create({"name": "Wrong", **vals})


@tagged("post_install", "-at_install")
class TestNetwork(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water, cls.heat = cls.make_service("CW"), cls.make_service("HT", kind="heat")
        cls.main = cls.make_point(cls.water, cls.avenue, "MAIN", kind="main")
        cls.inlet = cls.make_point(cls.water, cls.house, "INLET", cls.main, kind="inlet")
        cls.riser = cls.make_point(cls.water, cls.entrance, "RISER", cls.inlet, kind="riser")
        cls.taps = cls.env["utility.service.point"]
        for number, flat in enumerate((cls.flat, cls.flat_2, cls.flat_3), 1):
            cls.taps |= cls.make_point(cls.water, flat, f"TAP-{number}", cls.riser)

    def _codes(self, roots, depth):
        nodes = self.env["utility.service.point"].network(roots.ids, depth)
        return [node["code"] for node in nodes]

    def test_tree_level_by_level(self):
        self.assertEqual(self._codes(self.main, 0), ["MAIN"])
        self.assertEqual(self._codes(self.main, 2), ["MAIN", "INLET", "RISER"])
        self.assertEqual(
            self._codes(self.main, 12), ["MAIN", "INLET", "RISER", "TAP-1", "TAP-2", "TAP-3"]
        )
        self.assertEqual(self._codes(self.riser, -5), ["RISER"])

    def test_node(self):
        node = self.env["utility.service.point"].network(self.riser.ids, 0)[0]
        self.assertEqual(
            node,
            {
                "id": self.riser.id,
                "parent_id": self.inlet.id,
                "code": "RISER",
                "label": "Savanorių pr. 12, ent. 1, Kaunas",
                "kind": "riser",
                "connection": "connected",
                "children": 3,
                "premise": "Savanorių pr. 12, ent. 1, Kaunas",
            },
        )

    def test_cycle_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "INLET cannot be fed from TAP-1"):
            self.inlet.parent_id = self.taps[0]

    def test_a_network_carries_one_service(self):
        with self.assertRaisesRegex(
            ValidationError, r"HT-1 \(Service HT\) cannot be fed from INLET"
        ):
            self.make_point(self.heat, self.flat, "HT-1", self.inlet)

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_its_company(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make_point(self.water, self.flat, "TAP-1")


@tagged("post_install", "-at_install")
class TestAgreement(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls.make_service("CW", name="Cold water")
        cls.point = cls.make_point(cls.water, cls.flat, "CW-1")
        cls.second = cls.make_account(cls.flat, cls.ona)

    def test_several_accounts_split_a_point(self):
        self.make_agreement(self.account, self.point, share=60)
        self.make_agreement(self.second, self.point, "2026-01-01", "2026-06-30", share=40)
        third = self.make_account(self.flat, self.tomas)
        with self.assertRaisesRegex(ValidationError, "CW-1 · Cold water.*100.5 % on 06/30/2026"):
            self.make_agreement(third, self.point, "2026-06-30", share=0.5)
        self.make_agreement(third, self.point, "2026-07-01", share=40)

    def test_share_lies_within_limits(self):
        for share in (0, 120, -1):
            with self.assertRaisesRegex(ValidationError, f"00000018.*CW-1.*not {share} %"):
                self.make_agreement(self.account, self.point, share=share)

    def test_one_agreement_of_an_account_and_point_at_a_time(self):
        self.make_agreement(self.account, self.point, share=50)
        with self.assertRaisesRegex(ValidationError, "00000018.*CW-1.*overlaps"):
            self.make_agreement(self.account, self.point, "2026-01-01", share=10)

    def test_within_the_days_of_the_account(self):
        self.account._close(self.day("2026-06-30"))
        for start, end in (
            ("2019-12-31", "2020-05-01"),
            ("2026-01-01", "2026-07-01"),
            ("2026-01-01", False),
        ):
            with self.assertRaisesRegex(ValidationError, "CW-1.*01/01/2020 – 06/30/2026"):
                self.make_agreement(self.account, self.point, start, end)
        self.make_agreement(self.account, self.point, "2020-01-01", "2026-06-30")

    def test_change_of_share_and_cycle_keeps_history(self):
        agreement = self.make_agreement(self.account, self.point)
        quarterly = self.env.ref("utility_base.billing_cycle_quarterly")
        later = agreement._supersede(
            {"billing_cycle_id": quarterly.id}, date_start=self.day("2026-04-01")
        )
        self.assertEqual(agreement.billing_cycle_id, self.monthly)
        self.assertEqual((later.billing_cycle_id, later.share), (quarterly, 100))
        self.assertEqual((later.service_id, later.premise_id), (self.water, self.flat))

    def test_companies_do_not_mix(self):
        other = self.env["res.company"].create({"name": "Heat Ltd"})
        foreign = self.make_account(self.flat, self.jonas, company_id=other.id)
        with self.assertRaisesRegex(UserError, "[Cc]ompan"):
            self.make_agreement(foreign, self.point)
