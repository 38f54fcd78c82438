from odoo import fields, models


class CorrespondenceRunError(models.Model):
    """Why a mass letter could not be written to an account."""

    _name = "utility.correspondence.run.error"
    _description = "Letter Not Written"
    _order = "account_id, id"

    run_id = fields.Many2one(
        "utility.correspondence.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    account_id = fields.Many2one("utility.account", required=True, ondelete="cascade")
    reason = fields.Char(required=True)
