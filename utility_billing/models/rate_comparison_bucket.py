from odoo import api, fields, models

from ..tools.saying import Names, Saying


class RateComparisonBucket(models.Model):
    """How many would pay about so much more or less."""

    _name = "utility.rate.comparison.bucket"
    _description = "Step of a Comparison's Distribution"
    _order = "comparison_id desc, place, id"

    comparison_id = fields.Many2one(
        "utility.rate.comparison", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="comparison_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    place = fields.Integer(readonly=True, help="0: the same; 1, 2, …: more; -1, -2, …: less.")
    lower = fields.Monetary("From", readonly=True, help="Of how much more or less it is.")
    upper = fields.Monetary("To", readonly=True, help="0: no end.")
    line_count = fields.Integer("Agreements", readonly=True)
    share = fields.Float(readonly=True, digits=(16, 1), aggregator=None)
    difference = fields.Monetary("Together", readonly=True)

    @api.depends_context("lang")
    @api.depends("place", "lower", "upper")
    def _compute_display_name(self):
        for bucket in self:
            bucket.display_name = bucket._words()

    def _words(self):
        saying = Saying(self.env, self.currency_id, Names())
        lower, upper = (saying.money(str(round(value, 2))) for value in (self.lower, self.upper))
        if not self.place:
            return self.env._("the same")
        if not self.upper:
            if self.place > 0:
                return self.env._("over %(lower)s more", lower=lower)
            return self.env._("over %(lower)s less", lower=lower)
        if self.place > 0:
            return self.env._("%(lower)s – %(upper)s more", lower=lower, upper=upper)
        return self.env._("%(lower)s – %(upper)s less", lower=lower, upper=upper)
