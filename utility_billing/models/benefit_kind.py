from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# what a charge that was made once rests on
SETTLED = (
    "kind value basis per norm_line_ids service_ids component_codes fund_partner_id fund_percent "
    "stacking company_id"
).split()


class BenefitKind(models.Model):
    """A relief that a law or the company grants: how much, of what, and who pays it."""

    _name = "utility.benefit.kind"
    _description = "Kind of Benefit"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="Used by registers of beneficiaries.", tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("percent", "Per cent of the amount"),
            ("amount", "An amount a month"),
            ("price", "Off the price of each unit"),
        ],
        "Relief Is",
        required=True,
        default="percent",
        tracking=True,
    )
    value = fields.Float(
        required=True,
        digits="Utility Price",
        tracking=True,
        help="Per cent, amount a month, or amount off each unit. A benefit may say otherwise. "
        "An amount is for each service that it is about.",
    )
    basis = fields.Selection(
        [("all", "All that is charged"), ("norm", "Only what lies within the norm")],
        "Relief of",
        required=True,
        default="all",
        tracking=True,
    )
    per = fields.Selection(
        [
            ("household", "The whole household"),
            ("person", "The persons it covers"),
        ],
        "Relief for",
        required=True,
        default="household",
        tracking=True,
        help="For persons: only the part of them among all residents.",
    )
    norm_line_ids = fields.One2many("utility.benefit.norm", "kind_id", "Norms", copy=True)
    service_ids = fields.Many2many(
        "utility.service",
        "utility_benefit_kind_service_rel",
        "kind_id",
        "service_id",
        "Services",
        check_company=True,
        help="Empty: all.",
    )
    component_codes = fields.Char(
        "Components",
        help="Codes of tariff components, with commas; empty: all that may be reduced.",
    )
    fund_partner_id = fields.Many2one(
        "res.partner",
        "Paid by Fund",
        ondelete="restrict",
        tracking=True,
        help="State or municipal fund that pays instead of the resident; empty: the company "
        "bears it.",
    )
    fund_percent = fields.Float(
        "Fund's Part, %",
        digits=(7, 4),
        default=100,
        tracking=True,
        help="How much of the relief the fund pays; the company bears the rest.",
    )
    fund_account_id = fields.Many2one(
        "account.account",
        "Receivable of the Fund",
        check_company=True,
        domain="[('account_type', '=', 'asset_receivable')]",
        help="Where the fund's part is booked; empty: the fund's own receivable account.",
    )
    stacking = fields.Selection(
        [
            ("sum", "They add up"),
            ("highest", "The greatest of each day counts"),
        ],
        "With Other Benefits",
        required=True,
        default="sum",
        tracking=True,
        help="Among those kinds of which only the greatest counts, one is taken each day.",
    )
    law = fields.Char("Legal Basis", help="Law and article that grant it.")
    note = fields.Text()
    benefit_ids = fields.One2many("utility.benefit", "kind_id", "Beneficiaries")
    benefit_count = fields.Integer("In Force", compute="_compute_benefit_count")
    is_used = fields.Boolean(compute="_compute_is_used")

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Another kind of benefit of the company has this code."
    )
    _value_not_negative = models.Constraint("CHECK (value >= 0)", "A relief is 0 or more.")
    _percent_range = models.Constraint(
        "CHECK (kind <> 'percent' OR value <= 100)", "A relief is at most 100 %."
    )
    _fund_range = models.Constraint(
        "CHECK (fund_percent BETWEEN 0 AND 100)", "The fund pays 0 to 100 % of the relief."
    )

    def _compute_benefit_count(self):
        benefits = self.env["utility.benefit"]
        domain = benefits._domain_in_force(fields.Date.context_today(self))
        counts = dict(
            benefits._read_group(domain & _of(self), ["kind_id"], ["__count"]) if self.ids else []
        )
        for kind in self:
            kind.benefit_count = counts.get(kind, 0)

    @api.depends("benefit_ids")
    def _compute_is_used(self):
        used = self.env["utility.benefit"].sudo()._read_group(_of(self), ["kind_id"])
        used = {kind.id for (kind,) in used}
        for kind in self:
            kind.is_used = kind.id in used

    @api.constrains("basis", "kind", "norm_line_ids")
    def _check_norms(self):
        for kind in self:
            if kind.basis == "norm" and kind.kind == "amount":
                raise ValidationError(
                    self.env._(
                        "%s: an amount a month knows no norm. Choose “All that is charged”.",
                        kind.name,
                    )
                )
            if kind.basis == "norm" and not kind.norm_line_ids:
                raise ValidationError(
                    self.env._(
                        "%s: say how much lies within the norm, for each service.", kind.name
                    )
                )

    def write(self, vals):
        """What benefits were granted by stays: charges of the past rest on it."""
        changed = [name for name in vals if name in SETTLED and not self._says(name, vals[name])]
        for kind in self if changed else ():
            if kind.is_used:
                raise UserError(
                    self.env._(
                        "“%(kind)s” has beneficiaries: its %(field)s cannot change under them. "
                        "Make a successor, and change the benefits over to it from a day on.",
                        kind=kind.name,
                        field=self._fields[changed[0]]._description_string(self.env),
                    )
                )
        return super().write(vals)

    def _says(self, name, value):
        field = self._fields[name]
        if field.type in ("one2many", "many2many"):
            return False
        return all(field.convert_to_write(kind[name], kind) == value for kind in self)

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", kind.name), "code": f"{kind.code}-2"}
            for kind, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for kind in self.filtered("is_used"):
            raise UserError(
                self.env._("“%s” has beneficiaries: archive it instead.", kind.display_name)
            )

    # -- buttons ----------------------------------------------------------------------------

    def action_open_benefits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_billing.benefit_action")
        return {
            **action,
            "domain": [("kind_id", "=", self.id)],
            "context": {"search_default_in_force": 1, "default_kind_id": self.id},
        }

    def action_successor(self):
        """A copy to change, for the time from which other figures are in force."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.copy().id,
            "view_mode": "form",
        }

    def action_change_over(self):
        """Ask to which kind its beneficiaries go, and from when on."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Benefits over"),
            "res_model": "utility.benefit.change.over",
            "view_mode": "form",
            "target": "new",
            "context": {"default_kind_id": self.id},
        }


def _of(kinds):
    return fields.Domain("kind_id", "in", kinds.ids)
