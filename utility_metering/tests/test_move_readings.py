from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import MeteringCommon


@tagged("post_install", "-at_install")
class TestMoveReadings(MeteringCommon):
    def _sale(self, typed=None):
        form = Form(self.env["utility.move.wizard"].with_user(self.clerk))
        form.kind = "sale"
        form.premise_id = self.flat
        form.date = self.day("2026-03-10")
        form.partner_id = self.ona
        if typed:
            with form.reading_line_ids.edit(0) as line:
                line.typed = typed
        return form.save()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("clerk")

    def test_the_wizard_asks_for_the_meters_of_the_place(self):
        wizard = self._sale()
        self.assertEqual(wizard.reading_line_ids.register_id, self.register)
        self.assertEqual(wizard.reading_line_ids.previous_value, "00100.000")

    def test_the_reading_is_that_of_the_last_day(self):
        wizard = self._sale("123,5")
        self.assertIn("123,5 at the end of 03/09/2026", wizard.preview)
        wizard.action_run()
        reading = self.register.reading_ids.filtered(lambda row: row.reading_type == "check")
        self.assertEqual((reading.date, reading.value), (self.day("2026-03-09"), 123.5))
        self.assertEqual(self.account.partner_id, self.ona)

    def test_nothing_typed_records_nothing(self):
        self._sale().action_run()
        self.assertEqual(len(self.register.reading_ids), 1)

    def test_what_is_no_number_is_said_and_nothing_happens(self):
        wizard = self._sale("12x")
        with self.assertRaisesRegex(UserError, "“12x” is no reading"):
            wizard.action_run()
        self.assertEqual(self.account.partner_id, self.jonas)
