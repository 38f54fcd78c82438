from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import check_digits
from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestNumbering(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.numbering = cls.env["utility.numbering"]._for("account", cls.company)

    def setUp(self):
        super().setUp()
        self.numbering.next_number = 2  # a sequence does not roll back with the test before

    def test_first_numbers_carry_luhn_digits(self):
        self.assertEqual(self.account.number, "00000018")
        self.assertEqual(self.make_account(self.flat_2, self.ona).number, "00000026")
        self.env.invalidate_all()
        self.assertEqual(self.numbering.example, "00000034")

    def test_schemes(self):
        self.numbering.write({"check_scheme": "mod97", "prefix": "KA-", "padding": 4})
        number = self.make_account(self.flat_2, self.ona).number
        self.assertEqual(number, "KA-0002" + number[-2:])
        self.assertTrue(check_digits.is_valid("mod97", number))
        self.numbering.write({"check_scheme": "plain", "prefix": "%(year)s/", "padding": 3})
        self.assertEqual(self.make_account(self.flat_3, self.ona).number, "2026/003")

    def test_wrong_check_digit_is_refused_with_the_number(self):
        for number in ("79927398710", "7992739871", "79927398731"):
            with self.assertRaisesRegex(
                ValidationError, f"“{number}” is no valid number.*check digit"
            ):
                self.make_account(self.flat_2, self.ona, number=number)
        self.assertEqual(
            self.make_account(self.flat_2, self.ona, number="7992 7398 713").number, "7992 7398 713"
        )
        with self.assertRaisesRegex(ValidationError, "is no valid number"):
            self.account.number = "00000019"

    def test_wrong_check_digit_passes_where_it_is_not_checked(self):
        self.numbering.check_given = False
        self.assertEqual(self.make_account(self.flat_2, self.ona, number="A1").number, "A1")

    def test_blank_is_no_number(self):
        self.numbering.check_scheme = "plain"
        with self.assertRaisesRegex(ValidationError, "is no valid number"):
            self.make_account(self.flat_2, self.ona, number="  ")

    @mute_logger("odoo.sql_db")
    def test_number_is_unique_in_its_company(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make_account(self.flat_2, self.ona, number="00000018")
        other = self.env["res.company"].create({"name": "Heat Ltd"})
        self.assertEqual(
            self.make_account(self.flat, self.jonas, company_id=other.id).number,
            "00000018",
            "every company counts for itself",
        )

    def test_numbers_from_an_old_system_are_passed_over(self):
        for number in ("00000026", "00000034", "00000042"):
            self.make_account(self.flat_2, self.ona, number=number)
        accounts = self.env["utility.account"].create(
            [
                {"premise_id": self.flat_3.id, "company_id": self.company.id, "number": number}
                for number in ("New", "00000059", False)
            ]
        )
        self.assertEqual(accounts.mapped("number"), ["00000067", "00000059", "00000075"])

    def test_many_numbers_are_unique_and_valid(self):
        accounts = self.env["utility.account"].create(
            [{"premise_id": self.flat_2.id, "company_id": self.company.id} for _number in range(50)]
        )
        self.assertEqual(len(set(accounts.mapped("number"))), 50)
        for number in accounts.mapped("number"):
            self.assertTrue(check_digits.is_valid("luhn", number))

    @mute_logger("odoo.sql_db")
    def test_one_numbering_per_purpose_and_it_stays(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.numbering.create({"purpose": "account", "company_id": self.company.id})
        with self.assertRaisesRegex(UserError, "A numbering stays"):
            self.numbering.unlink()


@tagged("post_install", "-at_install")
class TestPayer(UtilityCommon):
    def _payers(self, account=None):
        rows = (account or self.account).payer_ids.filtered(lambda row: not row.voided_at)
        return [
            (row.partner_id.name.split()[0], str(row.date_start), str(row.date_end or ""))
            for row in rows.sorted("date_start")
        ]

    def test_account_begins_with_its_payer(self):
        self.assertEqual(self._payers(), [("Jonas", "2020-01-01", "")])

    def test_new_payer_from_today(self):
        self.account.partner_id = self.ona
        self.assertEqual(
            self._payers(),
            [
                ("Jonas", "2020-01-01", "2026-03-15"),
                ("Ona", "2026-03-16", ""),
            ],
        )
        self.assertEqual(self.account.partner_id, self.ona)

    def test_second_thought_on_the_same_day_is_a_correction(self):
        self.account.partner_id = self.ona
        self.account.partner_id = self.tomas
        self.assertEqual(
            self._payers(),
            [
                ("Jonas", "2020-01-01", "2026-03-15"),
                ("Tomas", "2026-03-16", ""),
            ],
        )

    def test_future_payer_takes_over_when_the_day_has_come(self):
        self.account._change_payer(self.ona, self.day("2026-04-01"))
        self.assertEqual(self.account.partner_id, self.jonas)
        with self.at("2026-04-01 01:00:00"):
            self.env["utility.account"]._cron_refresh_payers()
            self.assertEqual(self.account.partner_id, self.ona)

    def test_cron_makes_up_for_missed_days(self):
        self.account._change_payer(self.ona, self.day("2026-04-01"))
        with self.at("2026-04-09 01:00:00"):
            self.env["utility.account"]._cron_refresh_payers()
            self.assertEqual(self.account.partner_id, self.ona)

    def test_payer_before_a_planned_one_ends_before_it(self):
        self.account._change_payer(self.ona, self.day("2026-06-01"))
        self.account._change_payer(self.tomas, self.day("2026-05-01"))
        self.assertEqual(
            self._payers(),
            [
                ("Jonas", "2020-01-01", "2026-04-30"),
                ("Tomas", "2026-05-01", "2026-05-31"),
                ("Ona", "2026-06-01", ""),
            ],
        )

    def test_payer_of_an_account_that_opens_later(self):
        planned = self.make_account(self.flat_2, self.ona, date_open="2026-05-01")
        self.assertEqual((planned.state, planned.partner_id), ("planned", self.ona))
        planned.partner_id = self.tomas
        self.assertEqual(self._payers(planned), [("Tomas", "2026-05-01", "")])

    def test_voided_payer_is_shown_no_more(self):
        self.account.payer_ids.void("Not this flat")
        self.assertFalse(self.account.partner_id)
        self.account._change_payer(self.ona, self.day("2025-01-01"))
        self.assertEqual(self.account.partner_id, self.ona)

    def test_payer_cannot_simply_vanish(self):
        with self.assertRaisesRegex(ValidationError, "00000018 needs a payer"):
            self.account.partner_id = False

    def test_former_payer_follows_no_more(self):
        portal = self.make_user("portal", name="Jonas")
        clerk = self.make_user("clerk")
        self.account.partner_id = portal.partner_id
        self.account.message_subscribe((portal.partner_id | clerk.partner_id).ids)
        self.account._change_payer(self.ona, self.day("2026-03-01"))
        self.account.partner_id = self.tomas
        self.assertNotIn(portal.partner_id, self.account.message_partner_ids)
        self.assertIn(clerk.partner_id, self.account.message_partner_ids)


@tagged("post_install", "-at_install")
class TestOpenAndClose(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water = cls.make_service("CW")
        cls.point = cls.make_point(cls.water, cls.flat, "CW-1")
        cls.agreement = cls.make_agreement(cls.account, cls.point)

    def test_state_follows_the_days(self):
        self.assertEqual(self.account.state, "open")
        self.account._close(self.day("2026-03-16"))
        self.assertEqual(self.account.state, "open", "the last day is included")
        with self.at("2026-03-17 08:00:00"):
            self.account.invalidate_recordset(["state"])
            self.assertEqual(self.account.state, "closed")
            found = self.env["utility.account"].search([("state", "in", ["closed"])])
            self.assertIn(self.account, found)

    def test_closing_ends_services_and_voids_those_that_never_began(self):
        later = self.make_agreement(
            self.account, self.make_point(self.water, self.flat, "CW-2"), "2026-05-01"
        )
        self.account._close(self.day("2026-03-31"))
        self.assertEqual(self.agreement.date_end, self.day("2026-03-31"))
        self.assertEqual(later.fact_state, "voided")

    def test_closing_is_refused_while_services_go_on(self):
        with self.assertRaisesRegex(
            ValidationError, "00000018 cannot be closed on 03/31/2026: .*CW-1"
        ):
            self.account.date_close = "2026-03-31"

    def test_opening_day_cannot_pass_the_first_service(self):
        with self.assertRaisesRegex(ValidationError, "00000018 cannot open on 01/02/2020.*CW-1"):
            self.account.date_open = "2020-01-02"

    @mute_logger("odoo.sql_db")
    def test_closing_before_opening_is_refused(self):
        empty = self.make_account(self.flat_2, self.ona, date_open="2026-01-01")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            empty._close(self.day("2025-12-31"))
            self.env.flush_all()

    def test_reopened_account_takes_services_again(self):
        self.account._close(self.day("2026-03-01"))
        self.account.action_reopen()
        self.assertEqual(self.account.state, "open")
        again = self.make_agreement(self.account, self.point, "2026-03-02")
        self.assertEqual(again.fact_state, "in_force")

    def test_account_is_never_deleted(self):
        with self.assertRaisesRegex(UserError, "00000018 cannot be deleted"):
            self.account.unlink()

    def test_account_is_for_a_premise(self):
        with self.assertRaisesRegex(ValidationError, "choose the premise"):
            self.make_account(None, self.ona)
        self.assertTrue(self.make_account(None, self.ona, kind="collective"))

    def test_collective_account(self):
        collective = self.make_account(None, self.ona, kind="collective")
        self.account.bill_to_account_id = collective
        self.assertEqual(collective.member_ids, self.account)
        second = self.make_account(self.flat_2, self.ona)
        with self.assertRaisesRegex(
            ValidationError, f"{second.number} cannot be billed with 00000018"
        ):
            second.bill_to_account_id = self.account
        with self.assertRaisesRegex(
            ValidationError, "is a collective account and cannot be billed"
        ):
            collective.bill_to_account_id = self.make_account(None, self.ona, kind="collective")
        with self.assertRaisesRegex(ValidationError, f"{collective.number} has members"):
            collective.write({"kind": "legal", "premise_id": self.flat.id})


@tagged("post_install", "-at_install")
class TestSearch(UtilityCommon):
    def _found(self, text):
        return [found for found, _name in self.env["utility.account"].name_search(text)]

    def test_by_number_payer_and_address_in_any_order(self):
        other = self.make_account(self.private_house, self.ona)
        for text in (
            "00000018",
            "petraitis",
            "Savanoriu 12-1",
            "jonas savanorių",
            "12-1 PETRAITIS",
        ):
            self.assertEqual(self._found(text), [self.account.id], text)
        for text in ("kazlauskiene", "azuolu 7", "ĄŽUOLŲ ona"):
            self.assertEqual(self._found(text), [other.id], text)
        self.assertEqual(self._found("kazlauskienė savanorių"), [])

    def test_by_what_changed(self):
        self.jonas.name = "Jonas Jonaitis"
        self.avenue.name = "Laisvės al."
        self.assertEqual(self._found("jonaitis laisves"), [self.account.id])
        self.assertEqual(self._found("savanorių"), [])
