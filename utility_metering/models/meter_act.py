from odoo import api, fields, models


class MeterAct(models.Model):
    """The paper about what was done at a point: installed, exchanged, verified, refused access."""

    _name = "utility.meter.act"
    _description = "Metering Act"
    _inherit = ["utility.numbered.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "number"
    _check_company_auto = True

    number = fields.Char(
        copy=False,
        readonly=True,
        index="trigram",
        help="Given by the company's numbering of metering acts.",
    )
    kind = fields.Selection(
        [
            ("installation", "Installation"),
            ("exchange", "Exchange"),
            ("removal", "Removal"),
            ("verification", "Verification"),
            ("repair", "Repair"),
            ("sealing", "Sealing"),
            ("check", "Check visit"),
            ("refusal", "Refusal of access"),
        ],
        required=True,
        index=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    service_point_id = fields.Many2one(
        "utility.service.point", index=True, check_company=True, ondelete="restrict"
    )
    premise_id = fields.Many2one(related="service_point_id.premise_id", store=True, index=True)
    meter_id = fields.Many2one("utility.meter", index=True, ondelete="restrict")
    new_meter_id = fields.Many2one("utility.meter", index=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", "Drawn up by", default=lambda self: self.env.user)
    customer_name = fields.Char("In the Presence of")
    findings = fields.Text()
    reading_ids = fields.One2many("utility.reading", "act_id", "Readings")
    seal_ids = fields.One2many("utility.meter.seal", "act_id", "Seals")
    removed_seal_ids = fields.Many2many(
        "utility.meter.seal",
        "utility_meter_act_removed_seal_rel",
        "act_id",
        "seal_id",
        "Seals Taken off",
    )
    verification_ids = fields.One2many("utility.meter.verification", "act_id", "Verifications")
    outage_ids = fields.One2many("utility.meter.outage", "act_id", "Repairs and Faults")

    _number_unique = models.UniqueIndex(
        "(company_id, number)", "Another metering act of the company has this number."
    )

    @api.depends("number", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for act in self:
            act.display_name = f"{kinds.get(act.kind, '')} {act.number or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        acts = super().create(vals_list)
        acts._number_by_company("meter_act")
        return acts

    def _meters(self):
        """The meters that the act is about, the one that went first."""
        return self.meter_id | self.new_meter_id

    def _payers(self):
        """Accounts that are served by the point on the day of the act."""
        self.ensure_one()
        return self.service_point_id.agreement_ids._in_force(self.date).account_id
