from odoo import fields, models
from odoo.fields import Domain


class Account(models.Model):
    """Benefits, subsidies and adjustments of an account."""

    _inherit = "utility.account"

    benefit_ids = fields.Many2many(
        "utility.benefit",
        string="Benefits",
        compute="_compute_benefit_ids",
        help="Of the account, and of its premise.",
    )
    subsidy_ids = fields.One2many("utility.subsidy", "account_id", "Subsidies")
    adjustment_ids = fields.Many2many(
        "utility.adjustment",
        string="Adjustments",
        compute="_compute_adjustment_ids",
        help="Of the account, and claim acts that name it.",
    )

    def _compute_benefit_ids(self):
        for account in self:
            account.benefit_ids = self.env["utility.benefit"].search(account._benefits_domain())

    def _benefits_domain(self):
        account = Domain("account_id", "=", self._origin.id or 0)
        premise = Domain("premise_id", "in", self.premise_id.ids) & Domain(
            "company_id", "=", self.company_id.id
        )
        return account | premise

    def _compute_adjustment_ids(self):
        for account in self:
            account.adjustment_ids = self.env["utility.adjustment"].search(
                account._adjustments_domain()
            )

    def _adjustments_domain(self):
        account = self._origin.id or 0
        return Domain("account_id", "=", account) | Domain(
            "line_ids", "any", [("account_id", "=", account), ("included", "=", True)]
        )

    def _timeline_sources(self):
        return super()._timeline_sources() + [
            {
                "key": "benefit",
                "label": self.env._("Benefit"),
                "icon": "fa-heart-o",
                "model": "utility.benefit",
                "domain": lambda account: account._benefits_domain(),
            },
            {
                "key": "subsidy",
                "label": self.env._("Subsidy"),
                "icon": "fa-university",
                "model": "utility.subsidy",
                "domain": lambda account: [("account_id", "=", account.id)],
            },
            {
                "key": "adjustment",
                "label": self.env._("Adjustment"),
                "icon": "fa-balance-scale",
                "model": "utility.adjustment",
                "events": lambda account: [
                    adjustment._timeline_entry()
                    for adjustment in account.adjustment_ids
                    if adjustment.state not in ("draft", "refused")
                ],
            },
        ]

    # -- buttons ----------------------------------------------------------------------------

    def action_new_benefit(self):
        return self._action_new_relief("utility.benefit", self.env._("New Benefit"))

    def action_new_subsidy(self):
        return self._action_new_relief("utility.subsidy", self.env._("New Subsidy"))

    def action_new_adjustment(self):
        return self._action_new_relief("utility.adjustment", self.env._("New Adjustment"))

    def _action_new_relief(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "context": {
                "default_account_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
