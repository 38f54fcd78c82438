from odoo import api, fields, models


class CorrectionPreviewLine(models.TransientModel):
    _name = "utility.correction.preview.line"
    _description = "Correction to Come"
    # anybody who reads may ask; nothing of it stays
    _is_question = True
    _order = "date_start, service_id"

    preview_id = fields.Many2one("utility.correction.preview", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="preview_id.currency_id")
    service_id = fields.Many2one("utility.service")
    date_start = fields.Date("From")
    date_end = fields.Date("To")
    partner_id = fields.Many2one("res.partner", "Payer")
    taxes = fields.Char()
    was = fields.Monetary("Was Charged", help="With taxes.")
    due = fields.Monetary("Is Due", help="With taxes.")
    difference = fields.Monetary(compute="_compute_difference")
    reason = fields.Char("What Changed")
    message = fields.Char("Cannot Be Rated")

    @api.depends("was", "due")
    def _compute_difference(self):
        for line in self:
            line.difference = line.due - line.was
