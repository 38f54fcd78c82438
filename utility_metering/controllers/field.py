import json

import psycopg2

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request


class FieldController(http.Controller):
    """The page of field controllers; what it may do is decided by the records' rules."""

    @http.route("/utility/field", type="http", auth="user")
    def page(self):
        page = request.env["utility.field.page"]
        if not page._may_use():
            return request.render("utility_metering.field_refused", status=403)
        config = {
            "uid": request.env.uid,
            "user": request.env.user.name,
            "lang": request.env.lang or "en_US",
        }
        return request.render("utility_metering.field_page", {"config": json.dumps(config)})

    @http.route("/utility/field/routes", type="jsonrpc", auth="user", readonly=True)
    def routes(self):
        return self._page()._routes()

    @http.route("/utility/field/route", type="jsonrpc", auth="user", readonly=True)
    def route(self, route_id):
        return self._page()._sheet(int(route_id))

    @http.route("/utility/field/submit", type="jsonrpc", auth="user")
    def submit(self, item):
        page = self._page()
        try:
            with request.env.cr.savepoint():
                return page._submit(item)
        except psycopg2.errors.UniqueViolation as error:
            if "key" in (error.diag.constraint_name or ""):
                # the same item is being recorded by another request this very moment
                return {"status": "again", "message": ""}
            message = request.env._(
                "This is on record already: %s", error.diag.message_detail or str(error)
            )
        except (UserError, ValueError, TypeError, KeyError) as error:
            message = str(error)
        return {"status": "refused", "message": message}

    def _page(self):
        page = request.env["utility.field.page"]
        if not page._may_use():
            raise http.request.not_found()
        return page
