import base64
from decimal import Decimal, InvalidOperation

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# no register has more than 12 digits
VALUE_LIMIT = 10**12
PHOTO_LIMIT = 8 * 1024 * 1024  # bytes; the phone sends a tenth of it


class FieldSubmit(models.AbstractModel):
    """What the phone of a field controller sends. Each item carries a key of its own: what was
    received before is answered as done and recorded once."""

    _inherit = "utility.field.page"

    @api.model
    def _submit(self, item):
        """Record one item.

        :param item: {key, kind: reading, seal, refusal, absent or visit, ...}
        :return: {status: done or held, message}
        :raise UserError: what was sent cannot be recorded; sending it again will not help
        """
        kinds = {
            "reading": self._submit_reading,
            "seal": self._submit_seal,
            "refusal": self._submit_refusal,
            "absent": self._submit_absent,
            "visit": self._submit_visit,
        }
        if item.get("kind") not in kinds or not item.get("key"):
            raise UserError(self.env._("The page is out of date. Load it anew."))
        return kinds[item["kind"]](item) or {"status": "done", "message": ""}

    @api.model
    def _check(self, register_id, text):
        """What the rules would say of a value; nothing is recorded.

        :return: {verdict: pass, warn or hold, messages}
        """
        [preview] = self.env["utility.reading"].preview(
            [{"register_id": register_id, "value": self._number(text), "source": "controller"}]
        )
        return {"verdict": preview["verdict"], "messages": preview["messages"]}

    def _submit_reading(self, item):
        known = self._received("utility.reading", item["key"])
        reading = known or self._take_reading(item)
        held = reading.state == "held"
        reasons = reading.finding_ids.filtered(lambda finding: finding.verdict == "hold")
        return {
            "status": "held" if held else "done",
            "message": " ".join(reasons.mapped("message")) or reading.state_reason or "",
            "value": reading.register_id._shown(reading.value),
        }

    def _take_reading(self, item):
        register = self.env["utility.meter.register"].browse(int(item["register_id"]))
        register.check_access("read")
        visit = self._visit(item.get("visit_id"))
        reading = self.env["utility.reading"]._record(
            [
                {
                    "register_id": register.id,
                    "date": fields.Date.context_today(self),
                    "value": self._number(item.get("value")),
                    "source": "controller",
                    "reading_type": "check" if visit else "actual",
                    "visit_id": visit.id,
                    "note": item.get("note") or False,
                    "photo": self._photo(item),
                    "key": item["key"],
                }
            ]
        )
        # a visit that is closed in the same minute may end the user's right to see it
        return reading.sudo()

    def _submit_seal(self, item):
        seals = self.env["utility.meter.seal"]
        if self._received(seals._name, item["key"]):
            return
        meter = self.env["utility.meter"].browse(int(item["meter_id"]))
        meter.check_access("read")
        old = seals.browse(int(item.get("replaces_id") or 0)).exists()
        today = fields.Date.context_today(self)
        if old and old.meter_id != meter:
            raise UserError(self.env._("Seal %s is one of another meter.", old.number))
        if old and not old.date_end:
            old._close(today)
        number = (item.get("number") or "").strip()
        if not number:
            raise UserError(self.env._("Enter the number of the seal."))
        seals.create(
            {
                "number": number,
                "meter_id": meter.id,
                "company_id": meter.company_id.id,
                "place": item.get("place") or "connection",
                "date_start": today,
                "note": item.get("note") or False,
                "key": item["key"],
            }
        )

    def _submit_refusal(self, item):
        acts = self.env["utility.meter.act"]
        if self._received(acts._name, item["key"]):
            return
        point = self._point(item["point_id"])
        visit = self._visit(item.get("visit_id"))
        act = acts.create(
            {
                "kind": "refusal",
                "date": fields.Date.context_today(self),
                "company_id": point.company_id.id,
                "service_point_id": point.id,
                "meter_id": item.get("meter_id") or False,
                "customer_name": item.get("customer_name") or False,
                "findings": item.get("note") or False,
                "key": item["key"],
            }
        )
        photo = self._photo(item)
        if photo:
            self.env["ir.attachment"].create(
                {
                    "name": self.env._("Photo"),
                    "res_model": acts._name,
                    "res_id": act.id,
                    "datas": photo,
                }
            )
        if visit.state == "planned":
            visit._finish("refused", item.get("note"), act)
        return {"status": "done", "message": act.display_name}

    def _submit_absent(self, item):
        calls = self.env["utility.route.call"]
        if self._received(calls._name, item["key"]):
            return
        calls.create(
            {
                "premise_id": int(item["premise_id"]),
                "route_id": item.get("route_id") or False,
                "note": item.get("note") or False,
                "key": item["key"],
            }
        )

    def _submit_visit(self, item):
        visit = self._visit(item.get("visit_id"))
        if visit.state == "planned":
            visit._finish("refused" if item.get("state") == "refused" else "done", item.get("note"))

    # -- inside -----------------------------------------------------------------------------

    def _received(self, model, key):
        """The record that this user sent before with that key."""
        # sudo: it may lie outside of his routes by now, and is his own all the same
        return (
            self.env[model]
            .sudo()
            .search([("key", "=", key), ("create_uid", "=", self.env.uid)], limit=1)
        )

    def _visit(self, visit_id):
        visit = self.env["utility.check.visit"].browse(int(visit_id or 0)).exists()
        visit.check_access("write")
        return visit

    def _point(self, point_id):
        """A point with a meter or a visit that the user may see."""
        point = self.env["utility.service.point"].browse(int(point_id))
        point.check_access("read")
        return point

    def _number(self, text):
        """A value as it was typed, with a comma or a point.

        :raise ValidationError: it is no number of 0 or more
        """
        try:
            value = Decimal(str(text or "").replace(",", ".").replace(" ", ""))
        except InvalidOperation:
            value = None
        if value is None or not value.is_finite() or not 0 <= value < VALUE_LIMIT:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is not a reading. Enter the digits that the meter shows.",
                    text=text or "",
                )
            )
        return float(value)

    def _photo(self, item):
        photo = item.get("photo")
        if not photo:
            return False
        data = photo.partition(",")[2] if photo.startswith("data:") else photo
        if len(data) * 3 / 4 > PHOTO_LIMIT:
            raise UserError(self.env._("The photo is too large. Take another one."))
        base64.b64decode(data, validate=True)
        return data
