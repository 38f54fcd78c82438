from odoo import fields, models


class SubsidyUse(models.Model):
    """What became of a subsidy in a month. Runs write it; a run of the month again replaces it."""

    _name = "utility.subsidy.use"
    _description = "Subsidy Used"
    _order = "month desc, id desc"
    _rec_name = "month"

    subsidy_id = fields.Many2one("utility.subsidy", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="subsidy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="subsidy_id.currency_id")
    account_id = fields.Many2one(related="subsidy_id.account_id", store=True, index=True)
    building_id = fields.Many2one(related="subsidy_id.building_id", store=True, index=True)
    month = fields.Date(required=True, help="First day of the month.")
    available = fields.Monetary(help="Of the month, with what earlier months left.")
    used = fields.Monetary(help="Paid for services.")
    carried = fields.Monetary("Left for the Next Month")
    returned = fields.Monetary("Back to the Fund")

    _one_a_month = models.Constraint(
        "UNIQUE (subsidy_id, month)", "The subsidy's use in this month is on record."
    )
