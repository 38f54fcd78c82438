from odoo import fields, models
from odoo.tools import SQL


class BillingRun(models.Model):
    _inherit = "utility.billing.run"

    total_ids = fields.One2many("utility.billing.run.total", "run_id", readonly=True, copy=False)

    def _conclude(self):
        done = super()._conclude()
        self._sum_up()
        return done

    def _sum_up(self):
        """Totals by service, and what was approved for the same accounts the month before."""
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
                   (SELECT sum(before.amount) FROM utility_charge before
                    WHERE before.service_id = charge.service_id AND before.month = %(before)s
                    AND before.company_id = %(company)s
                    AND before.state IN ('approved', 'posted')
                    AND before.account_id IN (
                        SELECT account_id FROM utility_charge WHERE run_id = %(run)s))
            FROM utility_charge charge
            JOIN utility_service service ON service.id = charge.service_id
            LEFT JOIN utility_rate_component component ON component.id = charge.component_id
            WHERE charge.run_id = %(run)s GROUP BY charge.service_id
            """,
                run=self.id,
                company=self.company_id.id,
                before=fields.Date.subtract(self._span()[0], months=1),
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
                    "change": 100 * (float(amount) / float(before) - 1) if before else 0,
                }
                for service_id, accounts, quantity, amount, corrected, before in rows
            ]
        )
