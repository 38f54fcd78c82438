from odoo import api, fields, models
from odoo.tools import SQL


class AgencyReport(models.Model):
    """What was collected for creditors: a row for each allocation to a service of theirs.

    Filter by the day first: it is what allocations are found by.
    """

    _name = "utility.agency.report"
    _description = "Collected for Creditors"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "service_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    creditor_id = fields.Many2one("res.partner", readonly=True)
    service_id = fields.Many2one("utility.service", readonly=True)
    account_id = fields.Many2one("utility.account", readonly=True)
    building_id = fields.Many2one("utility.premise", readonly=True)
    collector_id = fields.Many2one("utility.payment.collector", readonly=True)
    payment_id = fields.Many2one("utility.payment", readonly=True)
    date = fields.Date("Collected on", readonly=True)
    month = fields.Date("Billed Month", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["utility.payment.allocation"]._fields["kind"].selection,
        readonly=True,
    )
    amount = fields.Monetary("Collected", readonly=True)

    _depends = {
        "utility.payment.allocation": [
            "amount",
            "creditor_partner_id",
            "date",
            "kind",
            "service_id",
        ]
    }

    @property
    def _table_query(self):
        return SQL(
            "SELECT %s FROM %s WHERE part.creditor_partner_id IS NOT NULL",
            self._report_columns(),
            self._report_tables(),
        )

    @api.model
    def _report_columns(self):
        return SQL(
            """
            part.id, part.company_id, company.currency_id,
            part.creditor_partner_id AS creditor_id, part.service_id, part.account_id,
            CASE WHEN place.level = 'building' THEN place.id ELSE place.building_id END
                AS building_id,
            part.collector_id, part.payment_id, part.date, part.month, part.kind, part.amount
            """
        )

    @api.model
    def _report_tables(self):
        return SQL(
            """
            utility_payment_allocation part
            JOIN res_company company ON company.id = part.company_id
            LEFT JOIN utility_account account ON account.id = part.account_id
            LEFT JOIN utility_premise place ON place.id = account.premise_id
            """
        )
