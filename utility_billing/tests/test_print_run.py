
from odoo.tests import tagged

from .posting_common import PostingCommon


@tagged("post_install", "-at_install")
class TestPrintRun(PostingCommon):
    def test_x(self):
        self.company.utility_posting_way = "orm"
        bills = self.posted_bills()
        run = self.env["utility.print.run"].create({"company_id": self.company.id})
        self.assertEqual(run.bill_count, 1)
        run.action_print()
        self.assertEqual(run.state, "done", run.part_ids.mapped("message"))
        open("/tmp/draw_real.pdf", "wb").write(run.part_ids.attachment_id.raw)
