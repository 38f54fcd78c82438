from odoo.tests import tagged

from .common import UtilityCommon, UtilityLedgerCommon


@tagged("post_install", "-at_install")
class TestKit(UtilityCommon):
    def test_town_is_as_described(self):
        self.assertEqual(self.flat.address, "Savanorių pr. 12-1, Kaunas")
        self.assertEqual(self.account.partner_id, self.jonas)
        self.assertEqual(self.account.building_id, self.house)
        self.assertEqual(self.env.company.name, "Kaunas Utilities")


@tagged("post_install", "-at_install")
class TestLedgerKit(UtilityLedgerCommon):
    def test_entry_is_posted_under_the_account(self):
        self.post_entry("2026-02-28", [(self.account, self.jonas, 25.5)])
        self.assertEqual(self.account.balance, 25.5)
