from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

TERMS = (
    "counting",
    "place",
    "ct_primary",
    "ct_secondary",
    "vt_primary",
    "vt_secondary",
    "allocator_factor",
    "container_volume",
    "container_count",
)


class MeterWork(models.TransientModel):
    """A meter is installed at a point; one that hangs there may be taken off the same day."""

    _inherit = "utility.meter.work"

    new_serial = fields.Char("Serial Number")
    new_type_id = fields.Many2one(
        "utility.meter.type",
        "Type",
        compute="_compute_new_type_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', (False, company_id))]",
    )
    new_technology = fields.Selection(related="new_type_id.technology")
    new_service_kind = fields.Selection(related="new_type_id.service_kind")
    new_meter_id = fields.Many2one(
        "utility.meter", "Known as", compute="_compute_new_meter_id", store=True
    )
    new_meter_state = fields.Selection(related="new_meter_id.state", string="Is Now")
    ownership = fields.Selection(
        lambda self: (
            self.env["utility.meter"]._fields["ownership"]._description_selection(self.env)
        ),
        default="company",
    )
    manufacture_year = fields.Integer("Made in")
    verified_on = fields.Date(
        "Verified on", help="Empty: what is on record stays, a new meter has no verification known."
    )
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        readonly=False,
        help="Last day on which the meter may be billed by.",
    )
    counting = fields.Selection(
        lambda self: (
            self.env["utility.meter.installation"]
            ._fields["counting"]
            ._description_selection(self.env)
        ),
        default="add",
    )
    place = fields.Char("Where It Hangs")
    ct_primary = fields.Float("CT Primary, A", digits=(16, 3))
    ct_secondary = fields.Float("CT Secondary, A", digits=(16, 3))
    vt_primary = fields.Float("VT Primary, V", digits=(16, 3))
    vt_secondary = fields.Float("VT Secondary, V", digits=(16, 3))
    allocator_factor = fields.Float(digits=(16, 6))
    container_volume = fields.Float("Volume of a Container", digits=(16, 3))
    container_count = fields.Integer("Containers")
    old_meter_to = fields.Selection(
        [("store", "To the store"), ("repair", "To repair"), ("scrapped", "Scrapped")],
        "The Old Meter Goes",
        required=True,
        default="store",
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("new_serial", "meter_id", "service_point_id")
    def _compute_new_type_id(self):
        """The type of the meter with that serial number, else that of the meter that goes."""
        for work in self:
            found = work._meters_by_serial()
            known = found.filtered(lambda meter, work=work: meter.type_id == work.new_type_id)
            if len(found.type_id) == 1:
                work.new_type_id = found.type_id
            elif not work.new_type_id and not known:
                work.new_type_id = work.meter_id.type_id

    @api.depends("new_serial", "new_type_id", "company_id")
    def _compute_new_meter_id(self):
        for work in self:
            work.new_meter_id = work._meters_by_serial().filtered(
                lambda meter, work=work: meter.type_id == work.new_type_id
            )

    def _meters_by_serial(self):
        serial = (self.new_serial or "").strip()
        if not serial:
            return self.env["utility.meter"]
        return self.env["utility.meter"].search(
            [("company_id", "=", self.company_id.id), ("serial", "=ilike", serial)]
        )

    @api.depends("verified_on", "new_type_id", "operation", "meter_id", "date", "date_back")
    def _compute_valid_until(self):
        for work in self:
            if work.operation == "install":
                kind, day = work.new_type_id, work.verified_on
            else:
                kind, day = work.meter_id.type_id, work.date_back or work.date
            work.valid_until = kind._valid_until(day) if kind and day else False

    @api.depends("new_meter_id", "new_type_id")
    def _compute_line_ids(self):
        return super()._compute_line_ids()

    def _prepare_lines(self):
        lines = super()._prepare_lines()
        if self.operation != "install" or not (self.new_serial or "").strip():
            return lines
        if self.new_meter_id:
            return lines + [
                Command.create({"side": "new", "register_id": register.id})
                for register in self.new_meter_id.register_ids
            ]
        return lines + [
            Command.create({"side": "new", "type_register_id": register.id})
            for register in self.new_type_id.register_ids
        ]

    @api.onchange("meter_id")
    def _onchange_meter_terms(self):
        """What hung at the point hangs on: the new meter takes place and transformers over."""
        installation = self.meter_id.installation_id
        if self.operation == "install" and installation:
            for name in TERMS:
                self[name] = installation[name]
            self.ownership = self.meter_id.ownership

    # -- business ---------------------------------------------------------------------------

    def _do_install(self):
        self._refuse_uninstallable()
        exchange = bool(self.meter_id)
        if exchange:
            self._require_installed()
        new = self._find_or_create_meter()
        act = self._create_act(
            "exchange" if exchange else "installation",
            meter_id=(self.meter_id or new).id,
            new_meter_id=new.id if exchange else False,
        )
        if exchange:
            self._take_off(act)
        installation = self.env["utility.meter.installation"].create(
            self._prepare_installation(new)
        )
        self._record_readings(
            self.line_ids.filtered(lambda line: line.side == "new"), installation, "initial", act
        )
        self._place_seals(new, act)
        self._record_factory_verification(new, act)
        return act

    def _refuse_uninstallable(self):
        if not self.service_point_id:
            raise UserError(self.env._("Choose the service point at which the meter hangs."))
        if not (self.new_serial or "").strip() or not self.new_type_id:
            raise UserError(self.env._("Type the serial number and the type of the new meter."))
        new = self.new_meter_id
        if new and new == self.meter_id:
            raise UserError(
                self.env._(
                    "%(meter)s is the meter that hangs there. Type the serial number of the new "
                    "one.",
                    meter=new.display_name,
                )
            )
        if new.installation_id:
            raise UserError(
                self.env._(
                    "Meter %(meter)s hangs at %(point)s since %(day)s. Remove it there first.",
                    meter=new.serial,
                    point=new.service_point_id.display_name,
                    day=format_date(self.env, new.installation_id.date_start),
                )
            )
        if new.state == "scrapped":
            raise UserError(
                self.env._(
                    "Meter %(meter)s is scrapped. Put it back to store first.", meter=new.serial
                )
            )
        if new.state == "repair":
            raise UserError(
                self.env._("Meter %(meter)s is in repair. End the repair first.", meter=new.serial)
            )

    def _find_or_create_meter(self):
        """The meter with that serial number; one that nobody knew is added."""
        if self.new_meter_id:
            return self.new_meter_id
        meter = self.env["utility.meter"].create(
            {
                "serial": self.new_serial.strip(),
                "type_id": self.new_type_id.id,
                "company_id": self.company_id.id,
                "ownership": self.ownership,
                "manufacture_year": self.manufacture_year,
            }
        )
        registers = {register.code: register for register in meter.register_ids}
        for line in self.line_ids.filtered("type_register_id"):
            line.register_id = registers[line.type_register_id.code]
        return meter

    def _prepare_installation(self, meter):
        return {
            "meter_id": meter.id,
            "service_point_id": self.service_point_id.id,
            "date_start": self.date,
            **{name: self[name] for name in TERMS},
        }

    def _record_factory_verification(self, meter, act):
        if not self.verified_on:
            return
        if self.verified_on > self.date:
            raise UserError(
                self.env._(
                    "Meter %(meter)s was verified on %(verified)s, after it was installed. "
                    "Correct the day.",
                    meter=meter.serial,
                    verified=format_date(self.env, self.verified_on),
                )
            )
        self.env["utility.meter.verification"].create(
            {
                "meter_id": meter.id,
                "date_start": self.verified_on,
                "date_end": self.valid_until,
                "act_id": act.id,
            }
        )
