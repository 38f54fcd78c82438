from odoo import fields, models


class ReadingFinding(models.Model):
    """What a rule of validation said about a reading."""

    _name = "utility.reading.finding"
    _description = "Finding about a Reading"
    _order = "reading_id, id"

    reading_id = fields.Many2one("utility.reading", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="reading_id.company_id", store=True, index=True, precompute=True
    )
    rule_id = fields.Many2one("utility.vee.rule", index=True, ondelete="restrict")
    check_code = fields.Char("Check", required=True)
    verdict = fields.Selection(
        [("warn", "Warning"), ("hold", "Held")], required=True, default="warn"
    )
    message = fields.Char(required=True)
