from odoo import api, fields, models
from odoo.fields import Command, Domain


class Meter(models.Model):
    """A device with its whole life: where it hangs, how it was verified, sealed and repaired."""

    _name = "utility.meter"
    _description = "Meter"
    _inherit = ["utility.attribute.owner.mixin", "mail.thread", "mail.activity.mixin"]
    _attribute_owner_field = "meter_id"
    _order = "serial, id"
    _rec_name = "serial"
    _check_company_auto = True

    serial = fields.Char("Serial Number", required=True, index="trigram", tracking=True)
    type_id = fields.Many2one(
        "utility.meter.type", required=True, index=True, ondelete="restrict", tracking=True
    )
    service_kind = fields.Selection(related="type_id.service_kind", store=True, index=True)
    technology = fields.Selection(related="type_id.technology")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("store", "In store"),
            ("installed", "Installed"),
            ("repair", "In repair"),
            ("scrapped", "Scrapped"),
        ],
        required=True,
        default="store",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    ownership = fields.Selection(
        [("company", "The company's"), ("customer", "The customer's"), ("building", "The house's")],
        required=True,
        default="company",
    )
    owner_partner_id = fields.Many2one("res.partner", "Owner", ondelete="restrict")
    manufacture_year = fields.Integer()
    register_ids = fields.One2many("utility.meter.register", "meter_id", "Registers")
    installation_ids = fields.One2many("utility.meter.installation", "meter_id", "Installations")
    verification_ids = fields.One2many("utility.meter.verification", "meter_id", "Verifications")
    seal_ids = fields.One2many("utility.meter.seal", "meter_id", "Seals")
    outage_ids = fields.One2many("utility.meter.outage", "meter_id", "Repairs and Faults")
    attribute_value_ids = fields.One2many("utility.attribute.value", "meter_id", "Attributes")
    installation_id = fields.Many2one(
        "utility.meter.installation",
        "Hangs at",
        readonly=True,
        copy=False,
        help="The installation that has not ended.",
    )
    service_point_id = fields.Many2one(
        related="installation_id.service_point_id", store=True, index=True
    )
    premise_id = fields.Many2one(related="service_point_id.premise_id", store=True, index=True)
    verified_on = fields.Date("Verified on", readonly=True, copy=False)
    valid_until = fields.Date(
        "Verification Valid until", readonly=True, copy=False, index=True, tracking=True
    )

    _serial_unique = models.Constraint(
        "UNIQUE (company_id, type_id, serial)",
        "Another meter of this type in the company has this serial number.",
    )

    @api.depends("serial", "type_id.name")
    def _compute_display_name(self):
        for meter in self:
            parts = (meter.serial, meter.type_id.name)
            meter.display_name = " · ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        if operator == "ilike" and isinstance(value, str) and value.strip():
            return Domain.AND(
                Domain("serial", "ilike", word)
                | Domain("type_id.name", "ilike", word)
                | Domain("premise_id.address", "ilike", word)
                for word in value.split()
            )
        return super()._search_display_name(operator, value)

    @api.model_create_multi
    def create(self, vals_list):
        """A new meter gets its type's registers unless it brings its own."""
        kinds = self.env["utility.meter.type"]
        for vals in vals_list:
            if not vals.get("register_ids") and vals.get("type_id"):
                registers = kinds.browse(vals["type_id"]).register_ids
                vals["register_ids"] = [
                    Command.create(register._prepare_register_vals()) for register in registers
                ]
        return super().create(vals_list)

    def _domain_may_have(self, attribute):
        return Domain.TRUE

    def _may_have_attribute(self, attribute):
        return True

    # -- what dated facts say of today ------------------------------------------------------

    def _refresh_installation(self):
        """Where each meter hangs now, from its live installations; its state follows."""
        live = {
            meter: meter.installation_ids.filtered(
                lambda row: not row.voided_at and not row.date_end
            )[:1]
            for meter in self
        }
        moved = self.filtered(lambda meter: meter.installation_id != live[meter])
        if self.env.context.get("tracking_disable"):
            # nothing is told of each move: what follows from all of them is found at once
            field = self._fields["installation_id"]
            for meter in moved:
                field.write(meter, live[meter].id)
            moved.modified([field.name])
        else:
            for meter in moved:
                meter.installation_id = live[meter]
        self._refresh_state()

    def _refresh_verification(self):
        """The latest verification that was passed and was not voided."""
        for last, meters in self.grouped(lambda meter: meter._last_verified()).items():
            meters.write(dict(zip(("verified_on", "valid_until"), last, strict=True)))

    def _last_verified(self):
        """Day and end of the latest verification that was passed and was not voided."""
        passed = self.verification_ids.filtered(
            lambda row: not row.voided_at and row.result == "passed"
        )
        last = passed.sorted("date_start")[-1:]
        return last.date_start, last.date_end
