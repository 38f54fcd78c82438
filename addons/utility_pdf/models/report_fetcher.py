"""The only way out of a report's page: what this Odoo serves, read without a network."""

import base64
import logging
import re
from contextlib import nullcontext
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg2
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.http import root
from odoo.tools.image import image_guess_size_from_field_name, image_process
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.base.models.assetsbundle import ANY_UNIQUE
from odoo.addons.web.controllers.binary import Binary
from odoo.addons.web.controllers.report import ReportController

_logger = logging.getLogger(__name__)

STATIC = re.compile(r"/\w+/static/.+")
ROUTES = Map(
    [
        Rule(route, endpoint=endpoint)
        for endpoint, method in (
            ("assets", Binary.content_assets),
            ("binary", Binary.content_common),
            ("image", Binary.content_image),
            ("logo", Binary.company_logo),
            ("barcode", ReportController.report_barcode),
        )
        for route in method.original_routing["routes"]
    ]
)


class Refused(ValueError):
    """The address is not one a report may read."""


class ReportFetcher(URLFetcher):
    """Answers asset bundles, static files, images, attachments and barcodes in this process.

    Everything is read with the rights of the environment's user, never as superuser.

    :param env: environment of the user who prints
    :param addresses: base addresses of this Odoo; a URL elsewhere is refused
    """

    def __init__(self, env, addresses):
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self._env = env(su=False)
        self._origins = {urlsplit(address).netloc for address in addresses if address}

    def fetch(self, url, headers=None):
        """Called by WeasyPrint for every URL, which then shows the page without what fails here.

        :raises FatalURLFetchingError: the database failed, its error being the cause
        """
        try:
            if url[:5].lower() == "data:":
                return super().fetch(url, headers)
            content = self._content(url)
        except psycopg2.Error as error:
            raise FatalURLFetchingError(url) from error
        except (ValueError, OSError, UserError, HTTPException) as error:
            _logger.warning("Left out of a report: %.200s (%s)", url, error)
            raise
        return URLFetcherResponse(url, content, {"Content-Type": guess_mimetype(content)})

    def text(self, url):
        """Text of a stylesheet; empty if it cannot be read."""
        try:
            return self._content(url).decode()
        except (ValueError, OSError, UserError, HTTPException) as error:
            _logger.warning("Left out of a report: %.200s (%s)", url, error)
            return ""

    def _content(self, url):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.netloc not in self._origins:
            raise Refused("not of this Odoo")
        path = unquote(parts.path)
        if "\0" in path or "\\" in path or ".." in path.split("/"):
            raise Refused("not a plain path")
        if STATIC.fullmatch(path):
            return self._static(path)
        endpoint, values = ROUTES.bind("localhost").match(path)
        values = {**dict(parse_qsl(parts.query)), **values}
        return getattr(self, f"_{endpoint}")(**values)

    def _static(self, path):
        file = root.get_static_file(path)
        if not file:
            raise FileNotFoundError(path)
        with open(file, "rb") as stream:
            return stream.read()

    def _assets(self, filename, unique=ANY_UNIQUE, **_others):
        attachment = self._stored_bundle(filename, unique) or self._made_bundle(filename, unique)
        return attachment.raw

    def _stored_bundle(self, filename, unique):
        if unique == "debug":
            return None
        url = self._env["ir.asset"]._get_asset_bundle_url(filename, unique, {})
        if "%" in url:
            raise Refused("not a bundle")
        # A bundle is public, and only the superuser may have made it.
        return (
            self._env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("public", "=", True),
                    ("url", "=", url),
                    ("res_model", "=", "ir.ui.view"),
                    ("res_id", "=", 0),
                    ("create_uid", "=", SUPERUSER_ID),
                ],
                limit=1,
            )
        )

    def _made_bundle(self, filename, unique):
        env = self._env
        debug = unique == "debug"
        name, rtl, kind, autoprefix = env["ir.asset"]._parse_bundle_name(filename, debug)
        if kind != "css":
            raise Refused("not a stylesheet")
        cursor = env.registry.cursor() if env.cr.readonly else nullcontext(env.cr)
        with cursor as writable:
            bundle = env(cr=writable)["ir.qweb"]._get_asset_bundle(
                name, css=True, js=False, debug_assets=debug, rtl=rtl, autoprefix=autoprefix
            )
            attachment = bundle.css().sudo()
            attachment.mapped("raw")  # read while the cursor is open
        return attachment

    def _binary(self, xmlid=None, model="ir.attachment", id=None, field="raw", **others):
        record = self._env["ir.binary"]._find_record(
            xmlid, model, id and int(id), others.get("access_token"), field=field
        )
        definition = record._fields.get(field)
        if definition is None or definition.type != "binary":
            raise Refused("not a file")
        if record._name == "ir.attachment" and field in ("raw", "datas"):
            return self._attachment(record)
        record._check_field_access(definition, "read")
        return self._not_empty(base64.b64decode(record.with_context(bin_size=False)[field] or b""))

    def _attachment(self, attachment):
        if attachment.type == "url":
            if not STATIC.fullmatch(attachment.url or "") or ".." in attachment.url.split("/"):
                raise Refused("kept elsewhere")
            return self._static(attachment.url)
        return self._not_empty(attachment.raw)

    def _not_empty(self, content):
        if not content:
            raise FileNotFoundError("empty")
        return content

    def _image(self, field="raw", width=0, height=0, crop=False, **others):
        content = self._binary(field=field, **others)
        size = int(width), int(height)
        if size == (0, 0):
            size = image_guess_size_from_field_name(field)
        return image_process(content, size=size, crop=crop) if any(size) or crop else content

    def _logo(self, company=None, **_others):
        """The logo is public: Odoo serves it to anyone."""
        companies = self._env["res.company"].sudo()
        record = companies.browse(int(company)).exists() if company else self._env.company.sudo()
        return self._not_empty(base64.b64decode(record.logo_web or b""))

    def _barcode(self, barcode_type, value, **options):
        return self._env["ir.actions.report"].barcode(barcode_type, value, **options)
