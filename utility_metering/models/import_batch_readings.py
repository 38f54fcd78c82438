from odoo import fields, models


class ImportBatch(models.Model):
    """Readings of a file that the rules held."""

    _inherit = "utility.import.batch"

    held_reading_count = fields.Integer(compute="_compute_held_reading_count")

    def _compute_held_reading_count(self):
        counts = dict(
            self.env["utility.reading"]._read_group(
                self._held_readings_domain(), ["import_batch_id"], ["__count"]
            )
        )
        for batch in self:
            batch.held_reading_count = counts.get(batch, 0)

    def _held_readings_domain(self):
        return [("import_batch_id", "in", self.ids), ("state", "=", "held")]

    def action_open_held_readings(self):
        """The work list of what the rules held of this file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Held Readings of %s", self.name),
            "res_model": "utility.reading",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("utility_metering.reading_view_list_held").id, "list"),
                (False, "form"),
            ],
            "domain": self._held_readings_domain(),
        }
