from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from odoo.addons.utility_base.tools.dates import day_before


class MoveWizard(models.TransientModel):
    """Who goes is billed up to what the meters showed on the last day."""

    _inherit = "utility.move.wizard"

    reading_line_ids = fields.One2many(
        "utility.move.reading.line",
        "wizard_id",
        "Readings",
        compute="_compute_reading_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("premise_id", "date")
    def _compute_reading_line_ids(self):
        for wizard in self:
            wizard.reading_line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in wizard._prepare_reading_lines()),
            ]

    @api.depends("reading_line_ids.typed")
    def _compute_preview(self):
        return super()._compute_preview()

    def _prepare_reading_lines(self):
        if not (self.premise_id and self.date):
            return []
        installations = self.env["utility.meter.installation"].search(
            Domain("premise_id", "child_of", self.premise_id.ids)
            & self.env["utility.meter.installation"]._domain_in_force(day_before(self.date)),
            order="service_id, id",
        )
        return [
            {"register_id": register.id, "service_id": installation.service_id.id}
            for installation in installations
            for register in installation.meter_id.register_ids
            if register.purpose != "info" and register.counting == "cumulative"
        ]

    @api.model
    def _move_out_steps(self):
        return super()._move_out_steps() + [
            {"sequence": 5, "labels": type(self)._labels_read, "run": type(self)._run_read}
        ]

    def _labels_read(self):
        last_day = format_date(self.env, day_before(self.date))
        return [
            self.env._(
                "%(register)s is read: %(value)s at the end of %(day)s",
                register=line.register_id.display_name,
                value=line.typed,
                day=last_day,
            )
            for line in self._typed_lines()
        ]

    def _run_read(self):
        """Several lines may be held: they are told in the readings' work list."""
        self.env["utility.reading"]._record(
            [
                {
                    "register_id": line.register_id.id,
                    "date": day_before(self.date),
                    "value": line._value(),
                    "source": "clerk",
                    "reading_type": "check",
                    "note": self.env._("When people moved"),
                }
                for line in self._typed_lines()
            ]
        )

    def _typed_lines(self):
        return self.reading_line_ids.filtered(lambda line: (line.typed or "").strip())
