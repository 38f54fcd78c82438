from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

SOURCES = [
    ("controller", "Controller"),
    ("portal", "Customer portal"),
    ("phone", "Phone"),
    ("sms", "SMS"),
    ("email", "E-mail"),
    ("file", "File"),
    ("automatic", "Automatic"),
    ("clerk", "Clerk"),
]
READING_TYPES = [
    ("initial", "Initial"),
    ("actual", "Actual"),
    ("customer", "Customer's"),
    ("estimated", "Estimated"),
    ("check", "Check"),
    ("final", "Final"),
]
STATES = [
    ("new", "New"),
    ("held", "Held"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("superseded", "Superseded"),
]
# what a recorded reading says; a correction makes another reading
FACTS = frozenset({"register_id", "date", "value", "installation_id", "reading_type", "source"})
# what validation finds, and what people decide by accepting, rejecting and correcting
JUDGED = frozenset(
    {
        "state",
        "state_reason",
        "decided_by",
        "decided_at",
        "recorded_at",
        "voided_at",
        "replaces_id",
        "previous_date",
        "previous_value",
        "usage",
        "finding_ids",
    }
)
CONFIRMED = frozenset({"rollover", "rollback"})


class Reading(models.Model):
    """What a register showed at the end of a day. A correction supersedes, never overwrites."""

    _name = "utility.reading"
    _description = "Meter Reading"
    _order = "date desc, id desc"
    _check_company_auto = True

    register_id = fields.Many2one(
        "utility.meter.register", required=True, index=True, ondelete="restrict"
    )
    meter_id = fields.Many2one(
        related="register_id.meter_id", store=True, index=True, precompute=True
    )
    installation_id = fields.Many2one(
        "utility.meter.installation",
        index=True,
        ondelete="restrict",
        help="Where the meter hung when it was read; empty for a meter in store.",
    )
    service_point_id = fields.Many2one(
        related="installation_id.service_point_id", store=True, index=True, precompute=True
    )
    service_id = fields.Many2one(
        related="installation_id.service_id", store=True, index=True, precompute=True
    )
    premise_id = fields.Many2one(
        related="installation_id.premise_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        related="installation_id.building_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="register_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date(
        required=True,
        index=True,
        default=fields.Date.context_today,
        help="The register showed the value at the end of this day.",
    )
    taken_on = fields.Date(
        help="The day on which somebody looked, where the reading counts for another day."
    )
    value = fields.Float(required=True, digits="Meter Reading", aggregator=None)
    uom_id = fields.Many2one(related="register_id.uom_id")
    source = fields.Selection(SOURCES, required=True, default="clerk", index=True)
    reading_type = fields.Selection(READING_TYPES, "Kind", required=True, default="actual")
    state = fields.Selection(
        STATES, required=True, default="new", readonly=True, copy=False, index=True
    )
    state_reason = fields.Char("Why", readonly=True, copy=False)
    decided_by = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime("Decided on", readonly=True, copy=False)
    recorded_at = fields.Datetime(
        "Recorded on", required=True, readonly=True, copy=False, default=fields.Datetime.now
    )
    voided_at = fields.Datetime(
        "Out of Force on", readonly=True, copy=False, help="When it was superseded or rejected."
    )
    replaces_id = fields.Many2one(
        "utility.reading", "Corrects", readonly=True, copy=False, index="btree_not_null"
    )
    replaced_by_ids = fields.One2many("utility.reading", "replaces_id", "Corrected by")
    rollover = fields.Boolean(
        "Register Rolled Over",
        help="The register passed its highest value and began again at zero.",
    )
    rollback = fields.Boolean(
        "Backward, Confirmed", help="The register really shows less than before; usage is negative."
    )
    previous_date = fields.Date("Previous on", readonly=True, copy=False)
    previous_value = fields.Float(
        "Previous", digits="Meter Reading", readonly=True, copy=False, aggregator=None
    )
    usage = fields.Float(
        digits="Utility Quantity",
        readonly=True,
        copy=False,
        help="Since the previous reading, as known when this one was recorded, times multiplier "
        "and factor.",
    )
    finding_ids = fields.One2many("utility.reading.finding", "reading_id", "Findings")
    photo = fields.Image(max_width=1920, max_height=1920, copy=False)
    note = fields.Char()
    act_id = fields.Many2one("utility.meter.act", index="btree_not_null")
    visit_id = fields.Many2one("utility.check.visit", index="btree_not_null")
    key = fields.Char(
        "Sender's Key",
        copy=False,
        readonly=True,
        help="Given by who sent it: the same key twice is the same reading.",
    )

    _one_accepted = models.UniqueIndex(
        "(register_id, date, (reading_type = 'initial')) WHERE state = 'accepted'",
        "The register has an accepted reading on this day already. Correct that one.",
    )
    _key_unique = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "This reading was sent before."
    )
    _series = models.Index("(register_id, date, id) WHERE state = 'accepted'")

    @api.depends("register_id", "date", "value")
    def _compute_display_name(self):
        for reading in self:
            register = reading.register_id
            reading.display_name = "{}: {} ({})".format(
                register.display_name or "",
                register._shown(reading.value) if register else reading.value,
                format_date(self.env, reading.date) if reading.date else "",
            )

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Whoever creates a reading records it: it is validated, then accepted or held."""
        return self._record(
            [
                {name: value for name, value in vals.items() if name not in JUDGED}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """A recorded reading may get a note, a photo, an act; what it says and what became of it
        has its own ways.

        :raise UserError: for a value that is on record or comes from a decision
        """
        for name in (FACTS | JUDGED | CONFIRMED) & vals.keys():
            for reading in self:
                field = self._fields[name]
                if field.convert_to_write(reading[name], reading) != vals[name]:
                    raise UserError(
                        self.env._(
                            "%(reading)s is on record and cannot be overwritten. Accept, reject "
                            "or correct it: a new value takes its place and both are kept.",
                            reading=reading.display_name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for reading in self:
            raise UserError(
                self.env._(
                    "%(reading)s is kept for the record. Reject it with a reason instead.",
                    reading=reading.display_name,
                )
            )

    # -- inside -----------------------------------------------------------------------------

    @api.model
    def _insert_rows(self, vals_list):
        """Write readings that were judged; whoever may record readings may not judge them."""
        return super().create(vals_list)  # pylint: disable=super-method-mismatch

    def _put(self, vals):
        """Write what validation or a person's decision found."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _decision(self, reason):
        return {
            "state_reason": reason,
            "decided_by": self.env.uid,
            "decided_at": fields.Datetime.now(),
        }

    def _readings_changed(self):
        """Called after readings came into force or went out of it."""
