from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DocumentType(models.Model):
    """What kind of paper a document is: how it is numbered, who may see it."""

    _name = "utility.document.type"
    _description = "Document Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Used by imports and programs; letters and digits.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    direction = fields.Selection(
        [("in", "Received"), ("out", "Issued by us"), ("both", "Either")],
        required=True,
        default="both",
    )
    numbering = fields.Selection(
        [
            ("hand", "By hand"),
            ("company", "By the company's numbering of documents"),
            ("own", "By its own sequence"),
        ],
        "Numbers Are Given",
        required=True,
        default="hand",
    )
    sequence_id = fields.Many2one(
        "ir.sequence",
        "Own Sequence",
        ondelete="restrict",
        copy=False,
        help="Made by itself when left empty.",
    )
    number_is_unique = fields.Boolean(
        "One Number, One Document",
        default=True,
        help="Two documents of this type in one company cannot have the same number. Leave it off "
        "for papers of many issuers, such as powers of attorney.",
    )
    requires_expiry = fields.Boolean(
        "Must Say until When It Is Valid",
        help="A document of this type cannot be filed without its last day of validity.",
    )
    group_ids = fields.Many2many(
        "res.groups",
        "utility_document_type_group_rel",
        "type_id",
        "group_id",
        "Who May See",
        help="Empty: whoever sees the account sees its documents. Otherwise only users with one of "
        "these rights.",
    )
    description = fields.Text(translate=True)
    document_count = fields.Integer(compute="_compute_document_count")

    _code_unique = models.Constraint("UNIQUE (code)", "Another document type has this code.")

    def _compute_document_count(self):
        counts = dict(
            self.env["utility.document"]._read_group(
                [("type_id", "in", self.ids)], ["type_id"], ["__count"]
            )
        )
        for kind in self:
            kind.document_count = counts.get(kind, 0)

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        kinds._make_own_sequence()
        return kinds

    def write(self, vals):
        done = super().write(vals)
        self._make_own_sequence()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = (
            self.env["utility.document"]
            .sudo()
            .with_context(active_test=False)
            .search([("type_id", "in", self.ids)], limit=1)
        )
        if used:
            raise ValidationError(
                self.env._(
                    "“%s” is the type of documents on file: archive it instead.", used.type_id.name
                )
            )

    def _make_own_sequence(self):
        for kind in self.filtered(lambda k: k.numbering == "own" and not k.sequence_id):
            kind.sequence_id = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": kind.name,
                        "padding": 5,
                        "company_id": False,
                    }
                )
            )

    def _numbers(self, company):
        """Function that draws so many fresh numbers of this type, or None when typed by hand."""
        self.ensure_one()
        if self.numbering == "company":
            return self.env["utility.numbering"]._for("document", company)._next
        if self.numbering == "own":
            sequence = self.sudo().sequence_id
            return lambda count: [sequence.next_by_id() for _time in range(count)]
        return None
