from odoo import models
from odoo.exceptions import UserError


class MeterWork(models.TransientModel):
    """Seals are placed or taken off."""

    _inherit = "utility.meter.work"

    def _do_sealing(self):
        self._require_installed()
        if not self.seal_ids and not self.removed_seal_ids:
            raise UserError(
                self.env._("Type the number of a new seal, or choose one that was taken off.")
            )
        act = self._create_act("sealing")
        read = self.line_ids.filtered("value")
        self._record_readings(read, self.installation_id, "check", act)
        self._place_seals(self.meter_id, act)
        return act
