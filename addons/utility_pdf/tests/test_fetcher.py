import base64

from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.utility_pdf.models.report_fetcher import Refused, ReportFetcher

HERE = "http://odoo.example:8069"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
LOGGER = "odoo.addons.utility_pdf.models.report_fetcher"


@tagged("post_install", "-at_install")
class TestFetcher(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fetcher = ReportFetcher(cls.env, [HERE])

    def _read(self, url, fetcher=None):
        return (fetcher or self.fetcher).fetch(url).read()

    def _assert_refused(self, *urls, error=Refused, fetcher=None):
        for url in urls:
            with self.assertRaises(error, msg=url), mute_logger(LOGGER):
                self._read(url, fetcher)

    def test_other_servers_are_not_asked(self):
        self._assert_refused(
            "http://example.com/a.png",
            "https://fonts.googleapis.com/css?family=Lato",
            "http://169.254.169.254/latest/meta-data",
            "http://localhost:5432/web/static/img/logo.png",
            "http://odoo.example/web/static/img/logo.png",
            "http://odoo.example:8069@example.com/web/static/img/logo.png",
        )

    def test_files_of_the_machine_are_not_read(self):
        self._assert_refused(
            "file:///etc/passwd", "ftp://odoo.example:8069/a", "FILE:///etc/passwd"
        )

    def test_path_does_not_lead_out_of_static(self):
        self._assert_refused(
            f"{HERE}/web/static/../../../../../../../../etc/passwd",
            f"{HERE}/web/static/../controllers/home.py",
            f"{HERE}/web/static/%2e%2e/controllers/home.py",
            f"{HERE}/web/static/..%2fcontrollers/home.py",
            f"{HERE}/web/static/%2e%2e%5ccontrollers/home.py",
            f"{HERE}/web/static/img/logo.png%00.txt",
        )

    def test_only_what_odoo_serves_for_reports(self):
        pages = ("/web/controllers/home.py", "/web/session/logout", "/odoo", "/my/home")
        self._assert_refused(*(HERE + page for page in pages), error=NotFound)

    def test_static_file(self):
        self.assertEqual(self._read(f"{HERE}/web/static/img/logo.png")[:4], b"\x89PNG")
        self._assert_refused(f"{HERE}/web/static/img/none.png", error=FileNotFoundError)

    def test_inline_data(self):
        self.assertEqual(self._read("data:text/plain;base64,YWJj"), b"abc")

    def test_bundle(self):
        (link,) = self.env["ir.qweb"]._get_asset_link_urls("web.report_assets_common")
        self.assertIn(".o_company_logo", self.fetcher.text(HERE + link))

    def test_script_is_not_read(self):
        self._assert_refused(f"{HERE}/web/assets/any/web.report_assets_common.min.js")

    def test_missing_stylesheet_is_empty(self):
        with self.assertLogs(LOGGER, "WARNING"):
            self.assertEqual(self.fetcher.text(f"{HERE}/web/static/none.css"), "")

    def test_company_logo(self):
        self.env.company.logo = base64.b64encode(PIXEL)
        url = f"{HERE}/logo.png?company={self.env.company.id}"
        self.assertEqual(self._read(url)[:4], b"\x89PNG")

    def test_barcode(self):
        for url in (
            "/report/barcode/QR/LT%2012?width=200&height=200",
            "/report/barcode?barcode_type=Code128&value=A-1&width=300&height=50",
        ):
            self.assertEqual(self._read(HERE + url)[:4], b"\x89PNG", url)

    def test_picture_of_a_record(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Jonas",
                "image_1920": base64.b64encode(PIXEL),
            }
        )
        url = f"{HERE}/web/image/res.partner/{partner.id}/image_128"
        self.assertEqual(self._read(url)[:4], b"\x89PNG")

    def test_rights_are_the_users(self):
        """A report printed as superuser for a portal user shows that user nothing else."""
        secret = self.env["ir.attachment"].create(
            {
                "name": "secret.png",
                "raw": PIXEL,
                "res_model": "ir.module.module",
                "res_id": self.env.ref("base.module_base").id,
            }
        )
        user = new_test_user(self.env, "report_reader", groups="base.group_portal")
        url = f"{HERE}/web/image/{secret.id}"
        self.assertEqual(self._read(url), PIXEL)
        for sudo in (False, True):
            reader = ReportFetcher(self.env(user=user, su=sudo), [HERE])
            self._assert_refused(url, error=AccessError, fetcher=reader)

    def test_attachment_kept_elsewhere(self):
        link = self.env["ir.attachment"].create(
            {
                "name": "far.png",
                "type": "url",
                "url": "http://example.com/far.png",
                "public": True,
            }
        )
        self._assert_refused(f"{HERE}/web/image/{link.id}")
