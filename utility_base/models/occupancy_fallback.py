"""A vacant premise falls back to its owner."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

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
        """Tenancies that have ended, of tenants who still pay."""
        today = fields.Date.context_today(self)
        ended = self.search(
            Domain("role", "=", "tenant")
            & Domain("voided_at", "=", False)
            & Domain("date_end", "<", today)
            & Domain("id", "in", self._query_still_paying())
        )
        ended._fall_back_to_owner()

    def _query_still_paying(self):
        """Occupancies whose person pays today for an account of the premise."""
        self.env["utility.account"].flush_model(["premise_id", "partner_id"])
        return SQL(
            """(
            SELECT occupancy.id FROM utility_occupancy occupancy
            JOIN utility_account account ON account.premise_id = occupancy.premise_id
                AND account.partner_id = occupancy.partner_id AND account.date_close IS NULL
            )"""
        )

    def _fall_back_to_owner(self):
        """Where the tenant who is gone still pays and no other tenant came, the owner pays."""
        for tenancy in self:
            day = day_after(tenancy.date_end)
            accounts = tenancy.premise_id.account_ids.filtered(
                lambda account, day=day, tenant=tenancy.partner_id: (
                    account._payer_on(day) == tenant
                    and (not account.date_close or account.date_close >= day)
                )
            )
            there = tenancy.premise_id.occupancy_ids._in_force(day)
            owner = there.filtered(lambda person: person.role == "owner")
            if not accounts or not owner or there.filtered(lambda person: person.role == "tenant"):
                continue
            wizard = self.env["utility.move.wizard"].create(
                {
                    "kind": "move_out",
                    "premise_id": tenancy.premise_id.id,
                    "date": day,
                    "leaving_ids": [fields.Command.clear()],
                    "account_ids": [fields.Command.set(accounts.ids)],
                    "payer_policy": accounts[0].company_id.utility_payer_policy,
                }
            )
            if wizard.payer_id:
                wizard._run()
