from odoo import api, fields, models
from odoo.exceptions import UserError


class MoveReadingLine(models.TransientModel):
    """What a register showed when people moved."""

    _name = "utility.move.reading.line"
    _description = "Reading at a Move"
    _order = "id"

    wizard_id = fields.Many2one("utility.move.wizard", required=True, ondelete="cascade")
    register_id = fields.Many2one("utility.meter.register", required=True, ondelete="cascade")
    service_id = fields.Many2one("utility.service")
    previous_date = fields.Date("Last on", compute="_compute_previous")
    previous_value = fields.Char("Last", compute="_compute_previous")
    uom_id = fields.Many2one(related="register_id.uom_id")
    typed = fields.Char("Reading", help="At the end of the day before the first day.")

    @api.depends("register_id", "wizard_id.date")
    def _compute_previous(self):
        for line in self:
            last = line.register_id.reading_ids.filtered(
                lambda reading, day=line.wizard_id.date: (
                    reading.state == "accepted" and (not day or reading.date < day)
                )
            ).sorted("date")[-1:]
            line.previous_date = last.date
            line.previous_value = last and line.register_id._shown(last.value)

    def _value(self):
        """The typed value as a number, with a comma or a point.

        :raise UserError: it is no number
        """
        self.ensure_one()
        text = (self.typed or "").strip().replace(" ", "").replace(",", ".")
        try:
            return float(text)
        except ValueError:
            raise UserError(
                self.env._(
                    "%(register)s: “%(typed)s” is no reading. Type digits, with a comma or a "
                    "point.",
                    register=self.register_id.display_name,
                    typed=self.typed,
                )
            ) from None
