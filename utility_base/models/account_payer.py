from odoo import api, fields, models

from .dated_mixin import no_overlap


class AccountPayer(models.Model):
    """Who pays for an account, from when to when."""

    _name = "utility.account.payer"
    _description = "Account Payer"
    _inherit = ["utility.dated.mixin"]
    _fact_key = ("account_id",)

    account_id = fields.Many2one("utility.account", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Payer", required=True, index=True, ondelete="restrict"
    )
    replaces_id = fields.Many2one(
        "utility.account.payer", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)

    @api.depends("account_id.number", "partner_id.name")
    def _compute_display_name(self):
        for payer in self:
            payer.display_name = f"{payer.account_id.number}, {payer.partner_id.name or ''}"

    def _timeline_title(self):
        return self.partner_id.display_name or ""

    def _facts_changed(self):
        self.account_id._refresh_payer()
        return super()._facts_changed()
