import re

from odoo.tests import HttpCase, TransactionCase, tagged

from odoo.addons.base.models.assetsbundle import AssetsBundle
from odoo.addons.utility_debian.models.outside import is_font_server, local_css, local_js

OUTSIDE = re.compile(r"""(?:url\(\s*|@import\s+)["']?(?:https?:)?//[^"')]+""")


@tagged("post_install", "-at_install")
class TestLocalTexts(TransactionCase):
    def test_imports_from_outside_go(self):
        for rule in (
            '@import url("https://fonts.googleapis.com/css?family=Inter:300;400&display=swap");',
            "@import url(//fonts.googleapis.com/css?family=Inter);",
            "@import 'http://example.com/a.css' screen;",
        ):
            self.assertEqual(local_css(rule + "a{color:red}"), "a{color:red}", rule)

    def test_local_imports_stay(self):
        rule = '@import url("/web/content/12/google-font-Inter");a{color:red}'
        self.assertEqual(local_css(rule), rule)

    def test_font_face_keeps_its_local_files(self):
        face = (
            "@font-face{font-family:A;src:url('https://fonts.odoocdn.com/a.woff2') format('woff2'),"
            " url('/web/a.woff') format('woff');font-weight:400}"
        )
        self.assertEqual(
            local_css(face),
            "@font-face{font-family:A;src:url('/web/a.woff') format('woff');font-weight:400}",
        )

    def test_font_face_without_local_file_goes(self):
        face = (
            "@font-face{font-family:A;src:url('https://fonts.odoocdn.com/a.woff2')"
            " format('woff2'),url(https://fonts.odoocdn.com/a.ttf) format('truetype');}"
        )
        self.assertEqual(local_css(face + "a{color:red}"), "a{color:red}")

    def test_pictures_from_outside_become_empty(self):
        self.assertEqual(
            local_css("a{background:url(https://example.com/a.png) no-repeat}"),
            'a{background:url("data:,") no-repeat}',
        )

    def test_names_of_namespaces_stay(self):
        for rule in (
            "@namespace svg url(http://www.w3.org/2000/svg);",
            """a{background:url("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>")}""",
        ):
            self.assertEqual(local_css(rule), rule)

    def test_scripts_ask_here_for_fonts(self):
        script = "loadCSS(`https://fonts.googleapis.com/css?family=${font}`)"
        self.assertEqual(
            local_js(script),
            "loadCSS(`/utility_debian/static/src/css/empty.css?family=${font}`)",
        )

    def test_font_servers(self):
        self.assertTrue(is_font_server("https://fonts.gstatic.com/"))
        self.assertTrue(is_font_server("//fonts.googleapis.com/css?family=A"))
        self.assertFalse(is_font_server("https://www.odoo.com/"))
        self.assertFalse(is_font_server("/web/assets/fonts.gstatic.com/a.css"))


@tagged("post_install", "-at_install")
class TestBundles(HttpCase):
    def test_bundles_load_nothing_from_outside(self):
        qweb = self.env["ir.qweb"]
        for name in ("web.report_assets_common", "web.assets_web", "web.assets_frontend"):
            css = qweb._get_asset_bundle(name, css=True, js=False).css().raw.decode()
            self.assertGreater(len(css), 1000)
            self.assertEqual(OUTSIDE.findall(css), [], name)

    def test_debug_bundle_loads_nothing_from_outside(self):
        bundle = self.env["ir.qweb"]._get_asset_bundle(
            "web.report_assets_common", css=True, js=False, debug_assets=True
        )
        self.assertEqual(OUTSIDE.findall(bundle.css().raw.decode()), [])

    def test_address_differs_from_the_unfiltered_bundle(self):
        """Else a bundle saved before this module was installed would be served on."""
        own = self.env["ir.qweb"]._get_asset_bundle("web.report_assets_common")
        plain = AssetsBundle(own.name, own.files, env=self.env)
        self.assertNotEqual(own.get_version("css"), plain.get_version("css"))
        self.assertRegex(own.get_version("css"), r"^[0-9a-f]{7}$")

    def test_links_to_font_servers_lose_their_address(self):
        view = self.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "key": "utility_debian.test_page",
                "arch": """<t t-name="utility_debian.test_page">
                <link rel="preconnect" href="https://fonts.gstatic.com/"/>
                <link rel="stylesheet" t-att-href="'https://fonts.googleapis.com/css?family=A'"/>
                <link rel="stylesheet" href="/web/static/a.css"/>
                <a href="https://fonts.googleapis.com/">Fonts</a>
            </t>""",
            }
        )
        html = self.env["ir.qweb"]._render(view.id)
        self.assertNotIn("gstatic", html)
        self.assertNotIn("css?family", html)
        self.assertIn('href="/web/static/a.css"', html)
        self.assertIn('<a href="https://fonts.googleapis.com/">', html)

    def test_login_page_names_no_font_server(self):
        page = self.url_open("/web/login")
        self.assertEqual(page.status_code, 200)
        self.assertNotRegex(page.text, r"googleapis|gstatic|odoocdn")
