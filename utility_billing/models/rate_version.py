from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.utility_base.tools.dates import day_after

# what may still be written when a version is approved
FREE = {"note", "date_end"}
# what only the buttons set
DECIDED = {
    "state",
    "approved_by",
    "approved_at",
    "voided_at",
    "voided_by",
    "void_reason",
    "ended_by_id",
    "end_before",
}


class RateVersion(models.Model):
    """What a service costs from a day on: drafted, tested, approved, and then locked.

    `date_start` and `date_end` are both included. Approving a version ends the one before it.
    """

    _name = "utility.rate.version"
    _description = "Version of a Tariff"
    _inherit = ["mail.thread"]
    _order = "schedule_id, date_start desc, id desc"
    _check_company_auto = True

    schedule_id = fields.Many2one(
        "utility.rate.schedule", "Tariff", required=True, index=True, ondelete="restrict"
    )
    plan_id = fields.Many2one(related="schedule_id.plan_id", store=True, index=True)
    service_id = fields.Many2one(related="schedule_id.service_id", store=True, index=True)
    company_id = fields.Many2one(related="schedule_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    uom_id = fields.Many2one(related="service_id.uom_id")
    date_start = fields.Date(
        "From",
        required=True,
        index=True,
        default=lambda self: self._default_date_start(),
        tracking=True,
        help="First day on which these prices are in force.",
    )
    date_end = fields.Date(
        "To",
        copy=False,
        tracking=True,
        help="Last day; set to the day before the next approved version. Set it by hand where the "
        "service has no price any more.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("tested", "Tested"), ("approved", "Approved")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    standing = fields.Selection(
        [
            ("draft", "Draft"),
            ("tested", "Tested"),
            ("planned", "Planned"),
            ("in_force", "In Force"),
            ("ended", "Ended"),
            ("withdrawn", "Withdrawn"),
        ],
        compute="_compute_standing",
        search="_search_standing",
    )
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    voided_at = fields.Datetime("Withdrawn on", readonly=True, copy=False, tracking=True)
    voided_by = fields.Many2one("res.users", "Withdrawn by", readonly=True, copy=False)
    void_reason = fields.Char("Why Withdrawn", readonly=True, copy=False, tracking=True)
    ended_at = fields.Datetime(
        "End Recorded on", readonly=True, copy=False, help="When its last day was set by hand."
    )
    ended_by_id = fields.Many2one(
        "utility.rate.version",
        "Ended by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The version whose approval ended this one.",
    )
    end_before = fields.Date("To, as Foreseen", readonly=True, copy=False)
    basis = fields.Text(
        "Decision", help="Who set these prices, when, in which document; printed where asked for."
    )
    document_id = fields.Many2one("utility.document", check_company=True, ondelete="restrict")
    note = fields.Text()
    calendar_id = fields.Many2one(
        "utility.tou.calendar",
        "Calendar of Zones",
        check_company=True,
        ondelete="restrict",
        help="Which zone it is at which hour: for interval data, and for quantities that were "
        "not metered by zones.",
    )
    netting = fields.Boolean(
        "Net Metering",
        help="What is fed in covers what is taken out, zone by zone in the order of the zones.",
    )
    component_ids = fields.One2many("utility.rate.component", "version_id", "Components", copy=True)
    component_count = fields.Integer(compute="_compute_component_count")
    summary = fields.Text(compute="_compute_summary", help="What it costs, in words.")

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (schedule_id WITH =, daterange(date_start, date_end, '[]') WITH &&) "
        "WHERE (state = 'approved' AND voided_at IS NULL)",
        "Two approved versions of a tariff may not be in force on one day.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "The last day may not come before the first one.",
    )

    def _default_date_start(self):
        return fields.Date.start_of(
            fields.Date.add(fields.Date.context_today(self), months=1), "month"
        )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("schedule_id.name", "date_start")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(schedule)s from %(day)s",
                schedule=version.schedule_id.name or "",
                day=format_date(self.env, version.date_start),
            )

    @api.depends_context("tz")
    @api.depends("state", "date_start", "date_end", "voided_at")
    def _compute_standing(self):
        today = fields.Date.context_today(self)
        for version in self:
            version.standing = version._standing_on(today)

    def _standing_on(self, day):
        if self.voided_at:
            return "withdrawn"
        if self.state != "approved":
            return self.state
        if self.date_start > day:
            return "planned"
        return "ended" if self.date_end and self.date_end < day else "in_force"

    def _search_standing(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        live = fields.Domain("voided_at", "=", False)
        approved = live & fields.Domain("state", "=", "approved")
        begun = fields.Domain("date_start", "<=", today)
        ended = fields.Domain("date_end", "!=", False) & fields.Domain("date_end", "<", today)
        domains = {
            "draft": live & fields.Domain("state", "=", "draft"),
            "tested": live & fields.Domain("state", "=", "tested"),
            "planned": approved & ~begun,
            "in_force": approved & begun & ~ended,
            "ended": approved & begun & ended,
            "withdrawn": ~live,
        }
        return fields.Domain.OR(domains[standing] for standing in value if standing in domains)

    @api.depends("component_ids")
    def _compute_component_count(self):
        for version in self:
            version.component_count = len(version.component_ids)

    @api.depends("component_ids.name", "component_ids.summary")
    def _compute_summary(self):
        for version in self:
            version.summary = "\n".join(
                f"{component.name}: {component.summary}"
                for component in version.component_ids
                if component.name
            )

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("date_start", "schedule_id", "state", "voided_at")
    def _check_after_locked(self):
        """What was approved stays: a version may only follow it."""
        for version in self.filtered(lambda version: not version.voided_at):
            locked = self.search(
                [
                    ("schedule_id", "=", version.schedule_id.id),
                    ("state", "=", "approved"),
                    ("voided_at", "=", False),
                    ("date_start", ">=", version.date_start),
                    ("id", "!=", version.id),
                ],
                order="date_start desc",
                limit=1,
            )
            if locked and version.state != "approved":
                raise ValidationError(
                    self.env._(
                        "%(schedule)s: a version from %(day)s cannot stand before the approved one "
                        "from %(locked)s. Take a later day, or withdraw the approved version "
                        "first.",
                        schedule=version.schedule_id.name,
                        day=format_date(self.env, version.date_start),
                        locked=format_date(self.env, locked.date_start),
                    )
                )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for version in self:
            if version.date_end and version.date_end < version.date_start:
                raise ValidationError(
                    self.env._(
                        "%(version)s: the last day %(end)s comes before the first one.",
                        version=version.display_name,
                        end=format_date(self.env, version.date_end),
                    )
                )

    # -- what is locked ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # said outright: else defaults of the caller's own would say it
            begun = {**dict.fromkeys(DECIDED, False), "state": "draft"}
            vals_list = [{**vals, **begun} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        names = {name for name in vals if not name.startswith(("message_", "activity_"))}
        if not self.env.su and names & DECIDED:
            raise UserError(
                self.env._("A version is tested, approved and withdrawn by its buttons.")
            )
        if names - FREE - DECIDED:
            self._begin_change()
        if "date_end" in vals:
            self._refuse_withdrawn()
            if "ended_by_id" not in vals:
                vals = {**vals, "ended_at": fields.Datetime.now()}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._refuse_locked()

    def _begin_change(self):
        """Prices may change only before approval; what was tested is to be tested again."""
        self._refuse_locked()
        tested = self.filtered(lambda version: version.state == "tested")
        # the state is set by the buttons only
        tested.sudo().write({"state": "draft"})

    def _refuse_locked(self):
        for version in self:
            if version.state == "approved":
                raise UserError(
                    self.env._(
                        "%(version)s is approved and locked. Copy it to a new version, end it, or "
                        "withdraw it with a reason.",
                        version=version.display_name,
                    )
                )

    def _refuse_withdrawn(self):
        for version in self:
            if version.voided_at:
                raise UserError(
                    self.env._(
                        "%(version)s is withdrawn: copy it to a new version.",
                        version=version.display_name,
                    )
                )

    # -- copies -----------------------------------------------------------------------------

    def copy_data(self, default=None):
        data = super().copy_data(default)
        if default and "date_start" in default:
            return data
        for version, vals in zip(self, data, strict=True):
            vals["date_start"] = version._next_start()
        return data

    def copy(self, default=None):
        copies = super().copy(default)
        for version, new in zip(self, copies, strict=True):
            version.component_ids._copy_references(new)
        return copies

    def _next_start(self):
        """The first of a month: of the next one, or of the one after the last version."""
        latest = max(
            self.schedule_id.version_ids.filtered(
                lambda version: version.state == "approved" and not version.voided_at
            ).mapped("date_start"),
            default=None,
        )
        first = self._default_date_start()
        if latest and latest >= first:
            first = fields.Date.start_of(fields.Date.add(day_after(latest), months=1), "month")
        return first
