from odoo import api, fields, models

KINDS = [
    ("unrated", "Could not be rated: tariff or facts are missing"),
    ("no_payer", "Nobody is known to pay"),
    ("negative", "Bill below zero"),
    ("zero", "Bill of zero"),
    ("high", "Much more than usual"),
    ("low", "Much less than usual"),
    ("above", "Above a limit"),
    ("no_readings", "No readings for months"),
    ("estimated", "Estimated again and again"),
    ("empty", "Usage of an empty or closed place"),
    ("payer_changed", "The payer changed in the month"),
    ("first", "First bill"),
    ("final", "Final bill"),
]
BY_FACTOR = ("high", "low")
BY_MONTHS = ("high", "low", "no_readings", "estimated")
BY_AMOUNT = ("high", "low", "above")


class BillingCheck(models.Model):
    """Something about an account's bill that a person should look at before it is final."""

    _name = "utility.billing.check"
    _description = "Check of Bills"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, "Looks for", required=True)
    level = fields.Selection(
        [("warning", "Ask"), ("blocking", "Stop approval")],
        required=True,
        default="warning",
        help="Ask: the run may be approved, which releases what is still open. Stop: the run "
        "cannot be approved while an account of it is undecided.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: for all companies. A company that has a check of its own for the same thing "
        "goes by that one alone.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    factor = fields.Float(
        "Times the Average",
        digits=(6, 2),
        default=3,
        help="3: more than three times, or less than a third, of what is usual.",
    )
    months = fields.Integer(
        default=6,
        help="How many months back: whose average is taken, without a reading, with an estimate.",
    )
    amount_limit = fields.Monetary(
        "Amount",
        help="Tax not included. Above a limit: of the bill; much more or less than usual: of the "
        "difference, smaller ones do not matter.",
    )
    note = fields.Text(translate=True, help="What to do about it, for those who decide.")

    _factor_above_one = models.Constraint(
        "CHECK (kind NOT IN ('high', 'low') OR factor > 1)",
        "A bill is compared with so many times the average: type a number above 1.",
    )
    _months_in_bounds = models.Constraint(
        "CHECK (kind NOT IN ('high', 'low', 'no_readings', 'estimated') "
        "OR months BETWEEN 1 AND 36)",
        "Type 1 to 36 months.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount_limit IS NULL OR amount_limit >= 0)", "A limit may not be below zero."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for check in self:
            check.currency_id = (check.company_id or self.env.company).currency_id

    @api.model
    def _for_company(self, company):
        """The checks that a company's bills go through: its own, and the common ones of kinds that
        it has none of."""
        everything = self.with_context(active_test=False).search(
            [("company_id", "in", (False, company.id))]
        )
        own = everything.filtered("company_id")
        common = everything.filtered(
            lambda check: not check.company_id and check.kind not in own.mapped("kind")
        )
        return (own | common).filtered("active").sorted()
