from odoo import models
from odoo.fields import Domain


class Account(models.Model):
    _inherit = "utility.account"

    def _timeline_sources(self):
        return super()._timeline_sources() + [
            {
                "key": "reading",
                "label": self.env._("Reading"),
                "icon": "fa-tachometer",
                "model": "utility.reading",
                "events": lambda account: account._timeline_readings(),
            }
        ]

    def _timeline_readings(self):
        """Readings of the account's points, on the days on which it took the service there."""
        states = {"accepted": "in_force", "new": "planned", "held": "planned"}
        labels = dict(self.env["utility.reading"]._fields["state"]._description_selection(self.env))
        return [
            {
                "date": reading.date,
                "title": f"{reading.service_id.name} · {reading.register_id._shown(reading.value)} "
                f"{reading.uom_id.name}",
                "text": " · ".join(
                    text
                    for text in (reading.register_id.display_name, labels[reading.state])
                    if text
                ),
                "state": states.get(reading.state, "voided"),
                "res_model": reading._name,
                "res_id": reading.id,
                "recorded_at": reading.recorded_at.isoformat(" ", "seconds"),
                "reason": reading.state_reason or "",
            }
            for reading in self.env["utility.reading"].search(self._readings_domain())
        ]

    def _readings_domain(self):
        # which points an account takes from is said by its meters, also to field controllers
        agreements = self.sudo().agreement_ids.filtered(lambda row: not row.voided_at)
        return Domain.OR(
            Domain("service_point_id", "=", row.service_point_id.id)
            & Domain("date", ">=", row.date_start)
            & (Domain("date", "<=", row.date_end) if row.date_end else Domain.TRUE)
            for row in agreements
        )
