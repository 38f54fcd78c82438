from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.zones import Window, Zones

# a Monday in the middle of each month of a year that begins with one
YEAR = 2018
HALF_HOURS = 48
COLORS = 6


class TouCalendar(models.Model):
    """Which time-of-use zone it is at which hour. The first window that fits a moment counts."""

    _name = "utility.tou.calendar"
    _description = "Calendar of Time-of-Use Zones"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    default_zone_id = fields.Many2one(
        "utility.tou.zone",
        "All Other Time",
        required=True,
        ondelete="restrict",
        help="The zone of the hours that are in no window.",
    )
    window_ids = fields.One2many("utility.tou.window", "calendar_id", "Windows", copy=True)
    note = fields.Text()
    week = fields.Json(compute="_compute_week")
    version_ids = fields.One2many("utility.rate.version", "calendar_id", "Used by")

    @api.depends(
        "default_zone_id",
        "window_ids.sequence",
        "window_ids.zone_id",
        "window_ids.hour_from",
        "window_ids.hour_to",
        "window_ids.month_from",
        "window_ids.month_to",
        "window_ids.holidays",
        *(f"window_ids.{day}" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    )
    def _compute_week(self):
        for calendar in self:
            calendar.week = calendar._week_picture() if calendar.default_zone_id else False

    def _week_picture(self):
        """The zones of each half hour, for the picture: months of the same week once.

        :return: {zones: [{code, name, color}], weeks: [{months, rows}]}, a row for each weekday
            and one for holidays, each a list of 48 places in the list of zones
        """
        windows = self.window_ids.sorted("sequence").filtered("zone_id")
        found = self.default_zone_id | windows.zone_id
        places = {zone.code: place for place, zone in enumerate(found)}
        drawn = tuple(window._as_window() for window in windows)
        zones = Zones(drawn, self.default_zone_id.code)
        weeks = defaultdict(list)
        for month in range(1, 13):
            rows = tuple(
                tuple(
                    places[zones._zone(_day(month, weekday), slot * 30)]
                    for slot in range(HALF_HOURS)
                )
                for weekday in range(7)
            )
            holiday = Zones(drawn, zones.default, frozenset((_day(month, 0), _day(month, -1))))
            rows += (
                tuple(
                    places[holiday._zone(_day(month, 0), slot * 30)] for slot in range(HALF_HOURS)
                ),
            )
            weeks[rows].append(month)
        return {
            "zones": [
                {"code": zone.code, "name": zone.name, "color": place % COLORS}
                for place, zone in enumerate(found)
            ],
            "weeks": [{"months": months, "rows": rows} for rows, months in weeks.items()],
        }

    def write(self, vals):
        if "default_zone_id" in vals:
            self._refuse_locked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unlocked(self):
        self._refuse_locked()

    def _refuse_locked(self):
        """Approved prices may not change by another calendar."""
        for calendar in self:
            locked = calendar.version_ids.filtered(
                lambda version: version.state == "approved" and not version.voided_at
            )
            if locked:
                raise UserError(
                    self.env._(
                        "%(calendar)s belongs to %(version)s, which is approved. Duplicate the "
                        "calendar and use the copy in a new version.",
                        calendar=calendar.name,
                        version=locked[0].display_name,
                    )
                )

    @api.model
    def _compiled(self, calendar_ids):
        """The calendars as the engine takes them.

        :return: {calendar id: `engine.zones.Zones`}
        """
        if not calendar_ids:
            return {}
        calendars = self.env.execute_query(
            SQL(
                "SELECT c.id, c.company_id, z.code FROM utility_tou_calendar c "
                "JOIN utility_tou_zone z ON z.id = c.default_zone_id WHERE c.id = ANY(%s)",
                list(calendar_ids),
            )
        )
        windows = self._compiled_windows(calendar_ids)
        holidays = self._compiled_holidays({company_id for _id, company_id, _code in calendars})
        return {
            id_: Zones(tuple(windows.get(id_, ())), code, frozenset(holidays.get(company_id, ())))
            for id_, company_id, code in calendars
        }

    def _compiled_windows(self, calendar_ids):
        found = defaultdict(list)
        for (
            calendar_id,
            zone,
            start,
            end,
            first,
            last,
            holidays,
            *weekdays,
        ) in self.env.execute_query(
            SQL(
                """
                    SELECT w.calendar_id, z.code, w.hour_from, w.hour_to, w.month_from, w.month_to,
                           w.holidays, w.mon, w.tue, w.wed, w.thu, w.fri, w.sat, w.sun
                      FROM utility_tou_window w JOIN utility_tou_zone z ON z.id = w.zone_id
                     WHERE w.calendar_id = ANY(%s) ORDER BY w.calendar_id, w.sequence, w.id
                    """,
                list(calendar_ids),
            )
        ):
            found[calendar_id].append(
                Window(
                    zone,
                    frozenset(index for index, on in enumerate(weekdays) if on),
                    minutes(start),
                    minutes(end),
                    (first, last),
                    bool(holidays),
                )
            )
        return found

    def _compiled_holidays(self, company_ids):
        found = defaultdict(list)
        for company_id, day in self.env.execute_query(
            SQL(
                "SELECT company_id, date FROM utility_holiday WHERE company_id = ANY(%s)",
                list(company_ids),
            )
        ):
            found[company_id].append(day)
        return found


def minutes(hours):
    """Hours of the day, as a float of the form, in whole minutes."""
    return round((hours or 0) * 60)


def _day(month, weekday):
    """A day of that weekday (0 is Monday) near the middle of the month."""
    middle = date(YEAR, month, 15)
    return middle + timedelta(days=weekday - middle.weekday())
