import csv
import io
import json
import zipfile

from odoo.http import Request
from odoo.tests import HttpCase, tagged

NAMES = ["=1+1", "@SUM(A1)", "\tTab", "{=1}", "https://example.com"]


@tagged("post_install", "-at_install")
class TestExports(HttpCase):
    """What people write is a text in an exported spreadsheet, whatever it begins with."""

    def setUp(self):
        super().setUp()
        self.partners = self.env["res.partner"].create([{"name": "x"} for _name in NAMES])
        for partner, name in zip(self.partners, NAMES, strict=True):
            partner.function = name
        self.authenticate("admin", "admin")

    def export(self, kind, **options):
        asked = {
            "model": "res.partner",
            "fields": [{"name": "function", "label": "Job", "type": "char", "store": True}],
            "ids": self.partners.ids,
            "domain": [],
            "groupby": [],
            "import_compat": False,
            **options,
        }
        return self.post(f"/web/export/{kind}", asked)

    def post(self, path, asked):
        answer = self.url_open(
            path, data={"data": json.dumps(asked), "csrf_token": Request.csrf_token(self)}
        )
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return answer.content

    def assertTexts(self, content, *texts):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            strings = book.read("xl/sharedStrings.xml").decode()
        self.assertNotIn("<f>", sheet)
        self.assertNotIn("<hyperlink", sheet)
        for text in texts:
            self.assertIn(text, strings)

    def test_csv(self):
        rows = list(csv.reader(io.StringIO(self.export("csv").decode())))
        self.assertEqual(
            [row[0] for row in rows[1:]],
            ["'=1+1", "'@SUM(A1)", "'\tTab", "{=1}", "https://example.com"],
        )

    def test_xlsx(self):
        self.assertTexts(self.export("xlsx"), "=1+1", "{=1}", "https://example.com")

    def test_grouped_xlsx(self):
        self.assertTexts(
            self.export("xlsx", groupby=["function"], domain=[("id", "in", self.partners.ids)]),
            "=1+1 (1)",
        )

    def test_pivot(self):
        asked = {
            "title": "Pivot",
            "model": "res.partner",
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[{"title": "=1+1", "width": 1, "height": 1}]],
            "measure_headers": [],
            "origin_headers": [],
            "rows": [{"indent": 0, "title": "=cmd", "values": []}],
        }
        self.assertTexts(self.post("/web/pivot/export_xlsx", asked), "'=1+1", "'=cmd")
