from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class BenefitChangeOver(models.TransientModel):
    """All beneficiaries of a kind get another one from a day on, as when a law sets new figures."""

    _name = "utility.benefit.change.over"
    _description = "Change Benefits over to Another Kind"

    kind_id = fields.Many2one("utility.benefit.kind", "From Kind", required=True, readonly=True)
    company_id = fields.Many2one(related="kind_id.company_id")
    successor_id = fields.Many2one(
        "utility.benefit.kind",
        "To Kind",
        required=True,
        domain="[('company_id', '=', company_id), ('id', '!=', kind_id)]",
    )
    date_start = fields.Date("From Day", required=True, default=lambda self: self._default_date())
    reason = fields.Char(required=True, help="The law or the decision, with its date.")
    benefit_count = fields.Integer("Benefits Changed Over", compute="_compute_benefit_count")

    def _default_date(self):
        next_month = fields.Date.add(fields.Date.context_today(self), months=1)
        return fields.Date.start_of(next_month, "month")

    @api.depends("kind_id", "date_start")
    def _compute_benefit_count(self):
        for wizard in self:
            wizard.benefit_count = (
                self.env["utility.benefit"].search_count(wizard._domain())
                if wizard.date_start
                else 0
            )

    def _domain(self):
        """Benefits of the kind that are in force on the day or after."""
        return (
            Domain("kind_id", "=", self.kind_id.id)
            & Domain("voided_at", "=", False)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", self.date_start))
        )

    def action_run(self):
        """Change the benefits over and show what came of it.

        :raise UserError: there is nothing to change over
        """
        self.ensure_one()
        benefits = self.env["utility.benefit"].search(self._domain())
        if not benefits:
            raise UserError(
                self.env._(
                    "“%(kind)s” has no beneficiaries on %(day)s or after: choose an earlier day.",
                    kind=self.kind_id.name,
                    day=self.date_start,
                )
            )
        changes = {"kind_id": self.successor_id.id}
        later = benefits.filtered(lambda benefit: benefit.date_start >= self.date_start)
        made = (benefits - later)._supersede(changes, self.date_start, self.reason)
        made |= later._supersede(changes, reason=self.reason)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("utility_billing.benefit_action"),
            "domain": [("id", "in", made.ids)],
            "context": {},
        }
