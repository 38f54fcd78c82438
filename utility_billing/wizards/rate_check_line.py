from odoo import api, fields, models
from odoo.tools import float_compare, float_repr

PLACES = 6


class RateCheckLine(models.TransientModel):
    """One thing that a price depends on: a quantity, a characteristic, a number of persons."""

    _name = "utility.rate.check.line"
    _description = "What a Tariff Check Depends On"
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    check_id = fields.Many2one("utility.rate.check", required=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("quantity", "Used"),
            ("export", "Fed in"),
            ("common", "Share of common use"),
            ("cost", "Share of a building's cost"),
            ("residents", "Residents"),
            ("attribute", "Characteristic"),
            ("demand", "Highest demand"),
        ],
        required=True,
    )
    zone_id = fields.Many2one("utility.tou.zone")
    attribute_id = fields.Many2one("utility.attribute")
    service_id = fields.Many2one("utility.service")
    name = fields.Char("What", compute="_compute_name")
    value = fields.Float(digits="Utility Quantity")
    loaded = fields.Float(digits="Utility Quantity", help="What is recorded of the account.")
    unit = fields.Char(compute="_compute_name")

    @api.depends("kind", "zone_id", "attribute_id", "service_id")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            name = line.attribute_id.name if line.kind == "attribute" else kinds.get(line.kind, "")
            line.name = f"{name}, {line.zone_id.name}" if line.zone_id else name
            line.unit = line._unit()

    def _unit(self):
        if self.kind in ("quantity", "export", "common"):
            return self.service_id.uom_id.name
        if self.kind == "attribute":
            return self.attribute_id.uom_id.name
        if self.kind == "cost":
            return self.service_id.company_id.currency_id.name
        return "kW" if self.kind == "demand" else ""

    def _key(self):
        """(kind, code of the zone or characteristic)"""
        return self.kind, self.attribute_id.code or self.zone_id.code or ""

    def _is_typed(self):
        return bool(float_compare(self.value, self.loaded, precision_digits=PLACES))

    def _put(self, values):
        """Put the value where `check_rate` of the plan looks for it."""
        number = float_repr(self.value, PLACES)
        if self.kind == "attribute":
            values.setdefault("attributes", {})[self.attribute_id.code] = number
        elif self.kind == "demand":
            values.setdefault("demand", {})[self.zone_id.code or ""] = number
        elif self.kind == "quantity" and self.zone_id:
            values.setdefault("zones", {})[self.zone_id.code] = number
        else:
            values[self.kind] = number
