from odoo import models
from odoo.tools import SQL


class BillingRun(models.Model):
    """Analytic accounts of services and buildings, where the company's bills are analysed so."""

    _inherit = "utility.billing.run"

    def _make_analytic_accounts(self):
        company = self.company_id
        if company.utility_analytic_services:
            services = self.env["utility.service"].search([("company_id", "=", company.id)])
            self._give_analytic(services, "utility_billing.analytic_plan_services", company)
        if company.utility_analytic_buildings:
            self._give_analytic(
                self._buildings_charged(), "utility_billing.analytic_plan_buildings"
            )

    def _buildings_charged(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT building_id FROM utility_charge "
                "WHERE run_id = %s AND building_id IS NOT NULL",
                self.id,
            )
        )
        return self.env["utility.premise"].browse(row[0] for row in rows)

    def _give_analytic(self, records, plan, company=None):
        """:param company: whose the accounts are; buildings are shared by companies"""
        # operators post; they need not be allowed to set up the ledger
        missing = records.sudo().filtered(lambda record: not record.analytic_account_id)
        accounts = self.env["account.analytic.account"].sudo()
        for record in missing:
            record.analytic_account_id = accounts.create(
                {
                    "name": record.display_name,
                    "plan_id": self.env.ref(plan).id,
                    "company_id": company.id if company else False,
                }
            )
