from odoo import fields, models
from odoo.exceptions import UserError


class VoidWizard(models.TransientModel):
    """Asks why facts are taken out of force."""

    _name = "utility.void.wizard"
    _description = "Void Facts"

    fact_model = fields.Char(required=True)
    fact_ids = fields.Json(required=True)
    reason = fields.Char(required=True)

    def action_void(self):
        self.ensure_one()
        if not self._is_dated(self.fact_model) or not _are_ids(self.fact_ids):
            raise UserError(self.env._("Only dated facts can be voided."))
        self.env[self.fact_model].browse(self.fact_ids).void(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _is_dated(self, name):
        model = self.env.registry.get(name)
        dated = self.env.registry["utility.dated.mixin"]
        return bool(model) and issubclass(model, dated) and not model._abstract


def _are_ids(value):
    return isinstance(value, list) and bool(value) and all(type(item) is int for item in value)
