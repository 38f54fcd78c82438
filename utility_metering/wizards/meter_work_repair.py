from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.utility_base.tools.dates import day_after


class MeterWork(models.TransientModel):
    """A meter stops counting, or counts again: fault, repair."""

    _inherit = "utility.meter.work"

    outage_id = fields.Many2one("utility.meter.outage", "Going on", compute="_compute_outage_id")
    outage_cause = fields.Selection(related="outage_id.cause", string="Going on Because")
    outage_start = fields.Date(related="outage_id.date_start", string="Out of Use Since")
    cause = fields.Selection(
        lambda self: [
            item
            for item in self.env["utility.meter.outage"]
            ._fields["cause"]
            ._description_selection(self.env)
            if item[0] != "verification"
        ],
        default="repair",
    )

    @api.depends("meter_id")
    def _compute_outage_id(self):
        for work in self:
            work.outage_id = work.meter_id._open_outages()[:1]

    def _do_repair(self):
        """Begin an outage, or end the one that goes on.

        The dial is read at the end of the day: the first day without measuring is the next one,
        the last one is that on which the meter is back.
        """
        if not self.meter_id:
            raise UserError(self.env._("Choose the meter."))
        act = self._create_act("repair")
        self._record_check(act)
        if self.outage_id:
            self._end_outage(act)
        else:
            self._begin_outage(self.cause, act)
        self._place_seals(self.meter_id, act)
        return act

    def _record_check(self, act, day=None):
        if self.installation_id:
            self._require_installed()
            self._record_readings(self.line_ids, self.installation_id, "check", act, day)

    def _begin_outage(self, cause, act):
        return self.env["utility.meter.outage"].create(
            {
                "meter_id": self.meter_id.id,
                "cause": cause,
                "date_start": day_after(self.date),
                "act_id": act.id,
            }
        )

    def _end_outage(self, act, day=None):
        """The meter is fit again at the end of `day`; on the same day it never was unfit."""
        day = day or self.date
        outage = self.outage_id
        if day < outage.date_start:
            if day_after(day) < outage.date_start:
                raise UserError(
                    self.env._(
                        "%(outage)s began on %(start)s. Choose a later day.",
                        outage=outage.display_name,
                        start=format_date(self.env, outage.date_start),
                    )
                )
            outage._void(act.display_name)
        else:
            outage._close(day)
