from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class NumberedMixin(models.AbstractModel):
    """Papers whose number is typed by hand or given by a numbering, and never used twice.

    A model that inherits this has `number` and `company_id`, and guards the number by a unique
    constraint of its own.
    """

    _name = "utility.numbered.mixin"
    _description = "Numbered Paper"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("number"):
                vals["number"] = vals["number"].strip()
                self.browse()._refuse_taken_number(vals)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("number"):
            vals = {**vals, "number": vals["number"].strip()}
            for record in self:
                record._refuse_taken_number(vals)
        return super().write(vals)

    def _number_scope(self, vals):
        """Domain of the records among which a number is unique."""
        company = vals.get("company_id") or self.company_id.id or self.env.company.id
        return Domain("company_id", "=", company)

    def _refuse_taken_number(self, vals):
        """:raise ValidationError: another record has the number"""
        other = self._numbered(self._number_scope(vals), [vals["number"]])[:1]
        if not other:
            return
        seen = other.sudo(False)
        raise ValidationError(
            self.env._(
                "Number “%(number)s” is taken by %(other)s. Type another one, or leave the number "
                "empty to get the next free one.",
                number=vals["number"],
                other=seen.display_name if seen.has_access("read") else self._description,
            )
        )

    def _numbered(self, scope, numbers):
        domain = scope & Domain("number", "in", numbers) & Domain("id", "not in", self.ids)
        return self.sudo().with_context(active_test=False).search(domain)

    def _draw_numbers(self, draw, scope, count):
        """`count` numbers that nobody typed by hand before.

        :param draw: function of a count that returns so many fresh numbers
        :param scope: domain of the records among which numbers are unique
        """
        free = []
        while len(free) < count:
            drawn = draw(count - len(free))
            taken = set(self._numbered(scope, drawn).mapped("number"))
            free += [number for number in drawn if number not in taken]
        return free

    def _number_by_company(self, purpose):
        """Give the company's next number to those that have none."""
        for company, records in self.filtered(lambda r: not r.number).grouped("company_id").items():
            numbering = self.env["utility.numbering"]._for(purpose, company)
            scope = Domain("company_id", "=", company.id)
            numbers = self._draw_numbers(numbering._next, scope, len(records))
            for record, number in zip(records, numbers, strict=True):
                record.number = number
