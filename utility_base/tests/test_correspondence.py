from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.base.models.ir_actions_report import IrActionsReport
from odoo.addons.base.models.ir_mail_server import IrMail_Server, MailDeliveryException
from odoo.addons.mail.tests.common import MailCommon
from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import correspondence_run
from .documents_common import PDF, DocumentsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestCorrespondence(DocumentsCommon, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                IrActionsReport, "_render_qweb_pdf", lambda self, *args, **kwargs: (PDF, "pdf")
            )
        )

    # -- register ---------------------------------------------------------------------------

    def test_number_is_given_when_the_letter_enters_the_register(self):
        letter = self._letter()
        self.assertFalse(letter.number)
        letter.action_send()
        incoming = self._letter(direction="in", sender_number="X-99")
        incoming.action_register()
        self.assertEqual((letter.number, letter.state), ("00001", "sent"))
        self.assertEqual((incoming.number, incoming.state), ("00002", "received"))
        found = self.env["utility.correspondence"].name_search("x-99")
        self.assertEqual([row[0] for row in found], incoming.ids)

    def test_duplicate_number_names_the_other_letter(self):
        self._letter(number="L-1", subject="First")
        with self.assertRaisesRegex(ValidationError, "“L-1” is taken by L-1 First"):
            self._letter(number="L-1")

    def test_numbered_letters_stay(self):
        letter = self._letter()
        letter.action_send()
        with self.assertRaisesRegex(UserError, "00001 A letter has its number in the register"):
            letter.unlink()

    def test_reply_deadline_before_the_date(self):
        with self.assertRaisesRegex(
            ValidationError, "A letter: a reply by 03/09/2026 is due before the letter's date"
        ):
            self._letter(date_reply_due="2026-03-09")

    # -- delivery ---------------------------------------------------------------------------

    def test_delivery_needs_its_proof(self):
        letter = self._letter(channel="registered")
        letter.action_send()
        with self.assertRaisesRegex(UserError, "fill in on the page Delivery how it was delivered"):
            letter.action_deliver()
        letter.delivery_method = "signature"
        with self.assertRaisesRegex(UserError, "who received it"):
            letter.action_deliver()
        letter.write(
            {
                "received_by": "Ann's son",
                "handed_over_by": "Postman 14",
                "date_delivered": "2026-03-12",
                "proof_attachment_ids": [Command.link(self._upload("receipt.pdf").id)],
            }
        )
        letter.action_deliver()
        self.assertEqual(letter.state, "delivered")
        self.assertEqual(letter.date_delivered, Date.to_date("2026-03-12"))
        self.assertEqual(letter.proof_attachment_ids.res_id, letter.id)

    def test_what_came_back_may_be_sent_again(self):
        letter = self._letter()
        letter.action_send()
        letter.action_return()
        self.assertEqual(letter.state, "returned")
        letter.action_send()
        self.assertEqual((letter.state, letter.number), ("sent", "00001"))

    def test_delivered_before_it_was_sent(self):
        letter = self._letter()
        message = "delivered on 03/01/2026, before the letter's"
        with self.assertRaisesRegex(ValidationError, message):
            letter.date_delivered = "2026-03-01"

    # -- e-mail -----------------------------------------------------------------------------

    def test_email_is_really_sent_and_kept(self):
        self.accounts[0].delivery_email = "bills@example.com"
        letter = self._letter(
            channel="email",
            subject="Works on Monday",
            body="<p>No water until noon.</p>",
            attachment_ids=[Command.link(self._upload("map.pdf").id)],
        )
        with self.mock_mail_gateway():
            letter.action_send()
        self.assertEqual(len(self._mails), 1)
        mail = self._mails[0]
        self.assertEqual(mail["email_to"], ["bills@example.com"])
        self.assertEqual(mail["subject"], "Works on Monday")
        self.assertIn("No water until noon.", mail["body"])
        self.assertEqual([part[0] for part in mail["attachments"]], ["map.pdf"])
        self.assertEqual((letter.state, letter.mail_state), ("sent", "sent"))
        self.assertIn("No water until noon.", "".join(letter.message_ids.mapped("body")))

    def test_refused_email_leaves_the_letter_unsent(self):
        letter = self._letter(channel="email", subject="Works", body="<p>Soon.</p>")
        refuse = patch.object(
            IrMail_Server, "_connect__", side_effect=MailDeliveryException("no such host")
        )
        with refuse, mute_logger("odoo.addons.mail.models.mail_mail"):
            action = letter.action_send()
        self.assertEqual((letter.state, letter.mail_state), ("draft", "exception"))
        self.assertIn("no such host", letter.mail_failure)
        self.assertIn("00001 Works", action["params"]["message"])
        failed = self.env["utility.correspondence"].search([("mail_state", "=", "exception")])
        self.assertEqual(failed, letter)

    def test_email_without_address(self):
        self.ann.sudo().email = False
        letter = self._letter(channel="email")
        with self.assertRaisesRegex(UserError, "no e-mail address of Ann Smith is known"):
            letter.action_send()
        self.assertEqual((letter.state, letter.number), ("draft", False))

    # -- replies ----------------------------------------------------------------------------

    def test_reply_answers_the_letter(self):
        incoming = self._letter(direction="in", date_reply_due="2026-03-20")
        incoming.action_register()
        action = incoming.action_reply()
        with Form(self.env["utility.correspondence"].with_context(**action["context"])) as form:
            form.channel = "post"
        reply = form.record
        self.assertEqual((reply.subject, reply.direction), ("Re: A letter", "out"))
        self.assertEqual((reply.partner_id, reply.account_ids), (self.ann, self.accounts[0]))
        self.assertEqual(incoming.state, "received")
        reply.action_send()
        self.assertEqual((incoming.state, incoming.reply_ids), ("answered", reply))

    def test_overdue_list_and_cron(self):
        late = self._letter(direction="in", date="2026-03-01", date_reply_due="2026-03-09")
        on_time = self._letter(direction="in", date="2026-03-01", date_reply_due="2026-03-10")
        self._letter(direction="in", date="2026-03-01", date_reply_due="2026-03-05")
        (late | on_time).action_register()
        search = self.env["utility.correspondence"].search
        self.assertEqual(search([("is_overdue", "=", True)]), late)
        cron = self.env(su=True)["utility.correspondence"]._cron_remind_overdue
        for _time in range(2):
            cron()
        activity = self._open_activities(late, "utility_base.activity_type_reply_overdue")
        self.assertEqual(activity.summary, "00001 A letter is not answered yet")
        self.assertEqual(activity.user_id, self.clerk)
        self.assertEqual(self.accounts[0].overdue_correspondence_count, 1)
        late.action_close()
        self.assertFalse(search([("is_overdue", "=", True)]))

    # -- text -------------------------------------------------------------------------------

    def test_template_fills_the_letter_in(self):
        template = self.env.ref("utility_base.template_letter_access")
        letter = self.env["utility.correspondence"].create(
            {
                "template_id": template.id,
                "account_ids": [Command.set(self.accounts[0].ids)],
                "company_id": self.company.id,
                "date_reply_due": "2026-03-20",
            }
        )
        self.assertEqual(letter.partner_id, self.ann)
        self.assertEqual(letter.subject, "Access to the meters, account A-1")
        text = html2plaintext(letter.body)
        self.assertIn("Dear Ann Smith", text)
        self.assertIn("at Main Street 10-1, Alpha", text)
        self.assertIn("by 03/20/2026", text)

    def test_template_fills_in_on_the_screen(self):
        form = Form(self.env["utility.correspondence"])
        form.account_ids = self.accounts[1]
        form.template_id = self.env.ref("utility_base.template_letter_access")
        self.assertEqual(form.subject, "Access to the meters, account A-2")
        self.assertIn("Bob Jones", form.body)

    def test_report_shows_address_number_and_text(self):
        self.accounts[0].delivery_partner_id = self.bob
        letter = self._letter(number="L-9", subject="Works", body="<p>Until noon.</p>")
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "utility_base.correspondence_report", letter.ids
        )
        text = html2plaintext(content.decode())
        for words in ("Ann Smith", "Main Street 10", "No. L-9", "Works", "Until noon."):
            self.assertIn(words, text)

    def test_printed_letter_is_filed(self):
        letter = self._letter()
        letter.action_print()
        document = letter.printed_document_id
        self.assertEqual(
            (letter.number, document.file_name, document.account_id),
            ("00001", "Letter 00001.pdf", self.accounts[0]),
        )

    # -- mass letters -----------------------------------------------------------------------

    def _wizard(self, accounts, **values):
        return self.env["utility.letter.wizard"].create(
            {
                "name": "Access",
                "account_ids": [Command.set(accounts.ids)],
                "company_id": self.company.id,
                "template_id": self.env.ref("utility_base.template_letter_access").id,
                **values,
            }
        )

    def test_same_letter_to_a_selection(self):
        self.accounts[1].delivery_channel = "email"
        wizard = self._wizard(self.accounts)
        self.assertEqual((wizard.account_count, wizard.without_email_count), (2, 0))
        self.assertEqual(wizard.preview_subject, "Access to the meters, account A-1")
        self.assertIn("Ann Smith", wizard.preview_body)
        run = self.env["utility.correspondence.run"].browse(wizard.action_write()["res_id"])
        letters = run.correspondence_ids.sorted("subject")
        self.assertEqual(
            [(letter.subject, letter.partner_id, letter.channel) for letter in letters],
            [
                ("Access to the meters, account A-1", self.ann, "post"),
                ("Access to the meters, account A-2", self.bob, "email"),
            ],
        )
        self.assertEqual((run.state, run.progress), ("done", 100.0))
        with self.mock_mail_gateway():
            run.action_send()
        self.assertEqual(letters.mapped("state"), ["sent", "sent"])
        self.assertEqual(letters.mail_id.mapped("email_to"), ["bob@example.com"])

    def test_an_account_without_payer_stops_itself_only(self):
        nobody = self.env["utility.account"].create(
            {**self._account_vals("A-3", self.ann, self.flats[1]), "partner_id": False}
        )
        run = self.env["utility.correspondence.run"].browse(
            self._wizard(self.accounts | nobody).action_write()["res_id"]
        )
        self.assertEqual((run.letter_count, run.error_count, run.state), (2, 1, "done"))
        self.assertEqual(run.error_ids.reason, "Account A-3 has no payer to write to.")
        nobody.partner_id = self.cid
        run.action_start()
        self.assertEqual((run.letter_count, run.error_count, run.progress), (3, 0, 100.0))

    def test_many_letters_are_written_by_jobs_and_never_twice(self):
        accounts = self.accounts | self.other_account
        with patch.object(correspondence_run, "SLICE", 2), trap_jobs() as trap:
            run = self.env["utility.correspondence.run"].browse(
                self._wizard(accounts).action_write()["res_id"]
            )
            trap.assert_jobs_count(2, only=run._write_slice)
            self.assertEqual((run.state, run.progress), ("running", 0.0))
            trap.perform_enqueued_jobs()
        self.assertEqual((run.state, run.letter_count), ("done", 3))
        run._write_slice(accounts.ids)
        self.assertEqual(run.letter_count, 3)

    def test_wizard_keeps_to_one_company(self):
        wizard = self._wizard(self.accounts, template_id=False)
        with self.assertRaisesRegex(UserError, "Access: choose the letter first"):
            wizard.action_write()
