from odoo import fields, models


class PremiseCode(models.Model):
    """What another system calls the premise."""

    _name = "utility.premise.code"
    _description = "Premise Code"
    _order = "scheme, id"
    _rec_name = "code"

    premise_id = fields.Many2one("utility.premise", required=True, ondelete="cascade", index=True)
    scheme = fields.Char(
        required=True, help="Whose code it is: a registry, a network operator, an old system."
    )
    code = fields.Char(required=True)

    _unique_in_scheme = models.Constraint(
        "UNIQUE (scheme, code)", "Another premise has this code in this scheme."
    )
