from odoo import models


class MeterRegister(models.Model):
    _inherit = "utility.meter.register"

    def _consumption_name(self):
        """How the register's chart is called."""
        several = len(self.meter_id.register_ids) > 1
        label = self.zone_id.name or (self.name if several else "")
        return {
            "id": self.id,
            "name": " · ".join(part for part in (self.meter_id.serial, label) if part),
            "uom": self.uom_id.name,
        }
