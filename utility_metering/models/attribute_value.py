from odoo import api, fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap

OPTIONAL = ("premise_id", "account_id", "service_point_id", "partner_id", "meter_id")


class AttributeValue(models.Model):
    """Meters have attributes, too."""

    _inherit = "utility.attribute.value"
    _fact_key_optional = OPTIONAL

    meter_id = fields.Many2one("utility.meter", index="btree_not_null", ondelete="restrict")

    _no_overlap = no_overlap("attribute_id", optional=OPTIONAL)
    _one_owner = models.Constraint(
        f"CHECK (num_nonnulls({', '.join(OPTIONAL)}) = 1)",
        "A value belongs to exactly one premise, account, service point, person or meter.",
    )

    @api.model
    def _owner_fields(self):
        return {**super()._owner_fields(), "meter_id": "for_meters"}

    @api.constrains("meter_id")
    def _check_meter_has_it(self):
        self._check_belongs()
