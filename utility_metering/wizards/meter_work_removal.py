from odoo import models

from odoo.addons.utility_base.tools.dates import day_after


class MeterWork(models.TransientModel):
    """A meter is taken off."""

    _inherit = "utility.meter.work"

    def _do_removal(self):
        self._require_installed()
        act = self._create_act("removal")
        self._take_off(act)
        return act

    def _take_off(self, act):
        """End the installation with final readings; its seals go with it."""
        meter, installation = self.meter_id, self.installation_id
        old_lines = self.line_ids.filtered(lambda line: line.side == "old")
        self._record_readings(old_lines, installation, "final", act)
        installation._close(self.date)
        seals = meter.seal_ids.filtered(lambda seal: not seal.voided_at and not seal.date_end)
        seals._close(self.date)
        act.removed_seal_ids |= seals
        self._send_on(meter, act)

    def _send_on(self, meter, act):
        """What becomes of a meter that was taken off; faults of its own are at an end."""
        for outage in meter._open_outages():
            if outage.date_start > self.date:
                outage._void(act.display_name)
            else:
                outage._close(self.date)
        if self.old_meter_to == "repair":
            self.env["utility.meter.outage"].create(
                {
                    "meter_id": meter.id,
                    "cause": "repair",
                    "date_start": day_after(self.date),
                    "act_id": act.id,
                }
            )
        elif self.old_meter_to == "scrapped":
            meter.action_scrap()
