from odoo import api, fields, models
from odoo.fields import Domain


class AttributeValue(models.Model):
    """What the sheet of attributes on a form asks for."""

    _inherit = "utility.attribute.value"

    @api.model
    def attribute_sheet(self, res_model, res_id):
        """Every attribute that a record has or should have, with the history of its values.

        :param res_model: model of the owner: premise, account, service point or partner
        :return: {owner_field, can_record, attributes: [{attribute_id, name, type, unit, decimals,
            required, current, history}]}; `history`, newest first, is a list of {id, date_start,
            date_end, display, number, state, note, reason}, dates as ISO text; `current` is the
            id of the value in force today or False
        """
        owner = self.env[res_model].browse(res_id)
        owner.check_access("read")
        field = self._owner_field_of(res_model)
        if not field or not self.has_access("read"):
            return {"owner_field": field, "can_record": False, "attributes": []}
        values = self.search(
            [(field, "=", res_id)], order="date_start desc, recorded_at desc, id desc"
        )
        attributes = self._attributes_of(owner, field) | values.attribute_id
        by_attribute = values.grouped("attribute_id")
        return {
            "owner_field": field,
            "can_record": self.has_access("create"),
            "attributes": [
                self._sheet_row(attribute, by_attribute.get(attribute, self.browse()))
                for attribute in attributes.sorted()
            ],
        }

    @api.model
    def _owner_field_of(self, res_model):
        """The field by which values belong to records of the model, False if none does."""
        names = (
            name for name in self._owner_fields() if self._fields[name].comodel_name == res_model
        )
        return next(names, False)

    @api.model
    def _attributes_of(self, owner, field):
        """The attributes that a record of this kind has by definition."""
        domain = Domain(self._owner_fields()[field], "=", True)
        if field == "premise_id":
            domain &= Domain("premise_type_ids", "=", False) | Domain(
                "premise_type_ids", "in", owner.type_id.ids
            )
        return self.env["utility.attribute"].search(domain)

    @api.model
    def _sheet_row(self, attribute, values):
        current = values._in_force(fields.Date.context_today(self))[:1]
        return {
            "attribute_id": attribute.id,
            "name": attribute.name,
            "type": attribute.value_type,
            "unit": attribute.uom_id.name or "",
            "decimals": attribute.decimals,
            "required": attribute.required,
            "current": current.id,
            "history": [value._sheet_value() for value in values],
        }

    def _sheet_value(self):
        return {
            "id": self.id,
            "date_start": fields.Date.to_string(self.date_start),
            "date_end": fields.Date.to_string(self.date_end) if self.date_end else False,
            "display": self.value_display or "",
            "number": self.value_number if self.value_type == "number" else False,
            "state": self.fact_state,
            "note": self.note or "",
            "reason": self.void_reason or self.replace_reason or "",
        }
