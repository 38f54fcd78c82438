from odoo import api, fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class Derivation(models.Model):
    """A term of a quantity that is made of others: sewerage = 1 × cold water + 1 × hot water.

    Said for a service, it takes the points of the source service at the same premise; said for a
    point, its own terms stand instead of the service's.
    """

    _name = "utility.derivation"
    _description = "Derived Quantity"
    _inherit = ["utility.dated.mixin"]
    _fact_key = ("company_id",)
    _fact_key_optional = (
        "service_id",
        "service_point_id",
        "source_service_id",
        "source_point_id",
    )
    _fact_editors = "utility_base.group_meter_engineer,utility_base.group_billing_operator"

    service_id = fields.Many2one("utility.service", "Of Service", index=True, ondelete="restrict")
    service_point_id = fields.Many2one(
        "utility.service.point", "Of Point", index="btree_not_null", ondelete="restrict"
    )
    source_service_id = fields.Many2one(
        "utility.service",
        "From Service",
        ondelete="restrict",
        help="Every point of this service at the same premise.",
    )
    source_point_id = fields.Many2one(
        "utility.service.point", "From Point", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    factor = fields.Float(required=True, default=1, digits=(16, 6), help="−1 subtracts.")
    replaces_id = fields.Many2one(
        "utility.derivation", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key, optional=_fact_key_optional)
    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(service_id, service_point_id) = 1)",
        "A term belongs to a service or to a point.",
    )
    _one_source = models.Constraint(
        "CHECK (num_nonnulls(source_service_id, source_point_id) = 1)",
        "A term is taken from a service or from a point.",
    )

    @api.depends("service_id", "service_point_id", "source_service_id", "source_point_id")
    def _compute_display_name(self):
        for term in self:
            owner, source = (
                term.service_id or term.service_point_id,
                term.source_service_id or term.source_point_id,
            )
            term.display_name = f"{owner.display_name or ''} ← {source.display_name or ''}"
