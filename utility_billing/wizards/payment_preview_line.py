from odoo import api, fields, models


class PaymentPreviewLine(models.TransientModel):
    """A service of a bill, as a payment would cover it."""

    _name = "utility.payment.preview.line"
    _description = "What of a Bill a Payment Would Cover"
    _order = "preview_id, account_id, month, bill_id, service_id, id"
    _is_question = True

    preview_id = fields.Many2one("utility.payment.preview", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="preview_id.currency_id")
    account_id = fields.Many2one("utility.account", readonly=True)
    bill_id = fields.Many2one("account.move", readonly=True)
    month = fields.Date("Billed Month", readonly=True)
    service_id = fields.Many2one("utility.service", readonly=True)
    open_amount = fields.Monetary("Open", readonly=True)
    covered = fields.Monetary(readonly=True)
    after = fields.Monetary("Open After", compute="_compute_after")
    other_covered = fields.Monetary("Covered by the Other", readonly=True)
    other_after = fields.Monetary("Open After the Other", compute="_compute_after")

    @api.depends("open_amount", "covered", "other_covered")
    def _compute_after(self):
        for line in self:
            line.after = line.open_amount - line.covered
            line.other_after = line.open_amount - line.other_covered
