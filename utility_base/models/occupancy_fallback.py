"""A vacant premise falls back to its owner."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.dates import day_after


class Occupancy(models.Model):
    _inherit = "utility.occupancy"

    def _facts_changed(self):
        result = super()._facts_changed()
        today = fields.Date.context_today(self)
        self.filtered(
            lambda o: o.role == "tenant" and not o.voided_at and o.date_end and o.date_end < today
        )._fall_back_to_owner()
        return result

    @api.model
    def _cron_fall_back_to_owner(self):
        """Tenancies whose last day has passed in the last week."""
        today = fields.Date.context_today(self)
        ended = self.search(
            Domain("role", "=", "tenant") & Domain("voided_at", "=", False)
            & Domain("date_end", "<", today) & Domain("date_end", ">=", today - timedelta(days=7))
        )
        ended._fall_back_to_owner()

    def _fall_back_to_owner(self):
        """Where the tenant who is gone still pays and no other tenant came, the owner pays."""
        for tenancy in self:
            day = day_after(tenancy.date_end)
            accounts = tenancy.premise_id.account_ids.filtered(
                lambda account, day=day, tenant=tenancy.partner_id: account._payer_on(day) == tenant
                and (not account.date_close or account.date_close >= day)
            )
            there = tenancy.premise_id.occupancy_ids._in_force(day)
            owner = there.filtered(lambda person: person.role == "owner")
            if not accounts or not owner or there.filtered(lambda person: person.role == "tenant"):
                continue
            wizard = self.env["utility.move.wizard"].create({
                "kind": "move_out",
                "premise_id": tenancy.premise_id.id,
                "date": day,
                "leaving_ids": [fields.Command.clear()],
                "account_ids": [fields.Command.set(accounts.ids)],
                "payer_policy": accounts[0].company_id.utility_payer_policy,
            })
            if wizard.payer_id:
                wizard._run()
