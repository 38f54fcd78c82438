from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_date


class MeterWorkLine(models.TransientModel):
    """What one register shows when the work is done."""

    _name = "utility.meter.work.line"
    _description = "Reading at Work on a Meter"

    work_id = fields.Many2one("utility.meter.work", required=True, ondelete="cascade")
    side = fields.Selection(
        [("old", "Hanging"), ("new", "New")], "Meter", required=True, default="old", readonly=True
    )
    register_id = fields.Many2one("utility.meter.register", "Dial", readonly=True)
    type_register_id = fields.Many2one("utility.meter.type.register", readonly=True)
    name = fields.Char("Register", compute="_compute_register")
    uom_id = fields.Many2one("uom.uom", compute="_compute_register")
    last_date = fields.Date("Last Read", compute="_compute_last")
    last_value = fields.Char("Last Reading", compute="_compute_last")
    value = fields.Float("Shows Now", digits="Meter Reading")
    rollover = fields.Boolean("Rolled Over", help="It passed its highest value and began at zero.")
    unread = fields.Boolean("Not Readable", help="The dial is broken or missing: nothing is read.")

    @api.depends("register_id", "type_register_id")
    def _compute_register(self):
        for line in self:
            source = line.register_id or line.type_register_id
            same = not source or source.name == source.code
            line.name = source.name if same else f"{source.code} {source.name}"
            line.uom_id = source.uom_id

    @api.depends("register_id", "work_id.date")
    def _compute_last(self):
        for line in self:
            last = line._last_reading()
            line.last_date = last.date
            line.last_value = line.register_id._shown(last.value) if last else False

    def _last_reading(self):
        """The latest accepted reading of the register, whatever its day."""
        if not self.register_id:
            return self.env["utility.reading"]
        return self.env["utility.reading"].search(
            [("register_id", "=", self.register_id._origin.id), ("state", "=", "accepted")],
            order="date desc, id desc",
            limit=1,
        )

    def _is_known(self, day, kind):
        """Whether this very reading is on record: the dial was read that day already.

        :raise UserError: on record is another value
        """
        if kind == "initial":
            return False
        known = self.env["utility.reading"].search(
            [
                ("register_id", "=", self.register_id.id),
                ("state", "=", "accepted"),
                ("date", "=", day),
                ("reading_type", "!=", "initial"),
            ],
            limit=1,
        )
        if known and float_compare(known.value, self.value, precision_digits=4):
            raise UserError(
                self.env._(
                    "%(register)s was read on %(day)s already and showed %(known)s, not %(value)s. "
                    "Correct or reject that reading first.",
                    register=self.register_id.display_name,
                    day=format_date(self.env, day),
                    known=self.register_id._shown(known.value),
                    value=self.register_id._shown(self.value),
                )
            )
        return bool(known)

    def _refuse_unlikely(self, day):
        """:raise UserError: a dial that runs backward, has too few digits, or was read later"""
        for line in self.filtered("register_id"):
            register, last = line.register_id, line._last_reading()
            if line.value < 0 or line.value >= 10**register.digits:
                raise UserError(
                    self.env._(
                        "%(register)s has %(digits)s digits before the point and cannot show "
                        "%(value)s. Type it again.",
                        register=register.display_name,
                        digits=register.digits,
                        value=line.value,
                    )
                )
            if line.side != "old" or not last:
                continue
            if last.date > day:
                raise UserError(
                    self.env._(
                        "%(register)s was read later, on %(last)s (%(value)s). Choose that day or "
                        "a later one, or reject that reading first.",
                        register=register.display_name,
                        last=format_date(self.env, last.date),
                        value=register._shown(last.value),
                    )
                )
            cumulative = register.counting == "cumulative" and not line.rollover
            if cumulative and float_compare(line.value, last.value, precision_digits=4) < 0:
                raise UserError(
                    self.env._(
                        "%(register)s shows %(value)s, less than %(last_value)s on %(last)s. Type "
                        "it again, mark it as rolled over, or mark it as not readable.",
                        register=register.display_name,
                        value=register._shown(line.value),
                        last_value=register._shown(last.value),
                        last=format_date(self.env, last.date),
                    )
                )

    def _prepare_reading(self, installation, kind, act, day):
        return {
            "register_id": self.register_id.id,
            "installation_id": installation.id,
            "date": day,
            "value": self.value,
            "reading_type": kind,
            "source": "clerk",
            "rollover": self.rollover,
            "act_id": act.id,
        }
