from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import UtilityLedgerCommon


class MoveCase(UtilityLedgerCommon):
    """Flat 1 on 16 March: Jonas owns it, pays for its water and owes 100.10."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls.make_person("Birutė Pirkėja")
        cls.water = cls.make_service("CW", name="Cold water")
        cls.point = cls.make_point(cls.water, cls.flat, "CW-1")
        cls.agreement = cls.make_agreement(cls.account, cls.point)
        cls.bill = cls.post_entry("2026-02-28", [(cls.account, cls.jonas, 100.10)])

    def wizard(self, kind="sale", user=None, **vals):
        wizards = self.env["utility.move.wizard"]
        return (wizards.with_user(user) if user else wizards).create(
            {
                "kind": kind,
                "premise_id": self.flat.id,
                "date": "2026-03-15",
                **vals,
            }
        )

    def people(self, day):
        return {
            (row.partner_id.name.split()[0], row.role)
            for row in self.flat.occupancy_ids._in_force(self.day(day))
        }

    def owed(self, account):
        account.invalidate_recordset()
        return {
            self.env["res.partner"].browse(partner).name.split()[0]: amount
            for partner, amount in account._balances_by_payer().get(account.id, {}).items()
        }


@tagged("post_install", "-at_install")
class TestSale(MoveCase):
    def test_preview_says_what_will_happen_and_nothing_happens(self):
        wizard = self.wizard(partner_id=self.buyer.id, payer_policy="same_debt_follows")
        self.assertEqual(
            wizard.preview.splitlines(),
            [
                "1. Birutė Pirkėja pays for account 00000018 from 03/15/2026",
                "2. The debt of account 00000018 goes over to Birutė Pirkėja",
                "3. Jonas Petraitis leaves; last day 03/14/2026",
                "4. Birutė Pirkėja comes as owner on 03/15/2026",
            ],
        )
        self.assertEqual(wizard.debt, 100.10)
        self.assertEqual(self.account.partner_id, self.jonas)
        self.assertEqual(self.people("2026-03-15"), {("Jonas", "owner")})

    def test_preview_names_no_payer_before_one_is_chosen(self):
        wizard = self.wizard(payer_policy="same_debt_follows")
        self.assertEqual(
            wizard.preview.splitlines(), ["1. Jonas Petraitis leaves; last day 03/14/2026"]
        )

    def test_mid_month_the_debt_stays(self):
        wizard = self.wizard(partner_id=self.buyer.id, basis="Deed 44/1")
        self.assertEqual(wizard.payer_policy, "same_debt_stays")
        wizard.action_run()
        self.assertEqual(self.people("2026-03-14"), {("Jonas", "owner")})
        self.assertEqual(self.people("2026-03-15"), {("Birutė", "owner")})
        self.assertEqual(self.flat.owner_share, 100)
        self.assertEqual(self.account._payer_on(self.day("2026-03-14")), self.jonas)
        self.assertEqual(self.account.partner_id, self.buyer)
        self.assertEqual(self.owed(self.account), {"Jonas": 100.10})
        self.assertEqual(self.account.payer_balance, 0)
        self.assertFalse(self.agreement.date_end, "the service goes on")
        deed = self.flat.occupancy_ids.filtered(lambda row: row.partner_id == self.buyer)
        self.assertEqual(deed.basis, "Deed 44/1")

    def test_mid_month_the_debt_follows(self):
        wizard = self.wizard(partner_id=self.buyer.id, payer_policy="same_debt_follows")
        wizard.action_run()
        self.assertEqual(self.owed(self.account), {"Birutė": 100.10})
        line = self.receivables_of(self.account) & self.bill.line_ids
        self.assertTrue(line.reconciled)
        entry = self.receivables_of(self.account).move_id - self.bill
        self.assertEqual((entry.state, str(entry.date)), ("posted", "2026-03-15"))
        self.assertEqual(entry.journal_id, self.misc_journal)
        rows = [
            (
                row.partner_id.name.split()[0],
                row.balance,
                row.utility_account_id.number,
                str(row.date_maturity),
            )
            for row in entry.line_ids.sorted("balance")
        ]
        self.assertEqual(
            rows,
            [
                ("Jonas", -100.10, "00000018", "2026-03-15"),
                ("Birutė", 100.10, "00000018", "2026-03-15"),
            ],
        )
        self.assertEqual(self.account.balance_on("2026-03-14"), 100.10)

    def test_debt_and_credit_of_former_payers_both_go_over(self):
        self.post_entry("2026-03-01", [(self.account, self.ona, -100.10)])
        self.assertEqual(self.account.balance, 0)
        self.wizard(partner_id=self.buyer.id, payer_policy="same_debt_follows").action_run()
        lines = self.receivables_of(self.account)
        self.assertTrue(
            all(lines.filtered(lambda line: line.partner_id != self.buyer).mapped("reconciled"))
        )
        of_buyer = lines.filtered(lambda line: line.partner_id == self.buyer)
        self.assertEqual(sorted(of_buyer.mapped("balance")), [-100.10, 100.10])

    def test_new_account_with_the_same_services(self):
        wizard = self.wizard(partner_id=self.buyer.id, payer_policy="new_account")
        self.assertIn("Account 00000018 is closed the day before", wizard.preview)
        action = wizard.action_run()
        new = self.env["utility.account"].browse(action["res_id"])
        self.assertEqual(self.account.date_close, self.day("2026-03-14"))
        self.assertEqual(self.account.partner_id, self.jonas)
        self.assertEqual(self.agreement.date_end, self.day("2026-03-14"))
        self.assertEqual((new.partner_id, new.date_open), (self.buyer, self.day("2026-03-15")))
        self.assertNotEqual(new.number, self.account.number)
        self.assertEqual(new.agreement_ids.service_point_id, self.point)
        self.assertEqual(new.agreement_ids.date_start, self.day("2026-03-15"))
        self.assertEqual(self.owed(self.account), {"Jonas": 100.10})
        self.assertEqual(new.balance, 0)

    def test_half_is_sold(self):
        half = self.ownership._supersede({"share": 50}, date_start=self.day("2026-01-01"))
        self.make_occupancy(self.flat, self.ona, "owner", "2026-01-01", share=50)
        wizard = self.wizard(partner_id=self.buyer.id, share=50)
        wizard.leaving_ids = half
        wizard.action_run()
        self.assertEqual(self.people("2026-03-15"), {("Ona", "owner"), ("Birutė", "owner")})

    def test_buying_more_than_is_sold_is_refused_whole(self):
        half = self.ownership._supersede({"share": 50}, date_start=self.day("2026-01-01"))
        self.make_occupancy(self.flat, self.ona, "owner", "2026-01-01", share=50)
        wizard = self.wizard(partner_id=self.buyer.id, share=60)
        wizard.leaving_ids = half
        with self.assertRaisesRegex(ValidationError, "12-1.*add up to 110 %"), self.cr.savepoint():
            wizard.action_run()
        self.assertEqual(self.account.partner_id, self.jonas)

    def test_tenant_who_pays_and_stays_goes_on_paying(self):
        self.make_occupancy(self.flat, self.tomas, "tenant", "2026-01-01")
        self.account._change_payer(self.tomas, self.day("2026-01-01"))
        wizard = self.wizard(partner_id=self.buyer.id)
        self.assertFalse(wizard.account_ids)
        wizard.action_run()
        self.assertEqual(self.account.partner_id, self.tomas)
        self.assertEqual(self.people("2026-03-15"), {("Birutė", "owner"), ("Tomas", "tenant")})

    def test_log_names_nobody(self):
        self.wizard(partner_id=self.buyer.id).action_run()
        body = self.flat.message_ids[0].body
        self.assertIn("00000018", body)
        for name in ("Jonas", "Birutė"):
            self.assertNotIn(name, body)

    def test_clerk_without_books_moves_the_debt(self):
        clerk = self.make_user("clerk")
        self.wizard(
            user=clerk, partner_id=self.buyer.id, payer_policy="same_debt_follows"
        ).action_run()
        self.assertEqual(self.owed(self.account), {"Birutė": 100.10})

    def test_buyer_must_be_chosen(self):
        with self.assertRaisesRegex(UserError, "Choose who comes"):
            self.wizard().action_run()

    def test_company_policy_is_the_default(self):
        self.company.utility_payer_policy = "new_account"
        self.assertEqual(self.wizard().payer_policy, "new_account")


@tagged("post_install", "-at_install")
class TestTenancy(MoveCase):
    def test_tenant_moves_in_and_pays(self):
        wizard = self.wizard("move_in", partner_id=self.tomas.id)
        self.assertFalse(wizard.leaving_ids)
        wizard.action_run()
        self.assertEqual(self.people("2026-03-15"), {("Jonas", "owner"), ("Tomas", "tenant")})
        self.assertEqual(self.account.partner_id, self.tomas)
        self.assertEqual(self.flat.residents_on("2026-03-15"), 1)

    def _with_tenant(self, end=False):
        tenancy = self.make_occupancy(self.flat, self.tomas, "tenant", "2026-01-01", end)
        self.account._change_payer(self.tomas, self.day("2026-01-01"))
        return tenancy

    def test_move_out_falls_back_to_the_owner_with_the_largest_share(self):
        self.ownership._supersede({"share": 40}, date_start=self.day("2025-01-01"))
        self.make_occupancy(self.flat, self.ona, "owner", "2025-01-01", share=60)
        tenancy = self._with_tenant()
        wizard = self.wizard("move_out")
        self.assertEqual(wizard.leaving_ids, tenancy)
        self.assertEqual(wizard.payer_id, self.ona)
        self.assertIn("Ona Kazlauskienė pays for account 00000018 from 03/15/2026", wizard.preview)
        wizard.action_run()
        self.assertEqual(tenancy.date_end, self.day("2026-03-14"))
        self.assertEqual(self.account.partner_id, self.ona)

    def test_next_tenant_comes_at_once(self):
        self._with_tenant()
        self.wizard("move_out", partner_id=self.ona.id).action_run()
        self.assertEqual(self.people("2026-03-15"), {("Jonas", "owner"), ("Ona", "tenant")})
        self.assertEqual(self.account.partner_id, self.ona)

    def test_one_of_two_tenants_goes(self):
        self._with_tenant()
        second = self.make_occupancy(self.flat, self.ona, "tenant", "2026-02-01")
        wizard = self.wizard("move_out", leaving_ids=[Command.set(second.ids)])
        self.assertFalse(wizard.account_ids, "the tenant who pays stays")
        wizard.action_run()
        self.assertEqual(self.account.partner_id, self.tomas)

    def test_nobody_to_go(self):
        with self.assertRaisesRegex(UserError, "Choose who goes"):
            self.wizard("move_out").action_run()

    def test_no_owner_on_record(self):
        self._with_tenant()
        self.ownership.void("Belongs to the town")
        wizard = self.wizard("move_out")
        with self.assertRaisesRegex(UserError, "Savanorių pr. 12-1, Kaunas has no owner on record"):
            wizard.action_run()

    def test_tenant_who_never_came(self):
        planned = self.make_occupancy(self.flat, self.tomas, "tenant", "2026-03-15")
        self.wizard("move_out", leaving_ids=[Command.set(planned.ids)]).action_run()
        self.assertEqual(planned.fact_state, "voided")

    # -- by itself --------------------------------------------------------------------------

    def test_ending_a_tenancy_in_the_past_hands_over_at_once(self):
        tenancy = self._with_tenant()
        tenancy.date_end = "2026-03-10"
        self.assertEqual(self.account.partner_id, self.jonas)
        self.assertEqual(self.account._payer_on(self.day("2026-03-10")), self.tomas)
        self.assertEqual(self.account._payer_on(self.day("2026-03-11")), self.jonas)

    def test_cron_hands_over_after_the_last_day(self):
        self._with_tenant("2026-03-20")
        self.env["utility.occupancy"]._cron_fall_back_to_owner()
        self.assertEqual(self.account.partner_id, self.tomas)
        with self.at("2026-03-21 01:00:00"):
            self.env["utility.occupancy"]._cron_fall_back_to_owner()
            self.assertEqual(self.account.partner_id, self.jonas)
            self.env["utility.occupancy"]._cron_fall_back_to_owner()
        self.assertEqual(len(self.account.payer_ids), 3, "a second run changes nothing")

    def test_cron_makes_up_for_a_long_standstill(self):
        self._with_tenant("2026-03-20")
        with self.at("2026-06-01 01:00:00"):
            self.env["utility.occupancy"]._cron_fall_back_to_owner()
            self.assertEqual(self.account.partner_id, self.jonas)
            self.assertEqual(self.account._payer_on(self.day("2026-03-21")), self.jonas)

    def test_no_handing_over_while_another_tenant_stays(self):
        tenancy = self._with_tenant()
        self.make_occupancy(self.flat, self.ona, "tenant", "2026-02-01")
        tenancy.date_end = "2026-03-10"
        self.assertEqual(self.account.partner_id, self.tomas)

    def test_vacant_without_owner_is_left_for_a_clerk(self):
        self.ownership.void("Belongs to the town")
        tenancy = self._with_tenant()
        tenancy.date_end = "2026-03-10"
        self.assertEqual(self.account.partner_id, self.tomas)

    def test_fallback_honours_the_company_policy(self):
        self.company.utility_payer_policy = "new_account"
        tenancy = self._with_tenant()
        tenancy.date_end = "2026-03-10"
        self.assertEqual(self.account.date_close, self.day("2026-03-10"))
        new = self.flat.account_ids - self.account
        self.assertEqual((new.partner_id, str(new.date_open)), (self.jonas, "2026-03-11"))
