from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

SAID = ("date", "company_id", "value")
KNOWN = ("recorded_at", "voided_at")


class DegreeDay(models.Model):
    """How much heating a day asked for. Only ratios matter: measured heat is cut by them.

    A figure that is typed over stays as a voided row: quantities were cut by it.
    """

    _name = "utility.degree.day"
    _description = "Degree Days"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Date(required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    value = fields.Float(
        "Degree Days",
        required=True,
        digits=(16, 4),
        help="Indoor temperature less the day's mean outdoor temperature; 0 on warm days.",
    )
    recorded_at = fields.Datetime(
        "Recorded on", required=True, readonly=True, copy=False, default=fields.Datetime.now
    )
    voided_at = fields.Datetime(
        "Voided on",
        readonly=True,
        copy=False,
        help="When another figure took its place, or it was found to be wrong.",
    )

    _one_live_a_day = models.UniqueIndex(
        "(company_id, date) WHERE voided_at IS NULL", "The day has its degree days already."
    )
    _value_not_negative = models.Constraint("CHECK (value >= 0)", "Degree days are 0 or more.")

    @api.depends("date")
    def _compute_display_name(self):
        for row in self:
            row.display_name = format_date(self.env, row.date) if row.date else ""

    # -- CRUD -------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            known = {"recorded_at": fields.Datetime.now(), "voided_at": False}
            vals_list = [{**vals, **known} for vals in vals_list]
        rows = super().create(vals_list)
        rows._degrees_changed()
        return rows

    def write(self, vals):
        """Another figure is kept beside the one that it replaces."""
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in KNOWN}
        changed = self.browse()
        if any(name in vals for name in SAID):
            self._refuse_voided()
            changed = self.filtered(lambda row: not row._says(vals))
        if not changed:
            return super().write(vals)
        before = [
            {**row._said(), "recorded_at": row.recorded_at, "voided_at": fields.Datetime.now()}
            for row in changed
        ]
        (self - changed).write(vals)
        changed._degrees_changed()
        done = super(DegreeDay, changed).write({**vals, "recorded_at": fields.Datetime.now()})
        # what was known then is nobody's to write
        self.sudo().create(before)
        changed._degrees_changed()
        return done

    def _says(self, vals):
        return all(
            self._fields[name].convert_to_write(self[name], self)
            == self._fields[name].convert_to_write(
                self._fields[name].convert_to_record(
                    self._fields[name].convert_to_cache(vals[name], self), self
                ),
                self,
            )
            for name in SAID
            if name in vals
        )

    def _said(self):
        return {"date": self.date, "company_id": self.company_id.id, "value": self.value}

    def _refuse_voided(self):
        for row in self.filtered("voided_at"):
            raise UserError(
                self.env._(
                    "%(day)s: this figure is voided and only kept for the record. Change the one "
                    "in force.",
                    day=row.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for row in self:
            raise UserError(
                self.env._(
                    "The degree days of %(day)s are kept for the record. Type another figure over "
                    "them, or withdraw them: the day then follows the usual share of its month.",
                    day=row.display_name,
                )
            )

    # -- buttons ----------------------------------------------------------------------------

    def action_withdraw(self):
        """Take figures out of force: their days follow the usual share of their month."""
        self.check_access("write")
        live = self.filtered(lambda row: not row.voided_at)
        # when a figure went out of force is nobody's to write
        live.sudo().write({"voided_at": fields.Datetime.now()})
        live._degrees_changed()
        return True

    # -- what rests on them -----------------------------------------------------------------

    def _degrees_changed(self):
        """Called before and after figures came, changed or went."""
        for company, rows in self.grouped("company_id").items():
            days = rows.mapped("date")
            self.env["utility.usage"]._recalculate_degrees(company, min(days), max(days))
