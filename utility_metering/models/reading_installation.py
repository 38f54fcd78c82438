from odoo import models


class Reading(models.Model):
    """Readings follow the installation that they were taken of, or go out of force with it."""

    _inherit = "utility.reading"

    def _move_to(self, installation):
        """The readings were taken where `installation`, the corrected one, says."""
        self._put({"installation_id": installation.id})
        self._readings_changed()

    def _take_out(self, reason):
        """Reject what is not out of force yet: of a meter that never hung there, of a wrong day."""
        live = self.filtered(lambda reading: not reading.voided_at)
        live._reject(reason)
        return live
