from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.utility_base.tools.dates import day_before


class MeterInstallation(models.Model):
    """Who has not declared: meters without a reading in the window of their service."""

    _inherit = "utility.meter.installation"

    is_undeclared = fields.Boolean(
        "Not Declared",
        compute="_compute_declaration",
        search="_search_is_undeclared",
        help="No reading came in the window that is open, or else in the last one that was. "
        "Choose another day in the search: “Not declared on”.",
    )
    undeclared_on = fields.Date(
        "Not Declared on",
        store=False,
        search="_search_undeclared_on",
        help="No reading came in the window of that day.",
    )
    window_first = fields.Date("Window from", compute="_compute_declaration")
    window_last = fields.Date("Window to", compute="_compute_declaration")
    last_reading_date = fields.Date("Last Read on", compute="_compute_last_reading")
    last_reading_value = fields.Float(
        "Last Value", digits="Meter Reading", compute="_compute_last_reading"
    )
    account_ids = fields.Many2many(
        "utility.account",
        string="Accounts",
        compute="_compute_account_ids",
        groups="utility_base.group_reader",
    )

    @api.depends("reading_ids.state")
    def _compute_declaration(self):
        today = fields.Date.context_today(self)
        windows = self._declaration_windows(today)
        declared = self._declared(windows)
        declaring = self.filtered_domain(self._domain_declares(today))
        for row in self:
            window = windows[row.id]
            row.window_first, row.window_last = window[:2] if window else (False, False)
            row.is_undeclared = bool(window) and row in declaring and row.id not in declared

    @api.depends("reading_ids.state")
    def _compute_last_reading(self):
        last = {}
        for reading in self.env["utility.reading"].search_fetch(
            [("installation_id", "in", self.ids), ("state", "=", "accepted")],
            ["installation_id", "date", "value"],
            order="date desc, register_id, id desc",
        ):
            last.setdefault(reading.installation_id, reading)
        for row in self:
            row.last_reading_date = last[row].date if row in last else False
            row.last_reading_value = last[row].value if row in last else 0

    def _compute_account_ids(self):
        agreements = self.env["utility.service.agreement"]
        rows = agreements.search(
            agreements._domain_in_force(fields.Date.context_today(self))
            & Domain("service_point_id", "in", self.service_point_id.ids)
        )
        for row in self:
            row.account_ids = rows.filtered(
                lambda agreement, point=row.service_point_id: agreement.service_point_id == point
            ).account_id

    # -- searches ---------------------------------------------------------------------------

    @api.model
    def _search_is_undeclared(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = self._undeclared_on(fields.Date.context_today(self)).ids
        return Domain("id", "in" if True in value else "not in", ids)

    @api.model
    def _search_undeclared_on(self, operator, value):
        if operator not in ("=", "in"):
            return NotImplemented
        days = [value] if operator == "=" else list(value)
        ids = set()
        for day in days:
            ids.update(self._undeclared_on(fields.Date.to_date(day)).ids)
        return Domain("id", "in", list(ids))

    @api.model
    def _undeclared_on(self, day):
        """Installations in force on `day` from which no reading came in the window of that day.

        Where the window has not opened yet on `day`, the last one before counts.
        """
        rows = self.search(self._domain_declares(day))
        windows = rows._declaration_windows(day)
        declared = rows._declared(windows)
        return rows.filtered(lambda row: windows[row.id] and row.id not in declared)

    @api.model
    def _domain_declares(self, day):
        """Installations whose readings are declared: not lifts, nor meters that only control
        others."""
        return (
            self._domain_in_force(day)
            & Domain("service_id.window_ids", "!=", False)
            & Domain("counting", "!=", "check")
            & Domain("meter_id.type_id.technology", "!=", "lifts")
        )

    def _declaration_windows(self, day):
        """{id: (first, last, period) of the window open on `day`, or of the last one before}."""
        points = self.service_point_id
        windows = points._reading_windows(day)
        early = points.filtered(lambda point: windows[point.id] and windows[point.id][0] > day)
        earlier = {}
        for begin in {windows[point.id][2][0] for point in early}:
            some = early.filtered(lambda point, first=begin: windows[point.id][2][0] == first)
            earlier |= some._reading_windows(day_before(begin))
        windows |= earlier
        return {row.id: windows[row.service_point_id.id] for row in self}

    def _declared(self, windows):
        """Ids of the installations with a reading that was not rejected, taken in their window."""
        known = [window for window in windows.values() if window]
        if not known:
            return set()
        readings = self.env["utility.reading"].search_fetch(
            Domain("installation_id", "in", self.ids)
            & Domain("state", "in", ("new", "held", "accepted"))
            & Domain("reading_type", "not in", ("estimated", "initial"))
            & Domain("date", ">=", min(window[0] for window in known))
            & Domain("date", "<=", max(max(window[1], window[2][1]) for window in known)),
            ["installation_id", "date", "taken_on"],
        )
        declared = set()
        for reading in readings:
            window = windows[reading.installation_id.id]
            if window and window[0] <= (reading.taken_on or reading.date) <= window[1]:
                declared.add(reading.installation_id.id)
        return declared

    # -- buttons ----------------------------------------------------------------------------

    def action_remind(self):
        """A mass letter to the accounts of the chosen meters, to be looked at before it goes."""
        accounts = self.account_ids
        if not accounts:
            raise UserError(
                self.env._("Nobody to write to: no agreement is in force at these points.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reminder to Declare Readings"),
            "res_model": "utility.correspondence.run",
            "view_mode": "form",
            "context": {
                "default_name": self.env._("Reminder to declare readings"),
                "default_template_id": self.env.ref(
                    "utility_metering.document_template_declare"
                ).id,
                "default_account_ids": [fields.Command.set(accounts.ids)],
            },
        }
