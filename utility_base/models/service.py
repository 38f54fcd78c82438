from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("cold_water", "Cold Water"),
    ("hot_water", "Hot Water"),
    ("sewerage", "Sewerage"),
    ("heat", "Heating"),
    ("gas", "Gas"),
    ("electricity", "Electricity"),
    ("waste", "Waste"),
    ("maintenance", "Building Maintenance"),
    ("fund", "Building Fund"),
    ("late_fee", "Late Fee"),
    ("other", "Other"),
]


class Service(models.Model):
    """What is supplied. An agency service is collected for its creditor: a liability, "
    "not revenue."""

    _name = "utility.service"
    _description = "Service"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Used by imports and formulas.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(KINDS, required=True, default="other", index=True)
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="restrict",
        help="The product on bills and in sales reports.",
    )
    uom_id = fields.Many2one("uom.uom", "Unit", required=True)
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
    )
    income_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="Where the service's revenue is posted; an agency service is posted to a liability.",
    )
    ownership = fields.Selection(
        [("own", "Own"), ("agency", "Collected for another")], required=True, default="own"
    )
    creditor_partner_id = fields.Many2one("res.partner", "Creditor", ondelete="restrict")
    creditor_bank_account_id = fields.Many2one(
        "res.partner.bank",
        "Creditor's Bank Account",
        domain="[('partner_id', '=', creditor_partner_id)]",
    )
    liability_account_id = fields.Many2one(
        "account.account", "Liability to the Creditor", check_company=True
    )
    has_network = fields.Boolean(
        "Has a Network", default=True, help="Its points form a tree from the source to the taps."
    )
    description = fields.Text(translate=True)
    agreement_count = fields.Integer(
        compute="_compute_agreement_count", groups="utility_base.group_reader"
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Another service of the company has this code."
    )
    _agency_has_creditor = models.Constraint(
        "CHECK (ownership = 'own' OR creditor_partner_id IS NOT NULL)",
        "A service that is collected for another needs its creditor.",
    )

    @api.constrains("creditor_partner_id", "creditor_bank_account_id")
    def _check_creditor_bank(self):
        for service in self:
            bank = service.creditor_bank_account_id
            if bank and bank.partner_id != service.creditor_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(service)s: the bank account %(bank)s is not one of %(creditor)s.",
                        service=service.name,
                        bank=bank.acc_number,
                        creditor=service.creditor_partner_id.display_name,
                    )
                )

    def _compute_agreement_count(self):
        counts = dict(
            self.env["utility.service.agreement"]._read_group(
                [("service_id", "in", self.ids), ("fact_state", "in", ["in_force"])],
                ["service_id"],
                ["__count"],
            )
        )
        for service in self:
            service.agreement_count = counts.get(service, 0)
