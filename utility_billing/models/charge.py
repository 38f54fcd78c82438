from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..engine.tax_keys import tax_ids

KINDS = [
    ("consumption", "Consumption"),
    ("fixed", "Fixed Fee"),
    ("norm_excess", "Excess over the Norm"),
    ("minimum", "Up to the Minimum"),
    ("maximum", "Down to the Maximum"),
    ("absence", "Absence"),
    ("quality", "Poor Quality"),
    ("benefit", "Benefit"),
    ("subsidy", "Subsidy"),
    ("manual", "Manual Correction"),
    ("one_off", "One-Off Service"),
    ("cost", "Shared Cost"),
]
STATES = [
    ("calculated", "Calculated"),
    ("approved", "Approved"),
    ("posted", "Posted"),
    ("cancelled", "Cancelled"),
]
COUNTED = ("approved", "posted")


class Charge(models.Model):
    """One calculated line, with its trace. It is made by a billing run and never changed: a later
    run adds the difference, a cancelled run takes its charges with it."""

    _name = "utility.charge"
    _description = "Charge"
    _order = "id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    run_id = fields.Many2one("utility.billing.run", readonly=True, ondelete="cascade")
    batch_id = fields.Many2one(
        "utility.billing.batch", index=True, readonly=True, ondelete="cascade"
    )
    month = fields.Date("Billed in", required=True, readonly=True, help="First day of the month.")
    state = fields.Selection(STATES, required=True, default="calculated", readonly=True)
    account_id = fields.Many2one(
        "utility.account", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Payer", index=True, readonly=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        "utility.service", required=True, readonly=True, ondelete="restrict"
    )
    # no index: agreements are never deleted, and nothing looks for the charges of one
    agreement_id = fields.Many2one("utility.service.agreement", readonly=True, ondelete="restrict")
    service_point_id = fields.Many2one(
        "utility.service.point", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    premise_id = fields.Many2one(
        "utility.premise", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    building_id = fields.Many2one(
        "utility.premise", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    code = fields.Char(readonly=True, help="Of the rate's component.")
    component_id = fields.Many2one(
        "utility.rate.component", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    date_start = fields.Date("From", required=True, readonly=True)
    date_end = fields.Date("To", required=True, readonly=True)
    period_start = fields.Date(
        "Period from", required=True, readonly=True, help="Consumption period."
    )
    period_end = fields.Date("Period to", required=True, readonly=True)
    quantity = fields.Float(digits="Utility Quantity", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    price = fields.Float(
        digits="Utility Price",
        readonly=True,
        aggregator=None,
        help="Of one unit, where all of the quantity has the same.",
    )
    amount = fields.Monetary(required=True, readonly=True)
    tax_included = fields.Boolean(readonly=True, help="The amount includes the taxes.")
    tax_key = fields.Char(readonly=True, help="Ids of the taxes, in order, with commas.")
    tax_ids = fields.Many2many("account.tax", compute="_compute_tax_ids", string="Taxes")
    fund_partner_id = fields.Many2one(
        "res.partner",
        "Paid by",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        help="Who pays instead of the resident.",
    )
    fund_amount = fields.Monetary("Fund's Part", readonly=True)
    source_id = fields.Integer(readonly=True, help="The benefit, adjustment or subsidy behind.")
    is_correction = fields.Boolean(
        "Correction", readonly=True, help="The difference of a period billed before."
    )
    reason = fields.Char("Why", readonly=True, help="Which facts have changed since.")
    trace = fields.Json(
        readonly=True, help="All the amount is calculated from, and the engine's version."
    )
    recorded_at = fields.Datetime(
        "Calculated on", required=True, readonly=True, default=fields.Datetime.now
    )
    explanation = fields.Text(compute="_compute_explanation")

    _by_supply = models.Index("(account_id, service_point_id, period_start)")
    _by_month = models.Index("(month, service_id)")
    _by_adjustment = models.Index(
        "(source_id) WHERE kind IN ('absence', 'quality', 'manual', 'one_off')"
    )

    def init(self):
        """A charge is written again when it is approved and when it is posted, all of a page at
        once: room for as many rows beside them leaves the indexes alone."""
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 50)", SQL.identifier(self._table))
        )

    @api.depends("tax_key")
    def _compute_tax_ids(self):
        for charge in self:
            charge.tax_ids = self.env["account.tax"].browse(tax_ids(charge.tax_key)).exists()

    @api.depends("component_id", "kind", "service_id", "date_start", "date_end")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for charge in self:
            name = charge.component_id.name or charge.service_id.name or ""
            if charge.kind not in ("consumption", "fixed"):
                name = f"{name}, {kinds[charge.kind].lower()}"
            days = (format_date(self.env, day) for day in (charge.date_start, charge.date_end))
            charge.display_name = "{} ({} – {})".format(name, *days)

    @api.depends_context("lang")
    @api.depends("trace")
    def _compute_explanation(self):
        explained = self.env["utility.explanation"]._explain(
            [charge.trace for charge in self], self.currency_id[:1]
        )
        for charge, lines in zip(self, explained, strict=True):
            charge.explanation = "\n".join(lines)
