from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# the meter is not where it hangs, or is not to be touched
AWAY = ("repair", "verification")
SOON = relativedelta(months=3)


class Meter(models.Model):
    """A meter's states, deadlines and its life on one card."""

    _name = "utility.meter"
    _inherit = ["utility.meter", "utility.timeline.mixin"]

    building_id = fields.Many2one(related="installation_id.building_id", store=True, index=True)
    service_id = fields.Many2one(related="installation_id.service_id", store=True, index=True)
    verification_state = fields.Selection(
        [
            ("none", "Needs none"),
            ("unknown", "Not known"),
            ("valid", "Valid"),
            ("soon", "Ends within 3 months"),
            ("overdue", "Overdue"),
        ],
        "Verification",
        compute="_compute_verification_state",
    )
    notified_for = fields.Date(
        readonly=True,
        copy=False,
        help="The end of validity of which the payers were told by a notice.",
    )
    reading_ids = fields.One2many("utility.reading", "meter_id", "Readings")
    act_ids = fields.Many2many("utility.meter.act", string="Acts", compute="_compute_act_ids")
    is_away = fields.Boolean(compute="_compute_is_away", help="In repair or at a laboratory.")
    has_fault = fields.Boolean(compute="_compute_is_away")
    away_cause = fields.Selection(
        lambda self: (
            self.env["utility.meter.outage"]._fields["cause"]._description_selection(self.env)
        ),
        "Out of Use Because",
        compute="_compute_is_away",
    )
    away_since = fields.Date("Out of Use Since", compute="_compute_is_away")

    @api.depends_context("tz")
    @api.depends("valid_until", "type_id.verification_months")
    def _compute_verification_state(self):
        today = fields.Date.context_today(self)
        for meter in self:
            until = meter.valid_until
            if not until:
                needed = meter.type_id.verification_months and not meter.verified_on
                meter.verification_state = "unknown" if needed else "none"
            elif until < today:
                meter.verification_state = "overdue"
            else:
                meter.verification_state = "soon" if until <= today + SOON else "valid"

    def _compute_act_ids(self):
        acts = self.env["utility.meter.act"].search(self._acts_domain())
        for meter in self:
            meter.act_ids = acts.filtered(lambda act, meter=meter: meter._origin in act._meters())

    def _acts_domain(self):
        ids = self._origin.ids
        return Domain("meter_id", "in", ids) | Domain("new_meter_id", "in", ids)

    @api.depends("outage_ids.date_end", "outage_ids.voided_at")
    def _compute_is_away(self):
        for meter in self:
            outage = meter._open_outages()[:1].sudo()
            meter.away_cause = outage.cause
            meter.away_since = outage.date_start
            meter.is_away = outage.cause in AWAY
            meter.has_fault = bool(outage) and not meter.is_away

    def _open_outages(self):
        """Repairs and faults of which no end is known.

        Whoever sees a meter may know that it is out of use: field controllers read no outages.
        """
        outages = self.sudo().outage_ids
        return outages.filtered(lambda row: not row.voided_at and not row.date_end).sudo(False)

    # -- states -----------------------------------------------------------------------------

    def _refresh_state(self):
        """The state that follows from where the meter hangs and whether it is away."""
        outages = self._open_outages().sudo()
        away = outages.filtered(lambda row: row.cause in AWAY).meter_id.sudo(False)
        for state, meters in self.grouped(lambda meter: meter._state_now(away)).items():
            meters.filtered(lambda meter, state=state: meter.state != state).state = state

    def _state_now(self, away):
        """:param away: meters that are in repair or lost"""
        if self in away:
            return "repair"
        if self.installation_id:
            return "installed"
        return "scrapped" if self.state == "scrapped" else "store"

    def action_scrap(self):
        """The meter will never be used again; it can be put back to store."""
        for meter in self:
            if meter.installation_id:
                raise UserError(
                    self.env._(
                        "Meter %(meter)s hangs at %(point)s. Remove it there first.",
                        meter=meter.serial,
                        point=meter.service_point_id.display_name,
                    )
                )
        today = fields.Date.context_today(self)
        for outage in self._open_outages():
            outage._close(max(today, outage.date_start))
        self.write({"state": "scrapped"})

    def action_to_store(self):
        """Back from the scrap heap: it was a mistake, or it was mended after all."""
        for meter in self.filtered(lambda meter: meter.state != "scrapped"):
            raise UserError(self.env._("Meter %s is not scrapped.", meter.serial))
        self.write({"state": "store"})

    # -- the card ---------------------------------------------------------------------------

    def _timeline_sources(self):
        def of_meter(meter):
            return [("meter_id", "=", meter.id)]

        facts = (
            ("installation", self.env._("Hangs at"), "fa-plug"),
            ("verification", self.env._("Verification"), "fa-certificate"),
            ("seal", self.env._("Seal"), "fa-lock"),
            ("outage", self.env._("Repair or Fault"), "fa-wrench"),
        )
        sources = [
            {
                "key": key,
                "label": label,
                "icon": icon,
                "model": f"utility.meter.{key}",
                "domain": of_meter,
            }
            for key, label, icon in facts
        ]
        return (
            super()._timeline_sources()
            + sources
            + [
                {
                    "key": "attribute",
                    "label": self.env._("Attribute"),
                    "icon": "fa-tag",
                    "model": "utility.attribute.value",
                    "domain": of_meter,
                },
                {
                    "key": "act",
                    "label": self.env._("Act"),
                    "icon": "fa-file-text-o",
                    "model": "utility.meter.act",
                    "events": lambda meter: meter._timeline_acts(),
                },
                {
                    "key": "reading",
                    "label": self.env._("Reading"),
                    "icon": "fa-tachometer",
                    "model": "utility.reading",
                    "events": lambda meter: meter._timeline_readings(),
                },
            ]
        )

    def _timeline_acts(self):
        return [
            {
                "date": act.date,
                "date_end": False,
                "title": act.display_name,
                "text": act.findings or "",
                "state": "ended",
                "res_model": act._name,
                "res_id": act.id,
            }
            for act in self.act_ids
        ]

    def _timeline_readings(self):
        kinds = dict(
            self.env["utility.reading"]._fields["reading_type"]._description_selection(self.env)
        )
        return [
            {
                "date": reading.date,
                "date_end": False,
                "title": f"{reading.register_id.code}: {reading.register_id._shown(reading.value)}",
                "text": kinds[reading.reading_type],
                "state": "voided" if reading.voided_at else "ended",
                "res_model": reading._name,
                "res_id": reading.id,
            }
            for reading in self.reading_ids
        ]

    # -- buttons ----------------------------------------------------------------------------

    def action_work(self):
        """The wizard for the operation that the button's context names."""
        self.ensure_one()
        operation = self.env.context["operation"]
        return self.env["utility.meter.work"]._action_start(
            operation,
            meter_id=self.id,
            service_point_id=self.service_point_id.id,
        )
