from odoo import api, fields, models
from odoo.tools import SQL

# the building of an account's premise: a house is its own
BUILDING = SQL("CASE WHEN place.level = 'building' THEN place.id ELSE place.building_id END")


class PaymentReport(models.Model):
    """Registered payments: a row for each service that one covers, and one for what of it is left
    over as credit. Together they are the money that came and was not paid back."""

    _name = "utility.payment.report"
    _description = "Payments by Service"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "payment_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    payment_id = fields.Many2one("utility.payment", readonly=True)
    batch_id = fields.Many2one("utility.payment.batch", "List", readonly=True)
    collector_id = fields.Many2one("utility.payment.collector", readonly=True)
    date = fields.Date("Paid on", readonly=True)
    date_covered = fields.Date(
        "Covered on", readonly=True, help="The later of payment and bill. Of a credit: empty."
    )
    month = fields.Date("Billed Month", readonly=True)
    account_id = fields.Many2one("utility.account", readonly=True)
    building_id = fields.Many2one("utility.premise", readonly=True)
    partner_id = fields.Many2one("res.partner", "Payer", readonly=True)
    service_id = fields.Many2one("utility.service", readonly=True)
    creditor_partner_id = fields.Many2one("res.partner", "Collected for", readonly=True)
    kind = fields.Selection([("covers", "Covers bills"), ("credit", "Left over")], readonly=True)
    amount = fields.Monetary(readonly=True)

    _depends = {
        "utility.payment.allocation": ["amount", "date", "payment_id", "service_id"],
        "account.move.line": ["amount_residual", "parent_state", "reconciled"],
        "utility.payment": ["batch_id", "collector_id", "date"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT part.id, part.company_id, company.currency_id, part.payment_id,
                payment.batch_id, payment.collector_id, payment.date, part.date_covered,
                part.month, part.account_id, %(building)s AS building_id, part.partner_id,
                part.service_id, part.creditor_partner_id, part.kind, part.amount
            FROM (%(covers)s UNION ALL %(credit)s) part
            JOIN utility_payment payment ON payment.id = part.payment_id
            JOIN res_company company ON company.id = part.company_id
            LEFT JOIN utility_account account ON account.id = part.account_id
            LEFT JOIN utility_premise place ON place.id = account.premise_id
            """,
            building=BUILDING,
            covers=self._report_covers(),
            credit=self._report_credit(),
        )

    @api.model
    def _report_covers(self):
        return SQL(
            """
            SELECT id::bigint * 2 AS id, company_id, payment_id, date AS date_covered, month,
                account_id, partner_id, service_id, creditor_partner_id, 'covers' AS kind, amount
            FROM utility_payment_allocation WHERE payment_id IS NOT NULL
            """
        )

    @api.model
    def _report_credit(self):
        return SQL(
            """
            SELECT id::bigint * 2 + 1, company_id, utility_payment_id, NULL::date, NULL::date,
                utility_account_id, partner_id, utility_service_id, NULL::int, 'credit',
                -amount_residual
            FROM account_move_line
            WHERE utility_payment_id IS NOT NULL AND utility_account_id IS NOT NULL
                AND parent_state = 'posted' AND reconciled IS NOT TRUE AND amount_residual <> 0
            """
        )

    def action_open_payment(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "utility.payment",
            "res_id": self.payment_id.id,
            "view_mode": "form",
        }
