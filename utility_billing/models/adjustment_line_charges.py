from odoo import fields, models


class AdjustmentLine(models.Model):
    _inherit = "utility.adjustment.line"

    charged_amount = fields.Monetary("On Bills", compute="_compute_charged_amount")

    def _compute_charged_amount(self):
        sums = {
            (source_id, account.id, point.id): amount
            for source_id, account, point, amount in self.env["utility.charge"]._read_group(
                self.adjustment_id._domain_charges(),
                ["source_id", "account_id", "service_point_id"],
                ["amount:sum"],
            )
        }
        for line in self:
            key = line.adjustment_id.id, line.account_id.id, line.service_point_id.id
            line.charged_amount = sums.get(key, 0)
