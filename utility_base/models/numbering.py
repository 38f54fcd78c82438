from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import check_digits


class Numbering(models.Model):
    """How a company numbers its accounts, agreements, documents and letters."""

    _name = "utility.numbering"
    _description = "Numbering"
    _order = "purpose, company_id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    purpose = fields.Selection(
        [
            ("account", "Accounts"),
            ("agreement", "Paper agreements"),
            ("document", "Documents"),
            ("correspondence", "Correspondence"),
        ],
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    prefix = fields.Char(help="Stands before the number; %(year)s gives the year.")
    padding = fields.Integer("Digits", default=7, required=True)
    check_scheme = fields.Selection(
        [
            ("plain", "None: plain sequence"),
            ("luhn", "One digit, Luhn (MOD 10)"),
            ("mod97", "Two digits, ISO 7064 MOD 97-10"),
        ],
        "Check Digit",
        required=True,
        default="plain",
    )
    check_given = fields.Boolean(
        "Check Numbers That Are Given",
        default=True,
        help="Numbers typed or imported must carry a right check digit.",
    )
    sequence_id = fields.Many2one("ir.sequence", required=True, ondelete="restrict", copy=False)
    next_number = fields.Integer(related="sequence_id.number_next_actual", readonly=False)
    example = fields.Char(compute="_compute_example")

    _one_per_company = models.Constraint(
        "UNIQUE (purpose, company_id)", "The company has a numbering for this already."
    )
    _padding_range = models.Constraint(
        "CHECK (padding BETWEEN 1 AND 18)", "A number has 1 to 18 digits."
    )

    @api.depends("purpose", "company_id.name")
    def _compute_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for numbering in self:
            numbering.name = f"{purposes.get(numbering.purpose, '')}, {numbering.company_id.name}"

    @api.depends("prefix", "padding", "check_scheme", "next_number")
    def _compute_example(self):
        for numbering in self:
            numbering.example = numbering._format(numbering.next_number or 1)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("sequence_id"):
                vals["sequence_id"] = self._create_sequence(vals).id
        return super().create(vals_list)

    def _create_sequence(self, vals):
        return (
            self.env["ir.sequence"]
            .sudo()
            .create(
                {
                    "name": f"utility {vals.get('purpose')}",
                    "implementation": "standard",
                    "company_id": vals.get("company_id", self.env.company.id),
                }
            )
        )

    @api.model
    def _for(self, purpose, company):
        """The company's numbering for `purpose`; made with usual settings on first use."""
        found = self.sudo().search([("purpose", "=", purpose), ("company_id", "=", company.id)])
        if found:
            return found
        defaults = {"account": {"check_scheme": "luhn"}}.get(purpose, {"padding": 5})
        return self.sudo().create({"purpose": purpose, "company_id": company.id, **defaults})

    def _next(self, count=1):
        """`count` fresh numbers, by one query."""
        self.ensure_one()
        rows = self.env.execute_query_dict(self._nextval_query(count))
        return [self._format(row["nextval"]) for row in rows]

    def _nextval_query(self, count):
        sequence = f"ir_sequence_{self.sequence_id.id:03d}"
        return SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count)

    def _format(self, number):
        prefix = (self.prefix or "").replace("%(year)s", str(fields.Date.context_today(self).year))
        return check_digits.append(self.check_scheme, f"{prefix}{number:0{self.padding}d}")

    def _validate(self, number):
        """:raise ValidationError: the number's check digit is wrong"""
        self.ensure_one()
        if self.check_given and not check_digits.is_valid(self.check_scheme, number):
            raise ValidationError(
                self.env._(
                    "“%(number)s” is no valid number: its check digit is wrong (%(scheme)s). "
                    "A digit was mistyped, or two were swapped.",
                    number=number,
                    scheme=dict(self._fields["check_scheme"]._description_selection(self.env))[
                        self.check_scheme
                    ],
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A numbering stays: numbers were given by it."))
