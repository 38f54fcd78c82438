from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    utility_bill_journal_id = fields.Many2one(
        related="company_id.utility_bill_journal_id", readonly=False
    )
    utility_fund_journal_id = fields.Many2one(
        related="company_id.utility_fund_journal_id", readonly=False
    )
    utility_bill_term_id = fields.Many2one(
        related="company_id.utility_bill_term_id", readonly=False
    )
    utility_legal_term_id = fields.Many2one(
        related="company_id.utility_legal_term_id", readonly=False
    )
    utility_bill_bank_id = fields.Many2one(
        related="company_id.utility_bill_bank_id", readonly=False
    )
    utility_company_partner_id = fields.Many2one(related="company_id.partner_id")
    utility_bill_dating = fields.Selection(
        related="company_id.utility_bill_dating", readonly=False, required=True
    )
    utility_negative_bills = fields.Selection(
        related="company_id.utility_negative_bills", readonly=False, required=True
    )
    utility_smallest_bill = fields.Monetary(
        related="company_id.utility_smallest_bill", readonly=False
    )
    utility_reference_scheme = fields.Selection(
        related="company_id.utility_reference_scheme", readonly=False, required=True
    )
    utility_reference_of = fields.Selection(
        related="company_id.utility_reference_of", readonly=False, required=True
    )
    utility_posting_way = fields.Selection(
        related="company_id.utility_posting_way", readonly=False, required=True
    )
    utility_analytic_services = fields.Boolean(
        related="company_id.utility_analytic_services", readonly=False
    )
    utility_analytic_buildings = fields.Boolean(
        related="company_id.utility_analytic_buildings", readonly=False
    )
