from odoo import api, fields, models
from odoo.exceptions import UserError


class BenefitNorm(models.Model):
    """How much of a service lies within the norm of a benefit."""

    _name = "utility.benefit.norm"
    _description = "Norm of a Benefit"
    _order = "kind_id, service_id"

    kind_id = fields.Many2one("utility.benefit.kind", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="kind_id.company_id", store=True, index=True)
    service_id = fields.Many2one(
        "utility.service",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
    )
    uom_id = fields.Many2one(related="service_id.uom_id")
    quantity_person = fields.Float(
        "For Each Covered Person",
        digits="Utility Quantity",
        help="In what the tariff counts, a month: m³, kWh, or m² of an area.",
    )
    quantity_household = fields.Float(
        "For the Household", digits="Utility Quantity", help="In addition, once."
    )

    _one_each = models.Constraint(
        "UNIQUE (kind_id, service_id)", "The kind has a norm for this service already."
    )
    _not_negative = models.Constraint(
        "CHECK (quantity_person >= 0 AND quantity_household >= 0)", "A norm is 0 or more."
    )

    @api.model_create_multi
    def create(self, vals_list):
        norms = super().create(vals_list)
        norms._refuse_used()
        return norms

    def write(self, vals):
        self._refuse_used()
        done = super().write(vals)
        # a norm that came from another kind is new to this one
        self._refuse_used()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_used()

    def _refuse_used(self):
        for kind in self.kind_id.filtered("is_used"):
            raise UserError(
                self.env._(
                    "“%s” has beneficiaries: its norms cannot change under them. Make a "
                    "successor, and change the benefits over to it from a day on.",
                    kind.name,
                )
            )
