from odoo import api, fields, models
from odoo.tools import SQL

CHARTED = 8


class BillingRun(models.Model):
    _inherit = "utility.billing.run"

    total_ids = fields.One2many("utility.billing.run.total", "run_id", readonly=True, copy=False)
    total_chart = fields.Json(compute="_compute_total_chart")

    @api.depends("total_ids.amount", "total_ids.before_amount", "total_ids.year_amount")
    @api.depends_context("lang")
    def _compute_total_chart(self):
        """The greatest services, for a picture."""
        for run in self:
            totals = run.total_ids.sorted(lambda total: -abs(total.amount))[:CHARTED]
            run.total_chart = totals and {
                "series": [
                    self.env._("This month"),
                    self.env._("Month before"),
                    self.env._("Year before"),
                ],
                "groups": [total._chart_group() for total in totals],
            }

    def _conclude(self):
        done = super()._conclude()
        self._sum_up()
        return done

    def _sum_up(self):
        """Totals by service, and what was approved for the same accounts the month before and the
        same month a year before."""
        self.env.flush_all()
        self.sudo().total_ids.unlink()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT charge.service_id, count(DISTINCT charge.account_id),
                   sum(charge.quantity) FILTER (
                       WHERE charge.kind = 'consumption' AND charge.uom_id = service.uom_id
                       AND component.kind = 'unit'),
                   sum(charge.amount), sum(charge.amount) FILTER (WHERE charge.is_correction),
                   max(past.before), max(past.year)
            FROM utility_charge charge
            JOIN utility_service service ON service.id = charge.service_id
            LEFT JOIN utility_rate_component component ON component.id = charge.component_id
            LEFT JOIN (
                SELECT service_id, sum(amount) FILTER (WHERE month = %(before)s) AS before,
                       sum(amount) FILTER (WHERE month = %(year)s) AS year
                FROM utility_charge
                WHERE month IN (%(before)s, %(year)s) AND company_id = %(company)s
                AND state IN ('approved', 'posted') AND account_id IN (
                    SELECT account_id FROM utility_charge WHERE run_id = %(run)s)
                GROUP BY service_id
            ) past ON past.service_id = charge.service_id
            WHERE charge.run_id = %(run)s GROUP BY charge.service_id
            """,
                run=self.id,
                company=self.company_id.id,
                before=fields.Date.subtract(self._span()[0], months=1),
                year=fields.Date.subtract(self._span()[0], years=1),
            )
        )
        # totals are the run's own; users only read them
        self.env["utility.billing.run.total"].sudo().create(
            [
                {
                    "run_id": self.id,
                    "service_id": service_id,
                    "account_count": accounts,
                    "quantity": quantity or 0,
                    "amount": amount,
                    "correction_amount": corrected or 0,
                    "before_amount": before or 0,
                    "change": _change(amount, before),
                    "year_amount": year or 0,
                    "year_change": _change(amount, year),
                }
                for service_id, accounts, quantity, amount, corrected, before, year in rows
            ]
        )


def _change(amount, past):
    return 100 * (float(amount) / float(past) - 1) if past else 0
