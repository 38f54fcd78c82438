import base64

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.service.model import call_kw
from odoo.tests import tagged

from .documents_common import PDF, DocumentsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestDocument(DocumentsCommon):
    def test_found_by_number_and_by_file_name(self):
        document = self._document(
            number="LEASE-77",
            name="Lease of the flat",
            attachment_id=self._upload("scan_0042.pdf").id,
        )
        self.assertEqual(document.file_name, "scan_0042.pdf")
        model = self.env["utility.document"]
        for text in ("lease-77", "scan_0042", "lease of"):
            found = model.browse(row[0] for row in model.name_search(text))
            self.assertEqual(found, document, text)
        self.assertFalse(model.name_search("scan_0043"))

    def test_found_by_words_in_the_file(self):
        document = self._document(
            attachment_id=self._upload("note.txt", b"the riser in the cellar leaks").id
        )
        found = self.env["utility.document"].search(
            [("attachment_id.index_content", "ilike", "riser")]
        )
        self.assertEqual(found, document)

    def test_company_numbering_gives_numbers_one_after_the_other(self):
        act = self.env.ref("utility_base.document_type_act")
        numbers = [self._document(type_id=act.id).number for _time in range(2)]
        self.assertEqual(numbers, ["00001", "00002"])

    def test_number_typed_by_hand_is_passed_over(self):
        act = self.env.ref("utility_base.document_type_act")
        self._document(type_id=act.id, number="00001")
        self.assertEqual(self._document(type_id=act.id).number, "00002")

    def test_own_sequence_of_a_type(self):
        kind = self.env(su=True)["utility.document.type"].create(
            {"name": "Certificate", "code": "certificate", "numbering": "own"}
        )
        kind.sequence_id.prefix = "CERT/"
        self.assertEqual(self._document(type_id=kind.id).number, "CERT/00001")

    def test_duplicate_number_names_the_other_document(self):
        act = self.env.ref("utility_base.document_type_act")
        self._document(type_id=act.id, number="7", name="Flooding")
        with self.assertRaisesRegex(ValidationError, "“7” is taken by Act No. 7 Flooding"):
            self._document(type_id=act.id, number=" 7 ")

    def test_papers_of_many_issuers_may_share_a_number(self):
        for _time in range(2):
            self._document(number="1")
        self.assertEqual(self.env["utility.document"].search_count([("number", "=", "1")]), 2)

    def test_without_type_or_place_it_says_what_to_do(self):
        with self.assertRaisesRegex(ValidationError, "Paper: choose the type of the document"):
            self._document(type_id=False)
        with self.assertRaisesRegex(ValidationError, "Paper: say what it belongs to"):
            self._document(account_id=False)

    def test_inverted_dates(self):
        with self.assertRaisesRegex(ValidationError, "Paper: it is dated 03/10/2026"):
            self._document(date="2026-03-10", valid_until="2026-03-09")
        document = self._document(date="2026-03-10", valid_until="2026-03-10")
        with self.assertRaisesRegex(ValidationError, "Paper: it is dated 04/01/2026"):
            document.date = "2026-04-01"

    def test_expiry_must_be_known(self):
        attorney = self.env.ref("utility_base.document_type_power_of_attorney")
        with self.assertRaisesRegex(ValidationError, "fill in until when it is valid"):
            self._document(type_id=attorney.id)
        document = self._document(type_id=attorney.id, valid_until="2026-03-10")
        self.assertFalse(document.is_expired)
        with freeze_time("2026-03-11 10:00:00"):
            document.invalidate_recordset(["is_expired"])
            self.assertTrue(document.is_expired)
            expired = self.env["utility.document"].search([("is_expired", "=", True)])
            self.assertEqual(expired, document)

    def test_reminder_of_expiry_comes_once(self):
        attorney = self.env.ref("utility_base.document_type_power_of_attorney")
        document = self._document(type_id=attorney.id, valid_until="2026-04-01")
        for _time in range(2):
            self.env(su=True)["utility.document"]._cron_remind_of_expiry()
        activity = self._open_activities(document, "utility_base.activity_type_document_expiry")
        self.assertEqual(activity.mapped("date_deadline"), [Date.to_date("2026-04-01")])
        self.assertEqual(activity.user_id, self.clerk)

    def test_replaced_versions_are_kept(self):
        document = self._document(file=base64.b64encode(b"first"), file_name="act.txt")
        first = document.attachment_id
        self.assertEqual((first.name, first.raw), ("act.txt", b"first"))
        document.write({"file": base64.b64encode(b"second"), "file_name": "act-2.txt"})
        self.assertEqual(document.attachment_id.raw, b"second")
        self.assertEqual(document.file_name, "act-2.txt")
        self.assertEqual(document.former_attachment_ids, first)
        self.assertEqual((first.name, first.raw, document.version), ("act.txt", b"first", 2))

    def test_files_belong_to_the_document(self):
        attachment = self._upload("a.pdf")
        document = self._document(attachment_id=attachment.id)
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("utility.document", document.id)
        )
        other = self._document(attachment_id=attachment.id)
        self.assertNotEqual(other.attachment_id, attachment)
        self.assertEqual(other.attachment_id.raw, PDF)

    def test_linking_a_stranger_s_upload_gives_no_access(self):
        other = self._user("operator", "utility_base.group_billing_operator")
        attachment = self._upload("salary.pdf", env=self.env(user=other))
        with self.assertRaises(AccessError):
            self._document(attachment_id=attachment.id)

    def test_drop_zone_asks_for_the_type_and_files(self):
        uploads = self._upload("one.pdf") | self._upload("two.pdf")
        model = self.env["utility.document"]
        context = {"default_account_id": self.accounts[0].id}
        action = call_kw(
            model, "create_document_from_attachment", ["", uploads.ids], {"context": context}
        )
        self.assertEqual(action["res_model"], "utility.document.upload")
        dialog = self.env["utility.document.upload"].with_context(**action["context"]).create({})
        with self.assertRaisesRegex(UserError, "one.pdf, two.pdf: choose the type"):
            dialog.action_file()
        dialog.type_id = self.env.ref("utility_base.document_type_photo")
        dialog.action_file()
        documents = self.accounts[0].document_ids
        self.assertEqual(sorted(documents.mapped("name")), ["one", "two"])
        self.assertEqual(documents.company_id, self.company)

    def test_upload_of_several_files_as_one_document(self):
        uploads = self._upload("page1.jpg") | self._upload("page2.jpg")
        dialog = self.env["utility.document.upload"].create(
            {
                "attachment_ids": uploads.ids,
                "as_one": True,
                "number": "D-5",
                "type_id": self.env.ref("utility_base.document_type_deed").id,
                "account_id": self.accounts[0].id,
            }
        )
        document = dialog._file()
        self.assertEqual((document.number, document.file_name), ("D-5", "page1.jpg"))
        self.assertEqual(document.attachment_ids.mapped("name"), ["page2.jpg"])

    def test_documents_are_not_deleted(self):
        document = self._document()
        with self.assertRaisesRegex(UserError, "stays: archive it"):
            document.sudo().unlink()

    def test_account_shows_papers_of_its_agreements_and_letters(self):
        agreement, letter = self._agreement(), self._letter()
        documents = (
            self._document()
            | self._document(account_id=False, agreement_document_id=agreement.id)
            | self._document(account_id=False, correspondence_id=letter.id)
        )
        self.assertEqual(self.accounts[0].document_ids, documents)
        self.assertEqual(self.accounts[0].document_count, 3)
        self.assertEqual(self.accounts[1].document_count, 0)

    def test_timeline_has_papers(self):
        self._agreement(number="N-1")
        self._letter(subject="Hello", date="2026-02-01")
        self._document(name="Lease", date="2026-02-15", valid_until="2026-03-01")
        entries = {
            entry["key"]: (entry["date"], entry["date_end"], entry["title"], entry["state"])
            for entry in self.accounts[0].timeline()
            if entry["key"] in ("paper_agreement", "correspondence", "document")
        }
        self.assertEqual(
            entries,
            {
                "paper_agreement": ("2026-01-01", False, "N-1 Ann Smith", "planned"),
                "correspondence": ("2026-02-01", False, "Hello", "planned"),
                "document": ("2026-02-15", "2026-03-01", "Other Document Lease", "ended"),
            },
        )
