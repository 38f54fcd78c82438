from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_payer_policy = fields.Selection(
        related="company_id.utility_payer_policy", readonly=False, required=True
    )
    utility_debt_transfer_journal_id = fields.Many2one(
        related="company_id.utility_debt_transfer_journal_id", readonly=False
    )

    def action_open_utility_numbering(self):
        return self.env["ir.actions.act_window"]._for_xml_id("utility_base.numbering_action")
