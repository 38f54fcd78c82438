from odoo import fields, models


class Reading(models.Model):
    """Readings follow the installation that they were taken of, or go out of force with it."""

    _inherit = "utility.reading"

    def _move_to(self, installation):
        """The readings were taken where `installation`, the corrected one, says."""
        self._put({"installation_id": installation.id})
        self._readings_changed()

    def _take_out(self, reason):
        """Reject readings of a meter that never hung there, or of a day that was wrong."""
        live = self.filtered(lambda reading: not reading.voided_at)
        live._put(
            {
                "state": "rejected",
                "voided_at": fields.Datetime.now(),
                **live._decision(reason),
            }
        )
        live._readings_changed()
        return live
