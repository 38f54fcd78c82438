from odoo import api, fields, models


class MeterAct(models.Model):
    """The paper about what was done at a point: installed, exchanged, verified, refused access."""

    _name = "utility.meter.act"
    _description = "Metering Act"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "number"
    _check_company_auto = True

    number = fields.Char(required=True, copy=False, readonly=True, default="/", index="trigram")
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
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
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

    @api.depends("number", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for act in self:
            act.display_name = f"{kinds.get(act.kind, '')} {act.number}".strip()
