from keyword import iskeyword

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.formula import FUNCTIONS

# names that formulas know besides attributes and components
RESERVED = (
    "quantity",
    "total_quantity",
    "common",
    "cost",
    "days",
    "months",
    "share",
    "demand",
    "residents",
)
KINDS = [
    ("fixed", "Fixed amount"),
    ("unit", "Per unit used"),
    ("attribute", "Per unit of a characteristic"),
    ("demand", "Demand"),
    ("formula", "Formula"),
    ("percentage", "Percentage of other components"),
    ("minimum", "Minimum amount"),
    ("maximum", "Maximum amount"),
]
ROUNDINGS = [
    ("half_up", "Half up"),
    ("half_even", "Half to even"),
    ("floor", "Down"),
    ("ceiling", "Up"),
]


class RateComponent(models.Model):
    """One part of what a service costs; see `Component` of the engine for what is done with it."""

    _name = "utility.rate.component"
    _description = "Component of a Tariff"
    _order = "version_id, sequence, id"

    version_id = fields.Many2one(
        "utility.rate.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    uom_id = fields.Many2one(related="version_id.uom_id")
    version_state = fields.Selection(related="version_id.state", string="State")
    sequence = fields.Integer(default=10)
    code = fields.Char(
        required=True,
        help="Its name in formulas: letters, digits and underscores. Kept from version to version, "
        "so that corrections find the same line.",
    )
    name = fields.Char(required=True, translate=True, help="Printed on bills.")
    kind = fields.Selection(KINDS, required=True, default="unit")
    per = fields.Selection(
        [
            ("month", "a month"),
            ("period", "a billing period"),
            ("day", "a day"),
            ("year", "a year"),
        ],
        "Price Is for",
        required=True,
        default="month",
    )
    source = fields.Selection(
        [
            ("service", "What was used"),
            ("common", "Share of common use"),
            ("cost", "Share of a building's cost"),
            ("export", "What was fed in"),
            ("excess", "What was fed in beyond what was used"),
        ],
        "Quantity",
        required=True,
        default="service",
    )
    counted = fields.Selection(
        [("attribute", "A characteristic"), ("residents", "Residents")],
        "Counts",
        required=True,
        default="attribute",
    )
    attribute_id = fields.Many2one(
        "utility.attribute",
        "Characteristic",
        domain="[('value_type', '=', 'number')]",
        ondelete="restrict",
        help="Area, livestock, parking places: its value times the price.",
    )
    formula = fields.Char(
        help="Arithmetic, min(), max(), round(…, decimals), “a if b else c” over: quantity, "
        "total_quantity, common, cost, days, months, share, demand, residents, codes of "
        "characteristics and of other components. Its result is an amount."
    )
    condition = fields.Char(
        "Only if",
        help="A formula that is true where the component is charged, such as “residents > 3”.",
    )
    of_component_ids = fields.Many2many(
        "utility.rate.component",
        "utility_rate_component_of_rel",
        "component_id",
        "of_component_id",
        string="Of",
        copy=False,
        domain="[('version_id', '=', version_id), ('id', '!=', id)]",
        help="Components that it is about. A minimum or maximum without any is about all.",
    )
    blocks = fields.Selection(
        [
            ("marginal", "Each part of the quantity at its block's price"),
            ("whole", "All of it at the price of the block that it reaches"),
        ],
        "Blocks Work",
        required=True,
        default="marginal",
    )
    limit_per = fields.Selection(
        [
            ("month", "a month"),
            ("period", "a billing period"),
            ("day", "a day"),
            ("resident", "a resident and month"),
            ("dwelling", "a dwelling and month"),
            ("attribute", "a unit of a characteristic and month"),
            ("formula", "one of what a formula gives: a budget"),
        ],
        "Block Limits Are for",
        required=True,
        default="month",
    )
    limit_attribute_id = fields.Many2one(
        "utility.attribute",
        "Limits by",
        domain="[('value_type', '=', 'number')]",
        ondelete="restrict",
        help="The characteristic that multiplies the limits. For dwellings: how many there are; "
        "empty is “Dwellings”, which a building must have. A flat or a private house is one.",
    )
    limit_formula = fields.Char(
        "Limits by Formula",
        help="Block limits are multiples of what it gives for the days: area * days * 0.002.",
    )
    zones_share_limits = fields.Boolean(
        "Zones Share the Limits",
        help="A limit is one for all zones: each zone has its part by what it used.",
    )
    limits_scaled = fields.Boolean(
        "Limits Follow the Days",
        default=True,
        help="A price that is in force on half of the days gets half of each block.",
    )
    limit_rounding = fields.Float(
        "Limits Rounded to", digits=(16, 6), help="1 for whole units; 0: not rounded."
    )
    proration = fields.Selection(
        [
            ("days_of_month", "by the days of each month"),
            ("days_of_period", "by the days of the billing period"),
            ("days_of_n", "by days of a month of fixed length"),
            ("whole_month", "whole months only"),
            ("none", "not at all"),
        ],
        "Part of a Period",
        required=True,
        default="days_of_month",
        help="How much is due for a part of the period: after a move, or a change of price.",
    )
    proration_days = fields.Float(
        "Days",
        digits=(16, 6),
        default=30,
        help="Days of a month of fixed length; or the least days with which a month counts.",
    )
    month_split = fields.Selection(
        [
            ("days", "by days"),
            ("equal", "equally"),
            ("whole_first", "in whole units, odd ones to the first months"),
            ("whole_last", "in whole units, odd ones to the last months"),
        ],
        "Months Split",
        help="A reading over several months is priced month by month, its quantity divided so.",
    )
    divided = fields.Boolean(
        "Divided by Shares",
        default=True,
        help="An account that bears a share of the point bears that share of the amount.",
    )
    quantity_unit = fields.Float(
        "Counted by",
        digits=(16, 6),
        default=1,
        help="The price is for so many units: 1000 for a price per thousand.",
    )
    begun = fields.Boolean("Begun Ones Count Whole")
    rounding = fields.Selection(ROUNDINGS, required=True, default="half_up")
    rounding_unit = fields.Float(
        "Rounded to",
        digits=(16, 6),
        default=lambda self: self.env.company.currency_id.rounding or 0.01,
        required=True,
    )
    tax_included = fields.Boolean("Price Includes Tax")
    has_own_taxes = fields.Boolean(
        "Taxes of Its Own", help="Other taxes than the service's; none for untaxed."
    )
    tax_ids = fields.Many2many(
        "account.tax",
        "utility_rate_component_tax_rel",
        "component_id",
        "tax_id",
        string="Taxes",
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
    )
    ratchet_percent = fields.Float(
        "Ratchet, %",
        digits=(7, 4),
        help="The demand billed is at least so many per cent of the highest before; 0: no ratchet.",
    )
    ratchet_months = fields.Char(
        help="Numbers of the months whose peaks count, such as 6, 7, 8; empty: the months before."
    )
    ratchet_range = fields.Integer(
        "Months Looked Back", default=11, help="How many months before the present one count."
    )
    unzoned = fields.Selection(
        [
            ("refuse", "is held: it cannot be priced"),
            ("hours", "is divided by the hours of each zone"),
        ],
        "A Quantity Without Zones",
        required=True,
        default="refuse",
    )
    reducible = fields.Boolean(
        "Reduced by Absence and Poor Quality",
        default=True,
        help="Benefits that name no component are about these, too.",
    )
    raised = fields.Boolean(
        "Raised Norms",
        default=True,
        help="Where a meter could be installed and is not, norms are raised by the coefficient in "
        "force; the excess is a line of its own.",
    )
    priced_by = fields.Selection(
        [("price", "One price"), ("lines", "Blocks, zones or seasons")],
        "Prices",
        required=True,
        compute="_compute_priced_by",
        store=True,
        readonly=False,
        precompute=True,
    )
    price = fields.Float(
        digits="Utility Price",
        required=True,
        default=0,
        help="For one unit; per cent of a percentage.",
    )
    line_ids = fields.One2many("utility.rate.line", "component_id", "Prices by", copy=True)
    summary = fields.Char(compute="_compute_summary", help="The component in words.")

    _code_unique = models.Constraint(
        "UNIQUE (version_id, code)", "Another component of the version has this code."
    )
    _rounding_unit_positive = models.Constraint(
        "CHECK (rounding_unit > 0)", "Amounts are rounded to something above 0, such as 0.01."
    )
    _quantity_unit_positive = models.Constraint(
        "CHECK (quantity_unit > 0)", "A price is for more than 0 units."
    )
    _proration_days_positive = models.Constraint(
        "CHECK (proration_days > 0)", "A month has more than 0 days."
    )
    _limit_rounding_not_negative = models.Constraint(
        "CHECK (limit_rounding >= 0)", "Limits are rounded to something above 0, or not at all."
    )

    @api.depends("line_ids")
    def _compute_priced_by(self):
        for component in self:
            component.priced_by = "lines" if component.line_ids else component.priced_by or "price"

    @api.onchange("name")
    def _onchange_name(self):
        if self.name and not self.code:
            self.code = _identifier(self.name)

    @api.constrains("code")
    def _check_code(self):
        for component in self:
            code = component.code
            if not code.isidentifier() or iskeyword(code) or code in (*RESERVED, *FUNCTIONS):
                raise ValidationError(
                    self.env._(
                        "%(component)s: “%(code)s” cannot be a code. Take letters, digits and "
                        "underscores, begin with a letter, and avoid words that formulas know.",
                        component=component.name,
                        code=code,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        versions = self.env["utility.rate.version"].browse(
            {vals["version_id"] for vals in vals_list if vals.get("version_id")}
        )
        versions._begin_change()
        return super().create(vals_list)

    def write(self, vals):
        self.version_id._begin_change()
        done = super().write(vals)
        if "version_id" in vals:
            self.version_id._begin_change()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_unlocked(self):
        self.version_id._begin_change()

    def _copy_references(self, version):
        """Let the copies in another version be about each other, as the originals are."""
        copies = {component.code: component for component in version.component_ids}
        for component in self:
            if component.of_component_ids:
                copies[component.code].of_component_ids = [
                    fields.Command.set([copies[of.code].id for of in component.of_component_ids])
                ]

    def _months_looked_at(self):
        """The months of the ratchet as numbers.

        :raise ValueError: they are none
        """
        return tuple(
            int(part)
            for part in (self.ratchet_months or "").replace(";", ",").split(",")
            if part.strip()
        )

    def action_open(self):
        """The component in a form of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


def _identifier(name):
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    code = "_".join(words)[:40]
    return code if code.isidentifier() else f"c_{code}"
