from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

# weights of what narrows a schedule down: each outweighs all that come after it
ACCOUNT, PLACE, PREMISE_TYPE, PAYER = 1_000_000, 1_000, 100, 10
# what stays once a version is approved
LOCKED = frozenset(
    {"plan_id", "service_id", "premise_id", "premise_type_ids", "payer_kind", "account_id"}
)


class RateSchedule(models.Model):
    """A service's rate in a plan, for all agreements or some: the most specific wins."""

    _name = "utility.rate.schedule"
    _description = "Tariff"
    _inherit = ["mail.thread"]
    _order = "plan_id, service_id, priority desc, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    plan_id = fields.Many2one(
        "utility.rate.plan",
        "Tariff Plan",
        required=True,
        index=True,
        default=lambda self: self.env["utility.rate.plan"]._default_of(self.env.company),
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_id = fields.Many2one(
        "utility.service",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    uom_id = fields.Many2one(related="service_id.uom_id")
    sequence = fields.Integer(default=10, help="Of two that fit as well, the first is taken.")
    active = fields.Boolean(default=True, tracking=True)
    premise_id = fields.Many2one(
        "utility.premise",
        "Where",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="A locality, street or building and all that is in it; empty: everywhere.",
    )
    premise_type_ids = fields.Many2many(
        "utility.premise.type",
        "utility_rate_schedule_type_rel",
        "schedule_id",
        "premise_type_id",
        string="Kinds of Premises",
        help="Empty: premises of every kind.",
    )
    payer_kind = fields.Selection(
        [("individual", "Individuals"), ("legal", "Legal entities")],
        "Payers",
        tracking=True,
        help="Empty: both. A collective account counts as a legal entity.",
    )
    account_id = fields.Many2one(
        "utility.account",
        "Individual Price of",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Only this account; it wins over everything else.",
    )
    priority = fields.Integer(
        compute="_compute_priority",
        store=True,
        precompute=True,
        index=True,
        help="The most specific tariff wins: an account's own, then the nearest place, then kinds "
        "of premises, then the kind of payer.",
    )
    version_ids = fields.One2many("utility.rate.version", "schedule_id", "Versions")
    current_version_id = fields.Many2one(
        "utility.rate.version", "In Force Today", compute="_compute_current_version"
    )
    scope = fields.Char("For", compute="_compute_scope")

    @api.depends("account_id", "premise_id.parent_path", "premise_type_ids", "payer_kind")
    def _compute_priority(self):
        for schedule in self:
            depth = (schedule.premise_id.parent_path or "").count("/")
            schedule.priority = (
                ACCOUNT * bool(schedule.account_id)
                + PLACE * depth
                + PREMISE_TYPE * bool(schedule.premise_type_ids)
                + PAYER * bool(schedule.payer_kind)
            )

    @api.depends_context("tz")
    @api.depends(
        "version_ids.state",
        "version_ids.date_start",
        "version_ids.date_end",
        "version_ids.voided_at",
    )
    def _compute_current_version(self):
        today = fields.Date.context_today(self)
        for schedule in self:
            schedule.current_version_id = schedule._version_on(today)

    @api.depends("account_id", "premise_id", "premise_type_ids", "payer_kind")
    def _compute_scope(self):
        payers = dict(self._fields["payer_kind"]._description_selection(self.env))
        for schedule in self:
            parts = [
                schedule.account_id.display_name,
                schedule.premise_id.display_name,
                ", ".join(schedule.premise_type_ids.mapped("name")),
                payers.get(schedule.payer_kind),
            ]
            schedule.scope = " · ".join(part for part in parts if part) or self.env._("Everyone")

    def write(self, vals):
        names = LOCKED & set(vals)
        before = {schedule: [schedule[name] for name in names] for schedule in self}
        if "active" in vals and not vals["active"]:
            self._refuse_in_force()
        done = super().write(vals)
        for schedule in self:
            if before[schedule] != [schedule[name] for name in names]:
                schedule._refuse_approved()
        return done

    def _refuse_approved(self):
        """What was approved for some payers is not for others: what was billed rests on it."""
        locked = self.version_ids.filtered("approved_at")
        if locked:
            raise ValidationError(
                self.env._(
                    "%(schedule)s has an approved version since %(day)s: its service, its plan and "
                    "whom it is for stay. Make another tariff instead.",
                    schedule=self.name,
                    day=format_date(self.env, locked[-1:].date_start),
                )
            )

    def _refuse_in_force(self):
        """A tariff that is archived goes on to price what it was in force for."""
        today = fields.Date.context_today(self)
        for schedule in self:
            if schedule.version_ids.filtered(
                lambda version: version._standing_on(today) in ("in_force", "planned")
            ):
                raise ValidationError(
                    self.env._(
                        "%s is in force: set the last day of its version, or withdraw it, first.",
                        schedule.name,
                    )
                )

    def _version_on(self, day):
        """The approved version in force on a day; may be empty."""
        self.ensure_one()
        return self.version_ids.filtered(
            lambda version: (
                version.state == "approved"
                and not version.voided_at
                and version.date_start <= day
                and (not version.date_end or version.date_end >= day)
            )
        )[:1]

    def action_open(self):
        """The record on a page of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_new_version(self):
        """A form for the next version, with what is in force now as its beginning."""
        self.ensure_one()
        last = self.version_ids.filtered(lambda version: not version.voided_at)[:1]
        if last:
            return last.action_copy()
        return {
            "type": "ir.actions.act_window",
            "res_model": "utility.rate.version",
            "view_mode": "form",
            "context": {"default_schedule_id": self.id},
        }
