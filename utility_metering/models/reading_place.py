from odoo import api, models
from odoo.exceptions import ValidationError


class ReadingPlace(models.Model):
    """A reading belongs to where its meter hung: that decides who may record and see it."""

    _inherit = "utility.reading"

    @api.constrains("register_id", "installation_id", "visit_id")
    def _check_place(self):
        for reading in self:
            installation = reading.installation_id
            if installation and installation.meter_id != reading.register_id.meter_id:
                raise ValidationError(
                    self.env._(
                        "%(reading)s: the installation is one of meter %(meter)s. Choose where "
                        "the meter that was read hangs.",
                        reading=reading.display_name,
                        meter=installation.meter_id.serial,
                    )
                )
            visited = reading.visit_id.service_point_id
            if visited and visited != reading.service_point_id:
                raise ValidationError(
                    self.env._(
                        "%(reading)s: the visit was to point %(point)s. Choose a visit to where "
                        "the meter hangs.",
                        reading=reading.display_name,
                        point=visited.code,
                    )
                )
