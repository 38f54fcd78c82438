from datetime import datetime
from decimal import Decimal
from unittest.mock import patch
from zoneinfo import ZoneInfo

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.adjustment_quality import reduced_months
from .relief_common import ReliefCommon

D = Decimal


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestAbsence(ReliefCommon):
    def found(self):
        """[(point, kind, first day, last day, per cent, persons)] of February."""
        facts = self.env["utility.adjustment"]._reductions_for(self.supplies(), *self.february())
        names = {point.id: point.code for point in self.point + self.heat_point + self.point_2}
        return sorted(
            (names[point], row.kind, str(row.start), str(row.end), str(row.percent), row.persons)
            for (_account, point), rows in facts.items()
            for row in rows
        )

    def test_the_days_of_leaving_and_returning_do_not_count(self):
        absence = self.make_absence(persons=1, service_ids=[Command.set(self.water.ids)])
        self.assertEqual((absence.number, absence.absent_days), ("00001", 10))
        self.assertEqual(self.found(), [])
        absence.action_submit()
        self.assertEqual((absence.state, self.found()), ("submitted", []))
        absence.with_user(self.operator).action_approve()
        self.assertEqual(self.found(), [("CW-1", "absence", "2026-02-05", "2026-02-14", "100", 1)])
        reductions = self.env["utility.adjustment"]._reductions_for(
            self.supplies(), *self.february()
        )
        self.assertEqual(
            reductions[self.account.id, self.point.id][0].sources, ("norm", "fixed", "attribute")
        )

    def test_all_services_where_none_is_named(self):
        self.approve(self.make_absence())
        self.assertEqual([row[0] for row in self.found()], ["CW-1", "H-1"])

    def test_another_month_is_not_loaded(self):
        self.approve(self.make_absence("2026-01-01", "2026-01-20"))
        self.assertEqual(self.found(), [])

    def test_fewer_days_than_the_company_counts(self):
        absence = self.make_absence("2026-02-04", "2026-02-09")
        with self.assertRaisesRegex(UserError, "4 full days away, and it counts from 5 on"):
            absence.action_submit()
        self.company.utility_absence_days = 4
        self.assertTrue(absence.action_submit())

    def test_two_absences_of_the_same_days(self):
        self.approve(self.make_absence())
        second = self.make_absence("2026-02-10", "2026-02-20")
        with self.assertRaisesRegex(UserError, "is about the same days"):
            second.action_submit()
        # two persons may be away at the same time
        first, second = (self.make_absence("2026-03-01", "2026-03-10", persons=1) for _n in "12")
        self.approve(first)
        self.approve(second)

    def test_who_is_on_record_as_absent(self):
        self.make_occupancy(self.flat, self.tomas, "absent", "2026-02-01", "2026-02-20")
        self.assertIn("Tomas Žukauskas is on record as absent", self.make_absence().warning)
        self.assertFalse(self.make_absence("2026-03-01", "2026-03-10").warning)

    def test_returning_before_leaving(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.make_absence("2026-02-15", "2026-02-04")

    def test_cancelled_it_counts_no_more(self):
        absence = self.approve(self.make_absence())
        with self.assertRaisesRegex(AccessError, "only a billing operator"):
            absence._cancel("Never left")
        with self.assertRaisesRegex(UserError, "Say why"):
            absence.with_user(self.operator)._cancel(" ")
        absence.with_user(self.operator)._cancel("Never left")
        self.assertEqual((absence.state, absence.cancel_reason), ("cancelled", "Never left"))
        self.assertEqual(self.found(), [])

    def test_one_query_for_any_number_of_supplies(self):
        self.approve(self.make_absence())
        self.approve(self.make_claim(end="2026-02-12 00:00:00"))
        self.env.flush_all()
        for supplies in (self.supplies()[:1], self.supplies()):
            with self.assertQueryCount(1):
                found = self.env["utility.adjustment"]._reductions_for(supplies, *self.february())
            self.assertEqual(len(found), len(supplies))


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestQuality(ReliefCommon):
    def test_an_interruption_of_eighteen_hours(self):
        """8 are allowed; 10 × 0.15 %."""
        claim = self.make_claim()
        self.assertEqual((claim.excess_hours, claim.quality_text), (10, "02.2026: 1.5 %"))
        self.assertEqual(claim.building_id, self.house)

    def test_hot_water_six_degrees_too_cold(self):
        claim = self.make_claim(measure="deviation", deviation=7.5)
        # 18 hours × 0.1 % × 2 full steps of 3 °C
        self.assertEqual((claim.excess_hours, claim.quality_text), (18, "02.2026: 3.6 %"))
        claim.deviation = 2.9
        self.assertEqual((claim.excess_hours, claim.quality_text), (0, ""))

    def test_hot_water_that_was_worth_cold_water(self):
        """18 of February's 672 hours, none of them for nothing."""
        claim = self.make_claim(measure="price", instead_price=0.9)
        self.assertEqual((claim.excess_hours, claim.quality_text), (18, "02.2026: 2.67857 %"))
        self.approve(claim)
        facts = self.env["utility.adjustment"]._reductions_for(self.supplies(), *self.february())
        (row,) = facts[self.account.id, self.point.id]
        self.assertEqual((round(row.percent, 6), row.price), (D("2.678571"), D("0.9")))

    def test_over_the_end_of_a_month(self):
        claim = self.make_claim("2026-01-31 10:00:00", "2026-02-01 04:30:00")
        # allowed until 18:00; 6 hours of January, 4 full ones of February
        self.assertEqual(claim.quality_text, "01.2026: 0.9 %, 02.2026: 0.6 %")

    def test_months_begin_where_the_company_is(self):
        months = reduced_months(
            datetime(2026, 1, 31, 20),
            datetime(2026, 2, 1, 2),
            "interruption",
            ZoneInfo("Europe/Vilnius"),
            allowed=D(0),
            per_hour=D("0.15"),
            percent=D(0),
        )
        self.assertEqual(
            [(str(span[0]), hours, percent) for span, hours, percent in months],
            [("2026-01-01", 2, D("0.30")), ("2026-02-01", 4, D("0.60"))],
        )

    def test_no_more_than_all_of_it(self):
        claim = self.make_claim("2026-02-01 00:00:00", "2026-02-28 00:00:00", percent_per_hour=1)
        self.assertEqual(claim.quality_text, "02.2026: 100 %")

    def test_a_per_cent_of_the_days(self):
        claim = self.approve(self.make_claim(measure="percent", percent=30))
        facts = self.env["utility.adjustment"]._reductions_for(self.supplies(), *self.february())
        (row,) = facts[self.account.id, self.point.id]
        self.assertEqual(
            (str(row.start), str(row.end), row.percent, row.sources, row.id),
            ("2026-02-10", "2026-02-10", D(30), (), claim.id),
        )

    def test_the_accounts_of_the_building(self):
        claim = self.make_claim()
        claim.action_find_accounts()
        self.assertEqual(claim.line_ids.account_id, self.account | self.account_2)
        self.assertEqual(claim.line_ids.service_id, self.water)
        left_out = claim.line_ids.filtered(lambda line: line.account_id == self.account)
        left_out.included = False
        # found again, who was left out stays so
        claim.action_find_accounts()
        self.approve(claim)
        facts = self.env["utility.adjustment"]._reductions_for(self.supplies(), *self.february())
        self.assertEqual(list(facts), [(self.account_2.id, self.point_2.id)])
        (row,) = facts[self.account_2.id, self.point_2.id]
        self.assertEqual(
            (row.kind, str(row.start), str(row.end), row.percent),
            ("quality", "2026-02-01", "2026-02-28", D("1.50")),
        )
        self.assertIn(claim, self.account_2.adjustment_ids)
        self.assertNotIn(claim, self.account.adjustment_ids)

    def test_no_longer_than_is_allowed(self):
        claim = self.make_claim(end="2026-02-10 14:00:00")
        with self.assertRaisesRegex(UserError, "no longer than is allowed"):
            claim.action_submit()

    def test_a_place_where_nobody_takes_the_service(self):
        claim = self.make_claim(premise_ids=self.private_house.ids)
        with self.assertRaisesRegex(UserError, "concerns nobody"):
            claim.action_submit()

    def test_acts_have_numbers_of_their_own(self):
        self.assertEqual(
            [self.make_claim().number, self.make_absence().number, self.make_claim().number],
            ["00001", "00001", "00002"],
        )
        with self.assertRaisesRegex(ValidationError, "is taken"):
            self.make_claim(number="00002")

    def test_the_act_is_printed(self):
        claim = self.approve(self.make_claim(reason="Burst main"))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "utility_billing.report_adjustment", claim.ids
        )
        text = html.decode()
        for words in ("Claim Act", "00001", "Burst main", "02.2026: 1.5 %", self.account.number):
            self.assertIn(words, text)


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestApproval(ReliefCommon):
    def make_correction(self, amount=-12.5, **vals):
        return self.make_adjustment(
            "manual",
            service_id=self.water.id,
            amount=amount,
            reason="Agreed in writing",
            date="2026-02-10",
            **vals,
        )

    def test_nobody_approves_their_own(self):
        correction = self.make_correction(user=self.operator)
        correction.action_submit()
        self.assertFalse(correction.may_approve)
        with self.assertRaisesRegex(UserError, "Ask another billing operator"):
            correction.action_approve()
        other = correction.with_user(self.second_operator)
        self.assertTrue(other.may_approve)
        other.action_approve()
        self.assertEqual(
            (correction.state, correction.approved_by), ("approved", self.second_operator)
        )

    def test_nor_what_they_submitted(self):
        correction = self.make_correction()
        correction.with_user(self.operator).action_submit()
        with self.assertRaisesRegex(UserError, "cannot decide on it"):
            correction.with_user(self.operator).action_approve()

    def test_a_clerk_approves_nothing(self):
        correction = self.make_correction(user=self.operator)
        correction.action_submit()
        with self.assertRaisesRegex(AccessError, "only a billing operator"):
            correction.with_user(self.clerk).action_approve()

    def test_states_are_not_written_by_hand(self):
        correction = self.make_correction(state="approved", approved_by=self.operator.id)
        self.assertEqual((correction.state, correction.approved_by.id), ("draft", False))
        for vals in ({"state": "approved"}, {"user_id": self.operator.id}, {"charged_at": False}):
            with self.assertRaisesRegex(UserError, "not written by hand"):
                correction.write(vals)

    def test_what_is_submitted_stays(self):
        correction = self.make_correction()
        correction.action_submit()
        with self.assertRaisesRegex(UserError, "is submitted and cannot change"):
            correction.amount = -1000
        correction.note = "A note is free"
        correction.action_draft()
        correction.amount = -13
        absence = self.make_absence()
        absence.action_submit()
        with self.assertRaisesRegex(UserError, "whom it concerns cannot change"):
            absence.line_ids[:1].included = False

    def test_within_the_companys_limit(self):
        self.company.utility_approval_limit = 12.5
        within, above = self.make_correction(), self.make_correction(-12.51)
        (within | above).action_submit()
        self.assertEqual((within.state, within.by_limit), ("approved", True))
        self.assertEqual((above.state, above.by_limit), ("submitted", False))
        # what it comes to is not known: a second person looks at it
        absence = self.make_absence()
        absence.action_submit()
        self.assertEqual((absence.state, absence.is_effect_known), ("submitted", False))

    def test_an_estimated_effect(self):
        claim = self.make_claim()
        claim.action_find_accounts()
        self.assertFalse(claim.is_effect_known)
        claim.line_ids.monthly_amount = 40
        self.assertEqual((claim.is_effect_known, claim.effect), (True, -1.2))

    def test_a_typed_estimate_does_not_pass_the_limit(self):
        """Nobody slips by the second person with a small figure of their own."""
        self.company.utility_approval_limit = 2
        claim = self.make_claim()
        claim.action_find_accounts()
        claim.line_ids.monthly_amount = 0.01
        claim.action_submit()
        self.assertEqual((claim.is_effect_known, claim.state), (True, "submitted"))

    def test_an_estimate_of_what_was_charged_passes_it(self):
        self.company.utility_approval_limit = 2
        charged = {
            (self.account.id, self.point.id): 40,
            (self.account_2.id, self.point_2.id): 40,
        }
        claim = self.make_claim()
        with patch.object(type(claim), "_monthly_amounts", lambda *_args: charged):
            claim.action_submit()
        self.assertEqual((claim.effect, claim.state, claim.by_limit), (-1.2, "approved", True))

    def test_whoever_changes_a_draft_does_not_approve_it(self):
        correction = self.make_correction()
        correction.with_user(self.operator).amount = -500
        correction.action_submit()
        self.assertFalse(correction.with_user(self.operator).may_approve)
        with self.assertRaisesRegex(UserError, "changed or submitted it"):
            correction.with_user(self.operator).action_approve()
        claim = self.make_claim()
        claim.action_find_accounts()
        claim.with_user(self.operator).line_ids[:1].included = False
        claim.action_submit()
        with self.assertRaisesRegex(UserError, "changed or submitted it"):
            claim.with_user(self.operator).action_approve()
        claim.with_user(self.second_operator).action_approve()

    def test_refused_mended_and_submitted_again(self):
        correction = self.make_correction()
        correction.action_submit()
        wizard = self.env["utility.adjustment.decision"].with_user(self.operator)
        context = correction.with_user(self.operator).action_refuse()["context"]
        wizard.with_context(**context).create({"reason": "No paper"}).action_apply()
        self.assertEqual((correction.state, correction.refuse_reason), ("refused", "No paper"))
        correction.action_draft()
        self.assertFalse(correction.refuse_reason)
        self.approve(correction)
        with self.assertRaisesRegex(UserError, "in the state “Approved”"):
            correction.action_draft()

    def test_what_awaits_my_approval(self):
        mine = self.make_correction(user=self.operator)
        theirs = self.make_correction()
        mine.action_submit()
        theirs.action_submit()
        adjustments = self.env["utility.adjustment"]
        domain = [("may_approve", "=", True)]
        self.assertEqual(adjustments.with_user(self.operator).search(domain), theirs)
        self.assertEqual(adjustments.with_user(self.second_operator).search(domain), mine | theirs)
        self.assertFalse(adjustments.with_user(self.clerk).search(domain))

    def test_a_correction_says_why(self):
        correction = self.make_adjustment("manual", service_id=self.water.id, amount=5)
        with self.assertRaisesRegex(UserError, "say why"):
            correction.action_submit()

    def test_nothing_is_deleted(self):
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            self.make_correction().sudo().unlink()

    def test_rights(self):
        correction = self.make_correction()
        for role in ("auditor", "cashier", "debt_officer"):
            user = self.make_user(role)
            self.assertTrue(correction.with_user(user).read(["number"]))
            with self.assertRaises(AccessError):
                correction.with_user(user).write({"note": "x"})
            with self.assertRaises(AccessError):
                correction.with_user(user).action_submit()
        own, other = (self.make_user("clerk", house) for house in (self.house, self.other_house))
        claim = self.make_claim()
        adjustments = self.env["utility.adjustment"]
        self.assertEqual(adjustments.with_user(own).search([]), claim | correction)
        self.assertFalse(adjustments.with_user(other).search([]))
