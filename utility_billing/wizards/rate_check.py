import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.utility_metering.engine.spans import intersect

from ..tools.check_values import known_value
from ..tools.loads import LoadsError, as_demand, read_loads
from ..tools.saying import Names, Saying


class RateCheck(models.TransientModel):
    """What would it cost: type what the price depends on, or take an account's facts, and see the
    charges with their explanation at once."""

    _name = "utility.rate.check"
    _description = "Tariff Check"
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    about = fields.Selection(
        [("tariff", "A tariff"), ("account", "An account")],
        "What Is Checked",
        required=True,
        default="tariff",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    plan_id = fields.Many2one(
        "utility.rate.plan", "Tariff Plan", domain="[('company_id', '=', company_id)]"
    )
    service_id = fields.Many2one("utility.service", domain="[('id', 'in', available_service_ids)]")
    available_service_ids = fields.Many2many(
        "utility.service", compute="_compute_available_service_ids"
    )
    version_id = fields.Many2one(
        "utility.rate.version",
        domain="[('id', 'in', available_version_ids)]",
        help="Empty: what is in force on the days. A draft can be checked, too.",
    )
    available_version_ids = fields.Many2many(
        "utility.rate.version", compute="_compute_available_version_ids"
    )
    account_id = fields.Many2one("utility.account", domain="[('company_id', '=', company_id)]")
    service_point_id = fields.Many2one(
        "utility.service.point", domain="[('id', 'in', available_point_ids)]"
    )
    available_point_ids = fields.Many2many(
        "utility.service.point", compute="_compute_available_point_ids"
    )
    date_start = fields.Date("From", required=True, default=lambda self: self._default_days()[0])
    date_end = fields.Date("To", required=True, default=lambda self: self._default_days()[1])
    line_ids = fields.One2many("utility.rate.check.line", "check_id", "What It Depends On")
    loads_text = fields.Text(
        "Hourly Loads",
        help="A line for each hour or quarter of an hour: date and time, and kWh.",
    )
    loads_file = fields.Binary("File of Loads", attachment=False)
    loads_name = fields.Char()
    loads_found = fields.Char(readonly=True)
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.model
    def _default_days(self):
        """The present month."""
        today = fields.Date.context_today(self)
        return today.replace(day=1), fields.Date.end_of(today, "month")

    # -- what can be chosen -----------------------------------------------------------------

    @api.depends("about", "plan_id", "account_id")
    def _compute_available_service_ids(self):
        for check in self:
            if check.about == "account":
                check.available_service_ids = check._own_agreements().service_id
            else:
                check.available_service_ids = check.plan_id.schedule_ids.service_id

    @api.depends("account_id", "service_id")
    def _compute_available_point_ids(self):
        for check in self:
            check.available_point_ids = check._own_agreements().service_point_id.filtered(
                lambda point, service=check.service_id: point.service_id == service
            )

    def _own_agreements(self):
        return self.env["utility.service.agreement"].search(
            [("account_id", "=", self.account_id.id), ("voided_at", "=", False)]
        )

    @api.depends("about", "plan_id", "service_id", "company_id")
    def _compute_available_version_ids(self):
        for check in self:
            domain = [("company_id", "=", check.company_id.id), ("voided_at", "=", False)]
            if check.plan_id:
                domain.append(("plan_id", "=", check.plan_id.id))
            if check.service_id:
                domain.append(("service_id", "=", check.service_id.id))
            check.available_version_ids = self.env["utility.rate.version"].search(domain)

    @api.onchange("about")
    def _onchange_about(self):
        """An account's facts are complete for the month that has passed, and its plan is known."""
        if self.about == "account" and not self.account_id:
            self.plan_id = self.version_id = self.service_id = False
            self.date_end = fields.Date.subtract(self._default_days()[0], days=1)
            self.date_start = self.date_end.replace(day=1)
        elif self.about == "tariff" and self.account_id:
            self.account_id = False
            self.date_start, self.date_end = self._default_days()

    @api.onchange("version_id")
    def _onchange_version_id(self):
        version = self.version_id
        if not version:
            return
        self.plan_id = version.plan_id if self.about == "tariff" else self.plan_id
        self.service_id = version.service_id
        if self.about == "tariff" and not intersect(
            (version.date_start, version.date_end or fields.Date.to_date("9999-12-31")),
            (self.date_start, self.date_end),
        ):
            self.date_start = version.date_start
            self.date_end = fields.Date.end_of(version.date_start, "month")

    @api.onchange("plan_id", "about", "account_id")
    def _onchange_plan_id(self):
        if self.about == "account":
            if self.service_id not in self.available_service_ids:
                self.service_id = False
        elif self.service_id not in self.plan_id.schedule_ids.service_id:
            self.service_id = self.plan_id.schedule_ids.service_id[:1]
        if self.version_id and self.plan_id and self.version_id.plan_id != self.plan_id:
            self.version_id = False

    @api.onchange("service_id", "account_id")
    def _onchange_service_id(self):
        if self.service_point_id not in self.available_point_ids:
            self.service_point_id = self.available_point_ids[:1]
        if self.version_id and self.version_id.service_id != self.service_id:
            self.version_id = False

    # -- what it depends on -----------------------------------------------------------------

    @api.onchange(
        "about",
        "plan_id",
        "service_id",
        "service_point_id",
        "version_id",
        "account_id",
        "date_start",
        "date_end",
    )
    def _onchange_asked(self):
        """A line for everything that the tariff asks for; what was typed stays."""
        known = {line._key(): line for line in self.line_ids}
        commands = [fields.Command.clear()]
        asked, loaded = self._asked()
        for key in asked:
            before = known.get(key)
            value = loaded.get(key, 0)
            if before and before._is_typed():
                value = before.value
            commands.append(
                fields.Command.create(
                    {**self._prepare_line(key), "value": value, "loaded": loaded.get(key, 0)}
                )
            )
        self.line_ids = commands

    def _prepare_line(self, key):
        kind, code = key
        attribute = kind == "attribute" and self.env["utility.attribute"].search(
            [("code", "=", code)], limit=1
        )
        zone = (
            kind in ("quantity", "demand")
            and code
            and self.env["utility.tou.zone"].search([("code", "=", code)], limit=1)
        )
        return {
            "kind": kind,
            "attribute_id": attribute.id if attribute else False,
            "zone_id": zone.id if zone else False,
            "service_id": self.service_id.id,
        }

    def _asked(self):
        """(what the tariff asks for, {what: its value by an account's facts})"""
        if not self._is_complete() or (self.about == "account" and not self.service_id):
            return [], {}
        supplies = self._supplies()
        versions = dict.fromkeys(spell.version for facts in supplies for spell in facts.spells)
        asked = self.env["utility.rate.checking"]._asked(versions)
        loaded = self.about == "account" and supplies
        return asked, {key: known_value(key, supplies[0]) for key in asked} if loaded else {}

    def _supplies(self):
        """`SupplyFacts` as they are before anything is typed; none where that is not possible."""
        checking = self.env["utility.rate.checking"]
        typed = checking._read(self._values(lines=False))
        plan = self.plan_id._origin
        try:
            if self.about == "account":
                supplies = checking._account_supplies(plan, typed)
            else:
                supplies = [checking._typed_supply(plan, typed)]
        except UserError:
            # the result says why
            return []
        return [facts for _point, _service, facts, _error in supplies if facts]

    def _is_complete(self):
        if not (self.date_start and self.date_end and self.date_start <= self.date_end):
            return False
        if self.about == "account":
            return bool(self.account_id)
        return bool(self.version_id or (self.plan_id and self.service_id))

    def _values(self, lines=True):
        """What is chosen and typed, as `check_rate` of the plan takes it."""
        values = {
            "date_start": fields.Date.to_string(self.date_start),
            "date_end": fields.Date.to_string(self.date_end),
        }
        if self.about == "account":
            values["account_id"] = self.account_id._origin.id
            values["service_point_id"] = self.service_point_id._origin.id
        if self.version_id:
            values["version_id"] = self.version_id._origin.id
        if self.service_id:
            values["service_id"] = self.service_id._origin.id
        if lines:
            for line in self._lines_that_count():
                line._put(values)
        return values

    def _lines_that_count(self):
        """All lines of a tariff. Of an account those that were typed over; where a quantity was,
        the other zones keep what was used."""
        if self.about == "tariff":
            return self.line_ids
        typed = self.line_ids.filtered(lambda line: line._is_typed())
        if "quantity" in typed.mapped("kind"):
            typed |= self.line_ids.filtered(lambda line: line.kind == "quantity")
        return typed

    # -- result -----------------------------------------------------------------------------

    @api.depends(
        "about",
        "plan_id",
        "service_id",
        "service_point_id",
        "version_id",
        "account_id",
        "date_start",
        "date_end",
        "line_ids.value",
        "line_ids.kind",
    )
    def _compute_result(self):
        for check in self:
            check.result = check._render()

    def _render(self):
        if not self._is_complete():
            return self.env["ir.qweb"]._render(
                "utility_billing.rate_check_empty", {"about": self.about}
            )
        try:
            answer = self.env["utility.rate.checking"]._answer(self.plan_id._origin, self._values())
        except UserError as error:
            answer = {"charges": [], "problems": [str(error)]}
        saying = Saying(self.env, self.company_id.currency_id, Names())
        return self.env["ir.qweb"]._render(
            "utility_billing.rate_check_result",
            {
                "answer": answer,
                "saying": saying,
                "services": len({charge["service"] for charge in answer["charges"]}) > 1,
                "period": f"{format_date(self.env, self.date_start)} – "
                f"{format_date(self.env, self.date_end)}",
            },
        )

    # -- loads ------------------------------------------------------------------------------

    @api.onchange("loads_file")
    def _onchange_loads_file(self):
        if self.loads_file:
            self.loads_text = base64.b64decode(self.loads_file).decode("utf-8-sig", "replace")
            self._onchange_loads_text()

    @api.onchange("loads_text")
    def _onchange_loads_text(self):
        """Zones and peaks of the loads go into the lines; the period becomes theirs."""
        self.loads_found = False
        if not self.loads_text:
            return None
        zone = self.company_id.partner_id.tz or self.env.user.tz or "UTC"
        try:
            loads = read_loads(self.loads_text, zone)
        except LoadsError as error:
            message = self.env._(
                "Line %(line)s is no load: “%(text)s”. Give date and time, and kWh: "
                "2026-10-01 00:00; 0.52",
                line=error.line,
                text=error.text,
            )
            return {"warning": {"title": self.env._("Hourly Loads"), "message": message}}
        if loads:
            self._take_loads(loads)
        return None

    def _take_loads(self, loads):
        self.date_start, self.date_end = loads[0][0].date(), loads[-1][0].date()
        self._onchange_asked()
        calendar = self._calendar()
        demands, hours = as_demand(loads)
        total = sum(quantity for _moment, quantity in loads)
        bands = calendar.bands(loads) if calendar else {"import": total}
        peaks = {"": max(demand for _moment, demand in demands)}
        for zones in calendar.peaks(demands).values() if calendar else ():
            for code, demand in zones.items():
                peaks[code] = max(peaks.get(code, demand), demand)
        for line in self.line_ids:
            code = line.zone_id.code or ""
            if line.kind == "quantity":
                line.value = float(bands.get(f"import:{code}", 0) if code else total)
            elif line.kind == "demand":
                line.value = float(peaks.get(code, 0))
        saying = Saying(self.env, self.company_id.currency_id, Names())
        self.loads_found = self.env._(
            "%(count)s intervals of %(minutes)s minutes: %(total)s kWh, highest %(peak)s kW",
            count=len(loads),
            minutes=saying.number(hours * 60),
            total=saying.number(total, most=3),
            peak=saying.number(peaks[""], most=3),
        )

    def _calendar(self):
        versions = [spell.version for facts in self._supplies() for spell in facts.spells]
        return next((version.calendar for version in versions if version.calendar), None)
