from odoo import api, models

from odoo.addons.utility_base.tools.import_fields import ImportField


class ImportTargetAgreement(models.AbstractModel):
    """A row may name the tariff plan."""

    _inherit = "utility.import.target.agreement"

    @api.model
    def _target_fields(self, profile):
        return [
            *super()._target_fields(profile),
            ImportField(
                "rate_plan",
                self.env._("Tariff Plan"),
                aliases=("tariff", "plan", "tarifas", "тариф"),
                looks_up=self.env._("a tariff plan by its code or name"),
            ),
        ]

    @api.model
    def _carried(self):
        return (*super()._carried(), "rate_plan_id")

    @api.model
    def _plan(self, batch, items):
        plans = self._plans_by_word()
        for item in items:
            item.plan["rate_plan"] = plans.get((item.get("rate_plan") or "").casefold())
        return super()._plan(batch, items)

    @api.model
    def _plans_by_word(self):
        found = {}
        for plan in self.env["utility.rate.plan"].search(
            [("company_id", "=", self.env.company.id)], order="sequence desc, id desc"
        ):
            found[plan.name.casefold()] = plan
        for plan in found.copy().values():
            found[plan.code.casefold()] = plan
        return found

    @api.model
    def _further_terms(self, item):
        terms = super()._further_terms(item)
        word, plan = item.get("rate_plan"), item.plan["rate_plan"]
        if word and not plan:
            item.fail(self.env._("there is no tariff plan “%s”", word), "rate_plan")
        return {**terms, "rate_plan_id": plan.id} if plan else terms
