from odoo.tests import tagged

from .common import MeteringCommon


@tagged("post_install", "-at_install")
class TestReadingValidation(MeteringCommon):
    def test_first_month_is_accepted_with_its_usage(self):
        reading = self.make_reading(self.register, "2025-01-31", 104.5)
        self.assertEqual(reading.state, "accepted")
        self.assertEqual(reading.previous_value, 100)
        self.assertEqual(reading.previous_date, self.day("2025-01-01"))
        self.assertEqual(reading.usage, 4.5)
        self.assertFalse(reading.finding_ids)
