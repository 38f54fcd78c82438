from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged

from .documents_common import DocumentsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestDocumentMovement(DocumentsCommon):
    def _send(self, agreement, **values):
        return self.env["utility.document.movement"].create(
            {
                "agreement_document_id": agreement.id,
                "partner_id": self.bob.id,
                "place": "Court registry",
                "date_sent": "2026-03-01",
                "date_due": "2026-03-09",
                **values,
            }
        )

    def test_where_the_original_lies(self):
        agreement = self._agreement(number="W-1")
        movement = self._send(agreement)
        self.assertEqual(movement.what, "W-1 Ann Smith")
        self.assertEqual(agreement.original_place, "Bob Jones, Court registry")
        movement.write({"date_returned": "2026-03-10", "storage_place": "Folder 7"})
        self.assertEqual((movement.state, agreement.original_place), ("returned", "Folder 7"))

    def test_overdue_from_the_day_after(self):
        movement = self._send(self._agreement())
        self.assertEqual((movement.state, movement.days_overdue), ("overdue", 1))
        on_time = self._send(self._agreement(), date_due="2026-03-10")
        self.assertEqual(on_time.state, "out")
        search = self.env["utility.document.movement"].search
        self.assertEqual(search([("state", "in", ["overdue"])]), movement)
        self.assertEqual(search([("state", "=", "out")]), on_time)

    def test_daily_cron_alerts_the_responsible_once_a_deadline(self):
        movement = self._send(self._agreement(number="W-2"))
        cron = self.env(su=True)["utility.document.movement"]._cron_remind_overdue
        for _time in range(2):
            cron()
        xmlid = "utility_base.activity_type_original_overdue"
        activity = self._open_activities(movement, xmlid)
        self.assertEqual(activity.summary, "W-2 Ann Smith is due back from Bob Jones")
        self.assertEqual(
            (activity.user_id, activity.date_deadline), (self.clerk, Date.to_date("2026-03-09"))
        )
        movement.date_due = "2026-03-20"
        cron()
        with freeze_time("2026-03-21 10:00:00"):
            cron()
            self.assertEqual(len(self._open_activities(movement, xmlid)), 2)

    def test_what_is_out_cannot_be_sent_again(self):
        agreement = self._agreement(number="W-3")
        self._send(agreement)
        with self.assertRaisesRegex(
            ValidationError, "W-3 Ann Smith is out already: with Bob Jones since 03/01/2026"
        ):
            self._send(agreement)

    def test_inverted_dates(self):
        with self.assertRaisesRegex(ValidationError, "due back on 02/01/2026, before it was sent"):
            self._send(self._agreement(), date_due="2026-02-01")
        movement = self._send(self._agreement())
        with self.assertRaisesRegex(ValidationError, "returned on 02/28/2026, before it was sent"):
            movement.date_returned = "2026-02-28"

    def test_return_is_recorded_once(self):
        movement = self._send(self._agreement(number="W-4"))
        movement.action_return()
        self.assertEqual(movement.date_returned, Date.to_date("2026-03-10"))
        with self.assertRaisesRegex(UserError, "W-4 Ann Smith came back on 03/10/2026 already"):
            movement.action_return()

    def test_movement_of_a_document(self):
        document = self._document(name="Deed")
        self._send(self._agreement(), agreement_document_id=False, document_id=document.id)
        self.assertEqual(document.original_place, "Bob Jones, Court registry")
        with self.assertRaisesRegex(ValidationError, "Say which agreement or which document"):
            self._send(self._agreement(), agreement_document_id=False)
