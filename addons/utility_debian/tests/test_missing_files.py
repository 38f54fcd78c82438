from pathlib import Path
from unittest.mock import patch

from odoo.tests import HttpCase, TransactionCase, tagged

from odoo.addons.utility_debian.models import ir_asset

THERE = "/mail/static/lib/idb-keyval/idb-keyval.js"
MISSING = "/mail/static/lib/no_such_folder/no_such_file.js"


@tagged("post_install", "-at_install")
class TestMissingFiles(TransactionCase):
    def _paths(self, path):
        assets = self.env["ir.asset"]
        return [
            address
            for address, _full, _modified in assets._get_paths(
                path, assets._get_installed_addons_list()
            )
        ]

    def test_missing_file_is_left_out(self):
        with patch.object(ir_asset, "LEFT_OUT_BY_DEBIAN", {MISSING}):
            self.assertEqual(self._paths(MISSING), [])
            self.assertEqual(self._paths(MISSING.lstrip("/")), [])

    def test_existing_file_stays(self):
        """On an official Odoo the list names files that are there."""
        with patch.object(ir_asset, "LEFT_OUT_BY_DEBIAN", {THERE}):
            self.assertEqual(self._paths(THERE), [THERE])

    def test_other_missing_file_stays_an_error(self):
        self.assertEqual(self._paths(MISSING), [MISSING])

    def test_backend_names_only_what_is_there(self):
        files, _external = self.env["ir.qweb"]._get_asset_content("web.assets_backend")
        stored = set(self.env["ir.attachment"].sudo().search([("url", "!=", False)]).mapped("url"))
        missing = [
            file["url"]
            for file in files
            if not (file["filename"] and Path(file["filename"]).exists())
            and file["url"] not in stored
        ]
        self.assertEqual(missing, [])


@tagged("post_install", "-at_install")
class TestBackendInBrowser(HttpCase):
    def test_backend_opens_without_console_errors(self):
        # The tours' script would still be loading when the browser is closed.
        self.env.ref("base.user_admin").tour_enabled = False
        self.browser_js(
            "/odoo",
            "console.log('test successful')",
            ready="Boolean(document.querySelector('.o_main_navbar'))",
            login="admin",
        )
