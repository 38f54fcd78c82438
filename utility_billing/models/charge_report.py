from odoo import api, fields, models
from odoo.tools import SQL

from .charge import KINDS, STATES

# per cent of a charge's taxes, as a part of one
RATE = SQL(
    """(SELECT COALESCE(SUM(tax.amount), 0) / 100 FROM account_tax tax
        WHERE tax.amount_type = 'percent'
        AND tax.id = ANY(string_to_array(NULLIF(charge.tax_key, ''), ',')::int[]))"""
)
# what is charged, whoever pays it
WHOLE = SQL("(charge.amount + COALESCE(charge.fund_amount, 0))")
# of a posted charge what the bill says; before that, what its taxes come to
TAX = SQL(
    """CASE WHEN charge.state = 'posted' THEN COALESCE(charge.tax_amount, 0)
            WHEN COALESCE(charge.tax_key, '') = '' THEN 0
            WHEN charge.tax_included THEN
                ROUND(%(whole)s - %(whole)s / (1 + %(rate)s), currency.decimal_places)
            ELSE ROUND(%(whole)s * %(rate)s, currency.decimal_places) END""",
    whole=WHOLE,
    rate=RATE,
)
# the fund's part with its taxes
FUND = SQL(
    """CASE WHEN COALESCE(charge.fund_amount, 0) = 0 THEN 0
            WHEN charge.tax_included OR COALESCE(charge.tax_key, '') = '' THEN charge.fund_amount
            ELSE ROUND(charge.fund_amount * (1 + %(rate)s), currency.decimal_places) END""",
    rate=RATE,
)
# the building of a charge: a house is its own
BUILDING = SQL(
    """COALESCE(charge.building_id,
                CASE WHEN place.level = 'building' THEN place.id ELSE place.building_id END)"""
)


class ChargeReport(models.Model):
    """Charges as accruals: each a row, with its taxes and with what it is told by.

    Filter by the month billed in first: it is what charges are found by.
    """

    _name = "utility.charge.report"
    _description = "Accruals"
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "service_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    run_id = fields.Many2one("utility.billing.run", "Billing Run", readonly=True)
    month = fields.Date("Billed in", readonly=True)
    consumption_month = fields.Date("Consumed in", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    account_id = fields.Many2one("utility.account", readonly=True)
    partner_id = fields.Many2one("res.partner", "Payer", readonly=True)
    payer_kind = fields.Selection(
        selection=lambda self: self.env["utility.account"]._fields["kind"].selection,
        string="Kind of Payer",
        readonly=True,
    )
    service_id = fields.Many2one("utility.service", readonly=True)
    plan_id = fields.Many2one("utility.rate.plan", "Tariff Plan", readonly=True)
    schedule_id = fields.Many2one("utility.rate.schedule", "Tariff", readonly=True)
    version_id = fields.Many2one("utility.rate.version", "Tariff Version", readonly=True)
    component_id = fields.Many2one("utility.rate.component", readonly=True)
    code = fields.Char("Component's Code", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    is_correction = fields.Boolean("Correction", readonly=True)
    premise_id = fields.Many2one("utility.premise", readonly=True)
    premise_type_id = fields.Many2one("utility.premise.type", "Kind of Premise", readonly=True)
    building_id = fields.Many2one("utility.premise", readonly=True)
    street_id = fields.Many2one("utility.premise", readonly=True)
    locality_id = fields.Many2one("utility.premise", "Town", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    quantity = fields.Float(digits=(16, 3), readonly=True)
    net = fields.Monetary("Without Tax", readonly=True)
    tax = fields.Monetary(readonly=True)
    gross = fields.Monetary("With Tax", readonly=True)
    fund = fields.Monetary("Paid by Funds", readonly=True, help="With tax.")
    due = fields.Monetary("Payer's Part", readonly=True, help="With tax, less what funds pay.")

    _depends = {
        "utility.charge": [
            "account_id",
            "amount",
            "building_id",
            "component_id",
            "fund_amount",
            "kind",
            "month",
            "quantity",
            "service_id",
            "state",
            "tax_amount",
        ]
    }

    @property
    def _table_query(self):
        return SQL(
            "SELECT %(columns)s FROM %(tables)s WHERE charge.state <> 'cancelled'",
            columns=self._report_columns(),
            tables=self._report_tables(),
        )

    @api.model
    def _report_columns(self):
        return SQL(
            """
            charge.id, charge.company_id, company.currency_id, charge.run_id, charge.month,
            date_trunc('month', charge.date_end)::date AS consumption_month,
            charge.state, charge.account_id, charge.partner_id, account.kind AS payer_kind,
            charge.service_id, schedule.plan_id, version.schedule_id, component.version_id,
            charge.component_id, charge.code, charge.kind,
            COALESCE(charge.is_correction, FALSE) AS is_correction,
            place.id AS premise_id, place.type_id AS premise_type_id, %(building)s AS building_id,
            place.street_id, place.locality_id, charge.uom_id, charge.quantity,
            %(whole)s - CASE WHEN charge.tax_included THEN %(tax)s ELSE 0 END AS net,
            %(tax)s AS tax,
            %(whole)s + CASE WHEN charge.tax_included THEN 0 ELSE %(tax)s END AS gross,
            %(fund)s AS fund,
            %(whole)s + CASE WHEN charge.tax_included THEN 0 ELSE %(tax)s END - %(fund)s AS due
            """,
            whole=WHOLE,
            tax=TAX,
            fund=FUND,
            building=BUILDING,
        )

    @api.model
    def _report_tables(self):
        return SQL(
            """
            utility_charge charge
            LEFT JOIN res_company company ON company.id = charge.company_id
            LEFT JOIN res_currency currency ON currency.id = company.currency_id
            LEFT JOIN utility_account account ON account.id = charge.account_id
            LEFT JOIN utility_premise place
                ON place.id = COALESCE(charge.premise_id, account.premise_id)
            LEFT JOIN utility_rate_component component ON component.id = charge.component_id
            LEFT JOIN utility_rate_version version ON version.id = component.version_id
            LEFT JOIN utility_rate_schedule schedule ON schedule.id = version.schedule_id
            """
        )

    def action_open_charge(self):
        """The charge itself, which explains how it was calculated."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "utility.charge",
            "res_id": self.id,
            "view_mode": "form",
        }
