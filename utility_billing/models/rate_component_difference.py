from odoo import models

from .rate_line import short_number

# fields that make a difference to a bill; prices are compared by themselves
COMPONENT_TERMS = (
    "name",
    "kind",
    "per",
    "source",
    "counted",
    "attribute_id",
    "formula",
    "condition",
    "of_component_ids",
    "blocks",
    "limit_per",
    "limit_attribute_id",
    "limit_formula",
    "zones_share_limits",
    "limits_scaled",
    "limit_rounding",
    "proration",
    "proration_days",
    "month_split",
    "divided",
    "quantity_unit",
    "begun",
    "rounding",
    "rounding_unit",
    "tax_included",
    "has_own_taxes",
    "tax_ids",
    "ratchet_percent",
    "ratchet_months",
    "ratchet_range",
    "unzoned",
    "reducible",
    "raised",
)


class RateComponent(models.Model):
    """What a component changes against itself in another version."""

    _inherit = "utility.rate.component"

    def _changed(self, before):
        """[(what, before, after)] of a component in two versions."""
        found = [
            (self._fields[name]._description_string(self.env), old, new)
            for name in COMPONENT_TERMS
            if (old := in_words(before, name)) != (new := in_words(self, name))
        ]
        if before._price_list() != self._price_list():
            found += self._changed_prices(before)
        return found

    def _changed_prices(self, before):
        old, new = before._price_list(), self._price_list()
        return [
            (
                where or self._fields["price"]._description_string(self.env),
                old.get(where, ""),
                new.get(where, ""),
            )
            for where in {**old, **new}
            if old.get(where) != new.get(where)
        ]

    def _price_list(self):
        """{block, zone and season in words: price as text}"""
        if self.kind == "formula":
            return {}
        if self.priced_by == "price":
            return {"": short_number(self.price)}
        unit = self.uom_id.name or ""
        return {
            line._words_where(unit): short_number(line.price)
            + (f" + {short_number(line.amount)}" if line.amount else "")
            for line in self.line_ids
        }


def in_words(record, name):
    """A field's value as a user reads it."""
    field, value = record._fields[name], record[name]
    if field.relational:
        return ", ".join(value.mapped("display_name"))
    if field.type == "boolean":
        return record.env._("Yes") if value else record.env._("No")
    if field.type == "selection":
        return dict(field._description_selection(record.env)).get(value, "")
    if field.type in ("float", "integer"):
        return short_number(value)
    return value or ""
