from odoo import api, fields, models
from odoo.tools import format_date


class MeterInstallation(models.Model):
    """What happens to the readings of an installation that was recorded wrongly."""

    _inherit = "utility.meter.installation"

    verification_until = fields.Date(related="meter_id.valid_until", string="Verified until")
    last_reading = fields.Char(compute="_compute_last_reading")

    def _compute_last_reading(self):
        """Value and day of what each register showed last, by one query."""
        last = {}
        readings = self.env["utility.reading"].search(
            [("installation_id", "in", self.ids), ("state", "=", "accepted")], order="date, id"
        )
        for reading in readings:
            last.setdefault(reading.installation_id, {})[reading.register_id] = reading
        for row in self:
            row.last_reading = "; ".join(
                f"{register._shown(reading.value)} ({format_date(self.env, reading.date)})"
                for register, reading in last.get(row, {}).items()
            )

    @api.model_create_multi
    def create(self, vals_list):
        """A corrected installation takes the readings of the wrong one with it."""
        rows = super().create(vals_list)
        for row in rows.filtered(lambda row: row.replace_kind == "correction"):
            readings = row.replaces_id.reading_ids.filtered(lambda reading: not reading.voided_at)
            readings._move_to(row)
        return rows

    def void(self, reason):
        """Void the installations and reject their readings: the meter never hung there."""
        done = super().void(reason)
        self.reading_ids._take_out(reason)
        return done

    def _predecessor(self):
        """The installation that this one followed in an exchange, if any."""
        self.ensure_one()
        rows = self.service_point_id.installation_ids.filtered(
            lambda row: (
                not row.voided_at
                and row.date_end == self.date_start
                and row.meter_id != self.meter_id
            )
        )
        return rows[:1]

    def action_undo(self):
        """The wizard that takes back or corrects what was typed wrongly."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Installation Typed Wrongly"),
            "res_model": "utility.installation.undo",
            "view_mode": "form",
            "target": "new",
            "context": {"default_installation_id": self.id},
        }

    def action_open_meter(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "utility.meter",
            "res_id": self.meter_id.id,
            "view_mode": "form",
        }
