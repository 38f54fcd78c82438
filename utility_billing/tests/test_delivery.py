from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import delivery_run
from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryCommon):
    # -- e-mail -----------------------------------------------------------------------------

    def test_a_bill_goes_by_email_with_its_pdf(self):
        bill = self.posted_bills()
        delivery = self.send(bill)
        self.assertEqual(
            (delivery.channel, delivery.state, delivery.address),
            ("email", "waiting", "alice@example.com"),
        )
        (mail,) = self.run_mail_queue()
        self.assertEqual(mail["email_to"], ['"Jonas Petraitis" <alice@example.com>'])
        self.assertIn("bill UB/2026/00001", mail["subject"])
        self.assertIn("bills@water.example", mail["email_from"])
        self.assertIn("bills@water.example", mail["reply_to"])
        self.assertIn("19.32", mail["body"])
        ((name, content, _kind),) = mail["attachments"]
        self.assertEqual(name, "UB-2026-00001.pdf")
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertEqual(delivery.state, "sent")
        self.assertEqual(delivery.attachment_ids.raw, content)
        self.assertEqual(bill.utility_delivery_state, "sent")

    def test_the_email_is_in_the_language_of_the_account(self):
        self.env["res.lang"]._activate_lang("lt_LT")
        template = self.env.ref("utility_billing.bill_mail_template")
        template.with_context(lang="lt_LT").subject = "Sąskaita {{ object.name }}"
        self.account.lang = "lt_LT"
        self.send(self.posted_bills())
        (mail,) = self.run_mail_queue()
        self.assertEqual(mail["subject"], "Sąskaita UB/2026/00001")

    def test_a_company_may_have_a_text_of_its_own(self):
        self.company.utility_mail_template_id = self.env.ref(
            "utility_billing.bill_mail_template"
        ).copy({"subject": "From the waterworks"})
        self.send(self.posted_bills())
        (mail,) = self.run_mail_queue()
        self.assertEqual(mail["subject"], "From the waterworks")

    def test_without_an_address_it_is_printed(self):
        self.account.delivery_email = False
        self.account.partner_id.email = False
        bill = self.posted_bills()
        delivery = self.send(bill)
        self.assertEqual((delivery.channel, delivery.state), ("paper", "waiting"))
        failed = delivery.previous_id
        self.assertEqual((failed.channel, failed.state), ("email", "failed"))
        self.assertIn("Fill in the e-mail for bills of account", failed.reason)
        self.assertEqual(self.run_mail_queue(), [])

    def test_a_wrong_address_is_refused_before_sending(self):
        self.company.utility_fallback_first = False
        self.account.delivery_email = "nobody at home"
        delivery = self.send(self.posted_bills())
        self.assertEqual((delivery.channel, delivery.state), ("email", "failed"))
        self.account.delivery_email = "alice@example.com"
        delivery.action_send_again()
        self.assertEqual(len(self.run_mail_queue()), 1)
        self.assertEqual(self.current(delivery.move_id).state, "sent")

    def test_a_refused_mail_takes_the_next_way(self):
        bill = self.posted_bills()
        by_mail = self.send(bill)
        with self.assertLogs("odoo.addons.mail", "ERROR"):
            self.run_mail_queue(failing=Exception("550 no such user"))
        self.assertEqual(by_mail.state, "failed")
        self.assertIn("550 no such user", by_mail.reason)
        self.assertEqual(self.current(bill).channel, "paper")

    def test_a_bounce_takes_the_next_way_and_opening_does_not_heal_it(self):
        bill = self.posted_bills()
        by_mail = self.send(bill)
        self.run_mail_queue()
        tracking = self.env["mail.tracking.email"].search(
            [("mail_message_id", "=", by_mail.mail_message_id.id)]
        )
        tracking.event_create("hard_bounce", {"bounce_description": "mailbox full"})
        self.assertEqual(by_mail.state, "failed")
        self.assertIn("mailbox full", by_mail.reason)
        self.assertEqual(self.current(bill).channel, "paper")
        tracking.event_create("open", {})
        self.assertEqual(by_mail.state, "failed")

    def test_delivered_and_opened_are_seen_on_the_bill(self):
        bill = self.posted_bills()
        delivery = self.send(bill)
        self.run_mail_queue()
        tracking = self.env["mail.tracking.email"].search(
            [("mail_message_id", "=", delivery.mail_message_id.id)]
        )
        tracking.event_create("open", {})
        self.assertEqual(bill.utility_delivery_state, "opened")
        tracking.event_create("delivered", {})
        self.assertEqual((delivery.state, bool(delivery.opened_at)), ("opened", True))

    def test_a_broken_mail_server_wastes_no_paper(self):
        bill = self.posted_bills()
        delivery = self.send(bill)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", delivery.mail_message_id.id)])
        mail.write({"state": "exception", "failure_reason": "connection refused"})
        mail._postprocess_sent_message([], [], failure_type="mail_smtp")
        self.assertEqual((self.current(bill), delivery.state), (delivery, "failed"))
        self.assertIn("Mend the outgoing mail server", delivery.reason)

    # -- never twice ------------------------------------------------------------------------

    def test_what_is_on_its_way_is_not_sent_again(self):
        bill = self.posted_bills()
        first = self.send(bill)
        self.assertEqual(self.send(bill), first)
        self.assertEqual(len(self.run_mail_queue()), 1)

    def test_a_job_that_is_repeated_sends_nothing(self):
        bill = self.posted_bills()
        run = self.env["utility.delivery.run"]._start(bill, "Test")
        run.slice_ids._job_calculate()
        self.assertEqual(len(run.delivery_ids), 1)
        # as after a job whose worker died before it could say that it was done
        run.sudo().write({"state": "calculating"})
        run.sudo().slice_ids.state = "todo"
        run.slice_ids._job_calculate()
        self.assertEqual(len(run.delivery_ids), 1)
        self.assertEqual(len(self.run_mail_queue()), 1)

    def test_sending_again_is_said_outright(self):
        bill = self.posted_bills()
        first = self.send(bill)
        self.assertEqual(len(self.run_mail_queue()), 1)
        second = self.send(bill, again=True)
        self.assertEqual((second.previous_id, first.is_current), (first, False))
        self.assertEqual(len(self.run_mail_queue()), 1)

    def test_what_still_waits_is_replaced_not_doubled(self):
        bill = self.posted_bills()
        self.send(bill).action_send_again()
        self.assertEqual(len(self.run_mail_queue()), 1)

    def test_many_bills_go_as_jobs(self):
        bills = self.posted_bills()
        self.patch(delivery_run, "SMALL", 0)
        with trap_jobs() as jobs:
            run = self.env["utility.delivery.run"]._start(bills, "Test")
            self.assertEqual(run.state, "calculating")
            self.assertEqual(jobs.jobs_count(), 1)
            self.assertEqual(jobs.enqueued_jobs[0].channel, "root.utility_delivery")
            jobs.perform_enqueued_jobs()
        run._finish()
        self.assertEqual((run.state, run.waiting_count), ("done", 1))

    def test_one_bill_that_cannot_be_drawn_stops_itself_only(self):
        bills = self.posted_bills(accounts=self.account | self.make_second_account())

        as_many = type(self.env["utility.bill.printing"])._as_many

        def draw(printing, moves):
            if bills[0] in moves:
                raise UserError(self.env._("no layout"))
            return as_many(printing, moves)

        self.patch(self.env.registry["utility.bill.printing"], "_as_many", draw)
        first, second = self.send(bills)
        self.assertEqual((first.state, first.reason), ("failed", "no layout"))
        self.assertEqual((second.state, bool(second.mail_message_id)), ("waiting", True))

    # -- other ways -------------------------------------------------------------------------

    def test_paper_waits_on_the_pile_until_printed(self):
        self.account.delivery_channel = "paper"
        bill = self.posted_bills()
        delivery = self.send(bill)
        run = bill.utility_run_id
        self.assertEqual((delivery.state, run.state), ("waiting", "posted"))
        action = delivery.action_print()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertEqual(delivery.state, "sent")
        run._job_delivered()
        self.assertEqual(run.state, "delivered")
        delivery.action_back_to_pile()
        self.assertEqual((delivery.state, run.state), ("waiting", "posted"))

    def test_a_pile_is_printed_by_a_printing_run(self):
        accounts = self.account | self.make_second_account()
        accounts.delivery_channel = "paper"
        pile = self.send(self.posted_bills(accounts=accounts))
        action = pile.action_print()
        self.assertEqual(action["res_model"], "utility.print.run")
        self.assertEqual(set(pile.mapped("state")), {"waiting"})
        self.env["utility.print.run"].browse(action["res_id"]).action_print()
        self.assertEqual(set(pile.mapped("state")), {"sent"})

    def test_portal_needs_somebody_who_can_log_in(self):
        self.account.delivery_channel = "portal"
        bill = self.posted_bills()
        self.assertEqual(self.send(bill).channel, "paper")
        self.make_user("portal", partner_id=self.account.partner_id.id)
        delivery = self.send(bill, channel="portal", again=True)
        self.assertEqual((delivery.channel, delivery.state), ("portal", "delivered"))

    def test_no_way_is_tried_twice(self):
        self.account.delivery_channel = "portal"
        self.account.delivery_email = self.account.partner_id.email = False
        self.company.write({"utility_fallback_first": "email", "utility_fallback_second": "portal"})
        delivery = self.send(self.posted_bills())
        self.assertEqual((delivery.channel, delivery.state), ("email", "failed"))
        self.assertEqual(delivery.previous_id.channel, "portal")
        self.assertFalse(delivery.previous_id.previous_id)
        # sent on purpose once more, all ways are open again
        self.account.delivery_channel = "email"
        again = self.send(delivery.move_id)
        self.assertEqual((again.channel, again.state), ("portal", "failed"))
        self.assertEqual(again.previous_id.channel, "email")

    def test_delivered_by_hand_and_left_unsent(self):
        self.company.utility_fallback_first = False
        self.account.delivery_email = "wrong"
        bill = self.posted_bills()
        delivery = self.send(bill)
        delivery.action_skip()
        self.assertEqual(delivery.state, "skipped")
        delivery.action_delivered_by_hand()
        self.assertEqual(delivery.state, "delivered")
        self.assertIn("by hand", delivery.reason)

    def test_a_mail_is_taken_back_when_it_is_not_needed(self):
        delivery = self.send(self.posted_bills())
        delivery.action_delivered_by_hand()
        self.assertEqual(self.run_mail_queue(), [])

    # -- runs -------------------------------------------------------------------------------

    def test_a_run_is_delivered_when_all_bills_are_out(self):
        bill = self.posted_bills()
        run = bill.utility_run_id
        self.assertEqual((run.state, run.unsent_count), ("posted", 1))
        with trap_jobs() as jobs:
            self.send(bill, billing_run=run)
            self.run_mail_queue()
            jobs.perform_enqueued_jobs()
        self.assertEqual(
            (run.state, run.unsent_count, run.delivery_sent_count), ("delivered", 0, 1)
        )

    def test_the_button_says_what_is_missing_before_it_sends(self):
        self.account.delivery_email = self.account.partner_id.email = False
        run = self.posted_bills().utility_run_id
        wizard = self.env["utility.delivery.send"].browse(run.action_send()["res_id"])
        line = wizard.line_ids
        self.assertEqual((line.channel, line.bill_count, line.lacking_count), ("email", 1, 1))
        self.assertIn("e-mail address", line.missing)
        self.assertEqual(line.action_open_accounts()["domain"], [("id", "in", self.account.ids)])
        wizard.channel = "paper"
        self.assertEqual(wizard.line_ids.lacking_count, 0)
        wizard.action_send()
        self.assertEqual(run.delivery_waiting_count, 1)

    def test_drafts_are_not_sent(self):
        bill = self.posted_bills()
        bill.button_draft()
        with self.assertRaises(UserError):
            self.send(bill)

    def test_accounts_change_their_way_together(self):
        ona = self.make_second_account()
        ona.delivery_email = False
        ona.partner_id.email = False
        accounts = self.account | ona
        accounts.delivery_channel = "paper"
        wizard = self.env["utility.delivery.preference"].create(
            {"account_ids": accounts.ids, "channel": "email"}
        )
        self.assertEqual(wizard.lacking_ids, ona)
        wizard.action_apply()
        self.assertEqual((self.account.delivery_channel, ona.delivery_channel), ("email", "paper"))


@tagged("post_install", "-at_install")
class TestDeliveryRights(DeliveryCommon):
    def test_who_may_send(self):
        bill = self.posted_bills()
        for role in ("auditor", "manager", "meter_engineer", "cashier"):
            runs = self.env["utility.delivery.run"].with_user(self.make_user(role))
            with self.assertRaises(AccessError, msg=role):
                runs._start(bill, "Test")
        delivery = self.send(bill)
        clerk = self.make_user("clerk")
        delivery.with_user(clerk).action_send_again()
        self.assertEqual(self.current(bill).user_id, clerk)

    def test_an_operator_sends_a_run(self):
        run = self.posted_bills().utility_run_id
        operator = self.make_user("billing_operator")
        action = run.with_user(operator).action_send()
        wizard = self.env["utility.delivery.send"].with_user(operator).browse(action["res_id"])
        self.assertEqual(wizard.bill_count, 1)
        wizard.action_send()
        self.env.invalidate_all()
        delivery = run.with_user(operator).delivery_ids
        self.assertEqual((delivery.state, delivery.user_id), ("waiting", operator))
        self.assertEqual(len(self.run_mail_queue()), 1)

    def test_nobody_writes_the_log_by_hand(self):
        delivery = self.send(self.posted_bills())
        for role in ("billing_operator", "clerk", "administrator"):
            user = self.make_user(role)
            with self.assertRaises(AccessError):
                delivery.with_user(user).write({"state": "delivered"})
            with self.assertRaises(AccessError):
                delivery.run_id.with_user(user).write({"state": "done"})

    def test_other_buildings_are_not_seen(self):
        delivery = self.send(self.posted_bills())
        seen = self.env["utility.bill.delivery"]
        mine = self.make_user("manager", buildings=self.account.building_id)
        theirs = self.make_user("manager", buildings=self.other_house)
        self.assertEqual(seen.with_user(mine).search([]), delivery)
        self.assertFalse(seen.with_user(theirs).search([]))
