from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class MeterWork(models.TransientModel):
    """What an engineer did at a meter, typed on one screen; it leaves a numbered act.

    An operation is a method `_do_<operation>` that records the facts and returns the act.
    """

    _name = "utility.meter.work"
    _description = "Work on a Meter"
    _check_company_auto = True

    operation = fields.Selection(
        [
            ("install", "Install or exchange"),
            ("removal", "Remove"),
            ("verification", "Verify"),
            ("repair", "Repair"),
            ("sealing", "Seal"),
        ],
        required=True,
        default="install",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        "Done on",
        required=True,
        default=fields.Date.context_today,
        help="The dials are read at the end of this day.",
    )
    service_point_id = fields.Many2one("utility.service.point", "Where", check_company=True)
    meter_id = fields.Many2one("utility.meter", check_company=True)
    meter_candidate_ids = fields.Many2many(
        "utility.meter", compute="_compute_meter_candidate_ids", string="Meters There"
    )
    installation_id = fields.Many2one(
        "utility.meter.installation", compute="_compute_installation_id"
    )
    user_id = fields.Many2one(
        "res.users", "Done by", required=True, default=lambda self: self.env.user
    )
    customer_name = fields.Char("In the Presence of")
    findings = fields.Text()
    line_ids = fields.One2many(
        "utility.meter.work.line",
        "work_id",
        "Readings",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    seal_ids = fields.One2many("utility.meter.work.seal", "work_id", "New Seals")
    removed_seal_ids = fields.Many2many(
        "utility.meter.seal",
        "utility_meter_work_removed_seal_rel",
        string="Seals Taken off",
        domain="[('meter_id', '=', meter_id), ('fact_state', 'in', ['in_force'])]",
    )

    # -- defaults and computes --------------------------------------------------------------

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        if values.get("service_point_id") and not values.get("meter_id"):
            point = self.env["utility.service.point"].browse(values["service_point_id"])
            values["meter_id"] = self._only_meter_at(point).id
        elif values.get("meter_id") and not values.get("service_point_id"):
            meter = self.env["utility.meter"].browse(values["meter_id"])
            values["service_point_id"] = meter.service_point_id.id
        return values

    @api.model
    def _only_meter_at(self, point):
        """The meter that hangs at the point, when there is just one."""
        meters = point._hanging_on(fields.Date.context_today(self)).meter_id
        return meters if len(meters) == 1 else meters.browse()

    @api.onchange("service_point_id")
    def _onchange_service_point_id(self):
        point = self.service_point_id
        if point and self.meter_id.service_point_id != point:
            self.meter_id = self._only_meter_at(point)

    @api.onchange("meter_id")
    def _onchange_meter_id(self):
        self.removed_seal_ids = False
        if self.meter_id.service_point_id:
            self.service_point_id = self.meter_id.service_point_id

    @api.depends("service_point_id")
    def _compute_meter_candidate_ids(self):
        for work in self:
            installations = work.service_point_id.installation_ids
            work.meter_candidate_ids = installations.filtered(
                lambda row: not row.voided_at and not row.date_end
            ).meter_id

    @api.depends("meter_id", "service_point_id")
    def _compute_installation_id(self):
        for work in self:
            hanging = work.meter_id.installation_id
            elsewhere = work.service_point_id and hanging.service_point_id != work.service_point_id
            work.installation_id = False if elsewhere else hanging

    @api.depends("operation", "meter_id")
    def _compute_line_ids(self):
        for work in self:
            work.line_ids = [Command.clear(), *work._prepare_lines()]

    def _prepare_lines(self):
        """A line for each register that is read during the work."""
        registers = self.meter_id.register_ids if self.meter_id.installation_id else []
        return [
            Command.create({"side": "old", "register_id": register.id}) for register in registers
        ]

    # -- buttons ----------------------------------------------------------------------------

    @api.model
    def _action_start(self, operation, **defaults):
        """The wizard for one operation, with what is known filled in."""
        xmlid = f"utility_metering.meter_work_{operation}_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["context"] = {
            "default_operation": operation,
            **{f"default_{name}": value for name, value in defaults.items() if value},
        }
        return action

    def action_apply(self):
        """Record the work and show its act, ready to be printed."""
        self.ensure_one()
        act = self._apply()
        return {
            "type": "ir.actions.act_window",
            "res_model": act._name,
            "res_id": act.id,
            "view_mode": "form",
        }

    # -- business ---------------------------------------------------------------------------

    def _apply(self):
        """Record the work.

        :return: the act
        :raise UserError: something is missing or may not be so; the message says what to do
        """
        self.env["utility.meter.installation"].check_access("create")
        self._refuse_future(self.date)
        act = getattr(self, f"_do_{self.operation}")()
        for meter in act._meters():
            meter.message_post(body=act._get_html_link(title=act.display_name))
        return act

    def _refuse_future(self, day):
        if day and day > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(day)s is in the future. Type the day on which the work was done.",
                    day=format_date(self.env, day),
                )
            )

    def _require_installed(self):
        if not self.meter_id:
            raise UserError(self.env._("Choose the meter."))
        if not self.installation_id:
            raise UserError(
                self.env._(
                    "Meter %(meter)s hangs nowhere. Install it first.", meter=self.meter_id.serial
                )
            )
        if self.date < self.installation_id.date_start:
            raise UserError(
                self.env._(
                    "Meter %(meter)s was installed on %(start)s, after %(day)s. Choose a later "
                    "day.",
                    meter=self.meter_id.serial,
                    start=format_date(self.env, self.installation_id.date_start),
                    day=format_date(self.env, self.date),
                )
            )

    def _create_act(self, kind, **vals):
        return self.env["utility.meter.act"].create(
            {
                "kind": kind,
                "date": self.date,
                "company_id": self.company_id.id,
                "service_point_id": self.service_point_id.id,
                "meter_id": self.meter_id.id,
                "user_id": self.user_id.id,
                "customer_name": self.customer_name,
                "findings": self.findings,
                **vals,
            }
        )

    def _place_seals(self, meter, act):
        """Record new seals on the meter, and those taken off as gone."""
        self.removed_seal_ids._close(self.date)
        act.removed_seal_ids |= self.removed_seal_ids
        self.env["utility.meter.seal"].create(
            [
                {
                    "number": seal.number.strip(),
                    "place": seal.place,
                    "meter_id": meter.id,
                    "company_id": self.company_id.id,
                    "date_start": self.date,
                    "act_id": act.id,
                }
                for seal in self.seal_ids
            ]
        )

    def _record_readings(self, lines, installation, kind, act, day=None):
        """Record what was read, as `kind`; the engineer's word stands against any suspicion."""
        day = day or self.date
        lines = lines.filtered(lambda line: not line.unread)
        lines._refuse_unlikely(day)
        fresh = lines.filtered(lambda line: not line._is_known(day, kind))
        readings = self.env["utility.reading"]._record(
            [line._prepare_reading(installation, kind, act, day) for line in fresh]
        )
        held = readings.filtered(lambda reading: reading.state == "held")
        if held:
            held._accept(self.env._("Read by the engineer, %s", act.display_name))
        return readings
