from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Whatever is reconciled, by whomever, says which services it covers."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        # what a reconciliation covers is not the user's to choose
        self.env["utility.allocating"].sudo()._allocate(partials.ids)
        return partials
