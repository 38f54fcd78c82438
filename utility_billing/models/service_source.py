from odoo import api, fields, models


class ServiceSource(models.Model):
    """A step of a service's order of preference: on each day the first source that has a quantity
    counts."""

    _name = "utility.service.source"
    _description = "Source of a Service's Quantity"
    _order = "service_id, sequence, id"
    _rec_name = "source"

    service_id = fields.Many2one("utility.service", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    source = fields.Selection(
        [
            ("usage", "Usage of the month, however it was found"),
            ("measured", "Usage that was measured or estimated"),
            ("norm", "Usage by norm"),
            ("agreed", "Agreed quantity"),
            ("derived", "Derived from other services"),
            ("allocated", "Share of a building"),
            ("attribute", "A characteristic, each month"),
        ],
        required=True,
        default="usage",
    )
    attribute_id = fields.Many2one(
        "utility.attribute",
        "Characteristic",
        domain="[('value_type', '=', 'number')]",
        ondelete="restrict",
    )

    _once = models.UniqueIndex(
        "(service_id, source, COALESCE(attribute_id, 0))",
        "The service's order names this source already.",
    )
    _attribute_named = models.Constraint(
        "CHECK ((source = 'attribute') = (attribute_id IS NOT NULL))",
        "Say which characteristic is the quantity; other sources have none.",
    )

    @api.onchange("source")
    def _onchange_source(self):
        if self.source != "attribute":
            self.attribute_id = False

    @api.model
    def _preferences(self, service_ids):
        """{service id: sources in order}; an attribute is `attribute:code`. A service without an
        order of its own is left out."""
        found = {}
        for source in self.search([("service_id", "in", list(service_ids))]):
            name = source.source
            if name == "attribute":
                name = f"attribute:{source.attribute_id.code}"
            found[source.service_id.id] = (*found.get(source.service_id.id, ()), name)
        return found
