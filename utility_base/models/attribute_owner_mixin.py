from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class AttributeOwnerMixin(models.AbstractModel):
    """What premises, accounts and service points share: dated attributes, some of them required.

    A model that inherits this has `attribute_value_ids` and sets `_attribute_owner_field`, the
    field of `utility.attribute.value` that names it.
    """

    _name = "utility.attribute.owner.mixin"
    _description = "Has Attributes"

    _attribute_owner_field = None

    missing_attributes = fields.Char(
        compute="_compute_missing_attributes",
        help="Required attributes without a value of today.",
    )
    is_incomplete = fields.Boolean(
        compute="_compute_missing_attributes", search="_search_is_incomplete"
    )

    def _required_attributes(self):
        flag = self.env["utility.attribute.value"]._owner_fields()[self._attribute_owner_field]
        return self.env["utility.attribute"].search([("required", "=", True), (flag, "=", True)])

    @api.depends("attribute_value_ids.fact_state")
    def _compute_missing_attributes(self):
        required = self._required_attributes()
        today = fields.Date.context_today(self)
        for record in self:
            known = record.attribute_value_ids._in_force(today).attribute_id
            missing = (required - known).filtered(record._may_have_attribute)
            record.missing_attributes = ", ".join(missing.mapped("name"))
            record.is_incomplete = bool(missing)

    def _search_is_incomplete(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        values = self.env["utility.attribute.value"]
        incomplete = []
        for attribute in self._required_attributes():
            known = values.sudo()._search(
                values._domain_in_force(today)
                & Domain("attribute_id", "=", attribute.id)
                & Domain(self._attribute_owner_field, "!=", False)
            )
            owners = known.subselect(SQL.identifier(self._attribute_owner_field))
            incomplete.append(self._domain_may_have(attribute) & Domain("id", "not in", owners))
        found = Domain.OR(incomplete)
        return found if True in value else ~found

    @api.model
    def _domain_may_have(self, attribute):
        """Domain of the records that have `attribute`."""
        return Domain.TRUE

    def _may_have_attribute(self, attribute):
        return True

    def _attribute_on(self, code, day):
        """The attribute's value in force on `day`: number, text, bool, date, a "
        "choice's code; or None."""
        self.ensure_one()
        value = self.attribute_value_ids._in_force(day).filtered(
            lambda value: value.attribute_id.code == code
        )
        return value._value() if value else None

    def attribute_on(self, code, day=None):
        """The attribute's value in force on `day` (today when empty), for other programs.

        :param code: code of the attribute
        :param day: date or ISO text
        :return: number, text, true or false, ISO date, code of a choice; None when unknown
        :raise AccessError: the user may not read the record
        """
        self.ensure_one()
        self.check_access("read")
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        return self._attribute_on(code, day)
