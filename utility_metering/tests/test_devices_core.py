from odoo.tests import tagged

from .common import MeteringCommon


@tagged("post_install", "-at_install")
class TestVerification(MeteringCommon):
    def _verify(self, start, end, **vals):
        return self.env["utility.meter.verification"].create(
            {"meter_id": self.meter.id, "date_start": start, "date_end": end, **vals}
        )

    def test_a_new_verification_ends_the_one_before(self):
        first = self._verify("2020-05-01", "2026-05-01")
        second = self._verify("2026-02-10", "2032-02-10")
        ended = self.meter.verification_ids.filtered(lambda row: not row.voided_at) - second
        self.assertEqual(ended.replaces_id, first)
        self.assertEqual(ended.date_end, self.day("2026-02-09"))
        self.assertEqual(self.meter.valid_until, self.day("2032-02-10"))
