from odoo import models
from odoo.exceptions import UserError

from ..engine.references import UnfitReference, reference


class ResCompany(models.Model):
    _inherit = "res.company"

    def _utility_reference(self, number):
        """A number as a payment reference of the company's scheme.

        :raise UserError: the scheme has no room for such numbers
        """
        try:
            return reference(self.utility_reference_scheme, number)
        except UnfitReference as error:
            schemes = dict(
                self._fields["utility_reference_scheme"]._description_selection(self.env)
            )
            raise UserError(
                self.env._(
                    "%(number)s cannot be made a payment reference “%(scheme)s”: choose another "
                    "scheme in the settings, or other numbers.",
                    number=number,
                    scheme=schemes[self.utility_reference_scheme],
                )
            ) from error
