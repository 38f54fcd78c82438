from odoo import api, fields, models

from ..engine.zones import Window
from .tou_calendar import minutes

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class TouWindow(models.Model):
    """Hours of some weekdays and months that are one zone; 14:00 to 22:00 does not hold 22:00."""

    _name = "utility.tou.window"
    _description = "Window of a Calendar of Zones"
    _order = "calendar_id, sequence, id"

    calendar_id = fields.Many2one(
        "utility.tou.calendar", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="calendar_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10, help="The first window that fits a moment counts.")
    zone_id = fields.Many2one("utility.tou.zone", required=True, ondelete="restrict")
    mon = fields.Boolean("Mo", default=True)
    tue = fields.Boolean("Tu", default=True)
    wed = fields.Boolean("We", default=True)
    thu = fields.Boolean("Th", default=True)
    fri = fields.Boolean("Fr", default=True)
    sat = fields.Boolean("Sa", default=True)
    sun = fields.Boolean("Su", default=True)
    holidays = fields.Boolean(default=True, help="Applies on holidays as on other days.")
    hour_from = fields.Float("From", default=0, help="First minute of the window.")
    hour_to = fields.Float(
        "To", default=24, help="The window ends before it; below the start: on the next day."
    )
    month_from = fields.Integer("From Month", required=True, default=1)
    month_to = fields.Integer("To Month", required=True, default=12)

    _months_range = models.Constraint(
        "CHECK (month_from BETWEEN 1 AND 12 AND month_to BETWEEN 1 AND 12)",
        "Months are numbered 1 to 12.",
    )
    _hours_range = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < 24 AND hour_to > 0 AND hour_to <= 24 "
        "AND hour_from <> hour_to)",
        "A window begins between 0:00 and 23:59, ends by 24:00, and not when it begins.",
    )
    _some_weekday = models.Constraint(
        "CHECK (mon OR tue OR wed OR thu OR fri OR sat OR sun)",
        "A window is on one weekday at least.",
    )

    @api.depends("zone_id", "hour_from", "hour_to")
    def _compute_display_name(self):
        for window in self:
            hours = "–".join(map(_clock, (window.hour_from, window.hour_to)))
            window.display_name = f"{window.zone_id.name or ''} {hours}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        calendars = self.env["utility.tou.calendar"].browse(
            {vals["calendar_id"] for vals in vals_list if vals.get("calendar_id")}
        )
        calendars._refuse_locked()
        return super().create(vals_list)

    def write(self, vals):
        self.calendar_id._refuse_locked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unlocked(self):
        self.calendar_id._refuse_locked()

    def _as_window(self):
        """The window as the engine takes it."""
        self.ensure_one()
        return Window(
            self.zone_id.code,
            frozenset(index for index, day in enumerate(WEEKDAYS) if self[day]),
            minutes(self.hour_from),
            minutes(self.hour_to),
            (self.month_from or 1, self.month_to or 12),
            self.holidays,
        )


def _clock(hours):
    """07:30 of 7.5."""
    whole, rest = divmod(minutes(hours), 60)
    return f"{whole:02}:{rest:02}"
