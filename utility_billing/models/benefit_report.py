from odoo import fields, models
from odoo.tools import SQL

from .charge import KINDS, STATES
from .charge_report import BUILDING, FUND

# of a benefit's terms: what they are about; each is a share of the whole point
ABOUT = SQL(
    """SELECT SUM((term->>'quantity')::numeric * COALESCE((term->>'share')::numeric, 100) / 100)
                  AS quantity,
              SUM((term->>'base')::numeric * COALESCE((term->>'share')::numeric, 100) / 100)
                  AS base,
              MAX((term->>'percent')::numeric) AS percent
       FROM jsonb_path_query(charge.trace, '$.parts[*].terms[*]') AS term"""
)


class BenefitReport(models.Model):
    """What funds pay of charges: whom for, by which right, of what, how much."""

    _name = "utility.benefit.report"
    _description = "Benefits for the State"
    _auto = False
    _order = "month desc, fund_partner_id, account_id, id"
    _rec_name = "person_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    month = fields.Date("Billed in", readonly=True)
    date_start = fields.Date("From", readonly=True)
    date_end = fields.Date("To", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    fund_partner_id = fields.Many2one("res.partner", "Fund", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    benefit_kind_id = fields.Many2one("utility.benefit.kind", "Kind of Benefit", readonly=True)
    benefit_id = fields.Many2one("utility.benefit", readonly=True)
    subsidy_id = fields.Many2one("utility.subsidy", readonly=True)
    document_number = fields.Char("Document No.", readonly=True)
    person_id = fields.Many2one("res.partner", readonly=True)
    personal_code = fields.Char(
        related="person_id.utility_personal_code", groups="utility_base.group_personal_data"
    )
    persons = fields.Integer("Persons Covered", readonly=True, aggregator=None)
    account_id = fields.Many2one("utility.account", readonly=True)
    premise_id = fields.Many2one("utility.premise", readonly=True)
    building_id = fields.Many2one("utility.premise", readonly=True)
    service_id = fields.Many2one("utility.service", readonly=True)
    component_id = fields.Many2one("utility.rate.component", readonly=True)
    is_correction = fields.Boolean("Correction", readonly=True)
    quantity = fields.Float(
        digits=(16, 3),
        readonly=True,
        help="What the relief is about, where it is so much off each unit.",
    )
    base = fields.Monetary("Relieved Amount", readonly=True, help="Tax in or out, as charged.")
    percent = fields.Float("Per Cent", digits=(7, 4), readonly=True, aggregator=None)
    amount = fields.Monetary("Fund's Part", readonly=True, help="With tax.")

    _depends = {
        "utility.charge": ["fund_partner_id", "fund_amount", "state", "month", "source_id"],
        "utility.benefit": ["kind_id", "partner_id"],
        "utility.subsidy": ["partner_id", "register_number"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT charge.id, charge.company_id, company.currency_id, charge.month,
                   charge.date_start, charge.date_end, charge.state, charge.fund_partner_id,
                   charge.kind, benefit.kind_id AS benefit_kind_id, benefit.id AS benefit_id,
                   subsidy.id AS subsidy_id,
                   COALESCE(benefit.document_number, subsidy.register_number) AS document_number,
                   COALESCE(benefit.partner_id, subsidy.partner_id, charge.partner_id) AS person_id,
                   benefit.persons, charge.account_id, place.id AS premise_id,
                   %(building)s AS building_id, charge.service_id, charge.component_id,
                   COALESCE(charge.is_correction, FALSE) AS is_correction,
                   about.quantity, about.base, about.percent, %(fund)s AS amount
            FROM utility_charge charge
            LEFT JOIN res_company company ON company.id = charge.company_id
            LEFT JOIN res_currency currency ON currency.id = company.currency_id
            LEFT JOIN utility_account account ON account.id = charge.account_id
            LEFT JOIN utility_premise place
                ON place.id = COALESCE(charge.premise_id, account.premise_id)
            LEFT JOIN utility_benefit benefit
                ON charge.kind = 'benefit' AND benefit.id = charge.source_id
            LEFT JOIN utility_subsidy subsidy
                ON charge.kind = 'subsidy' AND subsidy.id = charge.source_id
            LEFT JOIN LATERAL (%(about)s) about ON TRUE
            WHERE charge.fund_partner_id IS NOT NULL AND charge.state <> 'cancelled'
            """,
            building=BUILDING,
            fund=FUND,
            about=ABOUT,
        )
