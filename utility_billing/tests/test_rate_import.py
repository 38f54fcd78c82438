from odoo.tests import tagged

from odoo.addons.utility_base.tests.import_common import ImportCommon

HEAD = "account;service;plan;share;from\n"


@tagged("post_install", "-at_install")
class TestRateImport(ImportCommon):
    def test_agreements_name_their_plan(self):
        plans = self.env["utility.rate.plan"].create(
            [{"name": "Social", "code": "SOC"}, {"name": "Households", "code": "HOME"}]
        )
        self.bring_in(self.whole_profile(), self.whole_file(1, services="CW"))
        number = self.number(1)
        account = self.account(number)
        self.assertFalse(account.agreement_ids.rate_plan_id)
        profile = self.make_profile(
            "agreements",
            {
                "number": "account",
                "service": "service",
                "rate_plan": "plan",
                "share": "share",
                "date_start": "from",
            },
        )
        for day, word in (("2026-03-01", "soc"), ("2026-05-01", "Households")):
            self.bring_in(profile, f"{HEAD}{number};CW;{word};100;{day}\n", f"{word}.csv")
        # a row without a plan leaves it
        self.bring_in(profile, f"{HEAD}{number};CW;;50;2026-06-01\n", "share.csv")
        again = self.bring_in(profile, f"{HEAD}{number};CW;HOME;50;2026-07-01\n", "again.csv")
        self.assertEqual(again.unchanged_count, 1)
        wrong = self.read_file(profile, f"{HEAD}{number};CW;Nobles;50;2026-07-01\n", "wrong.csv")
        self.assertIn("there is no tariff plan “Nobles”", wrong.row_ids.reason)
        self.assertEqual(
            [
                (str(row.date_start), row.rate_plan_id, row.share)
                for row in account.agreement_ids.sorted("date_start")
            ],
            [
                ("2026-01-01", plans.browse(), 100),
                ("2026-03-01", plans[0], 100),
                ("2026-05-01", plans[1], 100),
                ("2026-06-01", plans[1], 50),
            ],
        )
