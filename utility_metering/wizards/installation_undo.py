from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class InstallationUndo(models.TransientModel):
    """An installation was typed wrongly: it never was, or its day or place was another."""

    _name = "utility.installation.undo"
    _description = "Installation Typed Wrongly"

    installation_id = fields.Many2one("utility.meter.installation", required=True)
    meter_id = fields.Many2one(related="installation_id.meter_id")
    company_id = fields.Many2one(related="installation_id.company_id")
    predecessor_id = fields.Many2one(
        "utility.meter.installation", "Came in Place of", compute="_compute_predecessor_id"
    )
    mode = fields.Selection(
        [
            ("correct", "Its day or its place was another"),
            ("void", "It never hung there"),
        ],
        "What Was Wrong",
        required=True,
        default="correct",
    )
    reason = fields.Char("Why", required=True)
    service_point_id = fields.Many2one(
        "utility.service.point",
        "Where",
        compute="_compute_terms",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    date_start = fields.Date("Installed on", compute="_compute_terms", store=True, readonly=False)
    reopen = fields.Boolean(
        "The Old Meter Hangs on",
        default=True,
        help="The meter that was taken off that day hangs at the point again, and its final "
        "readings are rejected.",
    )

    @api.depends("installation_id")
    def _compute_terms(self):
        for undo in self:
            undo.service_point_id = undo.installation_id.service_point_id
            undo.date_start = undo.installation_id.date_start

    @api.depends("installation_id")
    def _compute_predecessor_id(self):
        for undo in self:
            undo.predecessor_id = undo.installation_id._predecessor()

    def action_apply(self):
        self.ensure_one()
        self._apply()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _apply(self):
        """Take the installation back or put it right.

        :return: the installation that is in force now, if any
        """
        self.installation_id.check_access("write")
        if self.installation_id.voided_at:
            raise UserError(self.env._("%s is voided already.", self.installation_id.display_name))
        return self._void() if self.mode == "void" else self._correct()

    def _void(self):
        predecessor = self.predecessor_id
        self.installation_id.void(self.reason)
        if not (predecessor and self.reopen):
            return self.env["utility.meter.installation"]
        finals = self._boundary(predecessor, predecessor.date_end, "final")
        finals._take_out(self.reason)
        return predecessor._supersede({"date_end": False}, reason=self.reason)

    def _correct(self):
        wrong, predecessor = self.installation_id, self.predecessor_id
        if self.date_start > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(day)s is in the future. Type the day on which the meter was installed.",
                    day=format_date(self.env, self.date_start),
                )
            )
        moves = self.date_start != wrong.date_start
        if not moves and self.service_point_id == wrong.service_point_id:
            raise UserError(self.env._("Type the right day or choose the right point."))
        self._refuse_readings_before(wrong)
        initials = self._boundary(wrong, wrong.date_start, "initial")
        right = wrong._supersede(
            {"date_start": self.date_start, "service_point_id": self.service_point_id.id},
            reason=self.reason,
        )
        if moves:
            self._move_readings(initials, right)
        if moves and predecessor:
            finals = self._boundary(predecessor, predecessor.date_end, "final")
            ended = predecessor._supersede({"date_end": self.date_start}, reason=self.reason)
            self._move_readings(finals, ended)
        return right

    def _boundary(self, installation, day, kind):
        """The readings of `kind` that were taken at an end of the installation."""
        return installation.reading_ids.filtered(
            lambda reading: (
                not reading.voided_at and reading.date == day and reading.reading_type == kind
            )
        )

    def _refuse_readings_before(self, wrong):
        """:raise UserError: the meter was read at the point before the right day"""
        for reading in wrong.reading_ids:
            later = reading.reading_type != "initial" and not reading.voided_at
            if later and reading.date < self.date_start:
                raise UserError(
                    self.env._(
                        "%(reading)s was taken before %(day)s. Reject that reading first, or "
                        "choose an earlier day.",
                        reading=reading.display_name,
                        day=format_date(self.env, self.date_start),
                    )
                )

    def _move_readings(self, readings, installation):
        """Record the readings of a boundary again, on the right day."""
        readings._take_out(self.reason)
        return self.env["utility.reading"]._record(
            [
                {
                    "register_id": reading.register_id.id,
                    "installation_id": installation.id,
                    "date": self.date_start,
                    "value": reading.value,
                    "reading_type": reading.reading_type,
                    "source": reading.source,
                    "act_id": reading.act_id.id,
                    "rollover": reading.rollover,
                    "replaces_id": reading.id,
                }
                for reading in readings
            ]
        )
