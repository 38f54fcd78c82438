from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

SHOWN = 6


class Reading(models.Model):
    """What is shown beside a reading: the register's face, and what it counted before."""

    _inherit = "utility.reading"

    dial = fields.Html("Register Shows", compute="_compute_dial", sanitize=False)
    recent_usage = fields.Char(
        "Before",
        compute="_compute_recent_usage",
        help="Usage of the last readings in force before this one, the latest first.",
    )

    @api.depends("value", "register_id.digits", "register_id.decimals")
    def _compute_dial(self):
        for reading in self:
            register = reading.register_id
            shown = register._shown(reading.value) if register else ""
            whole, _point, part = shown.partition(".")
            reading.dial = Markup('<span class="o_utility_dial">%s%s</span>') % (
                Markup("").join(Markup("<b>%s</b>") % digit for digit in whole),
                Markup("").join(Markup("<i>%s</i>") % digit for digit in part),
            )

    @api.depends("register_id", "date")
    def _compute_recent_usage(self):
        recent = self._recent_usages()
        for reading in self:
            reading.recent_usage = " · ".join(
                self._figure(usage) for usage in recent.get(reading._origin.id, ())
            )

    def _recent_usages(self):
        """{id: usages of up to six readings in force before, the latest first}."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id, b.usage
                  FROM utility_reading r
                 CROSS JOIN LATERAL (
                       SELECT p.usage, p.date
                         FROM utility_reading p
                        WHERE p.register_id = r.register_id AND p.state = 'accepted'
                          AND p.date < r.date AND p.previous_date IS NOT NULL
                        ORDER BY p.date DESC
                        LIMIT %s
                       ) b
                 WHERE r.id = ANY(%s)
                 ORDER BY r.id, b.date DESC
                """,
                SHOWN,
                self._origin.ids,
            )
        )
        recent = defaultdict(list)
        for reading_id, usage in rows:
            recent[reading_id].append(usage)
        return recent
