from odoo import fields, models
from odoo.tools import SQL, format_amount, format_date

MONTHS = 12


class BillingException(models.Model):
    """What the account's months before came to, and each service then and now."""

    _inherit = "utility.billing.exception"

    def _compute_history(self):
        for exception in self:
            exception.history = {
                "upright": True,
                "series": [self.env._("Bills of the last twelve months and this one")],
                "groups": exception._history_of_months(),
                "heads": [
                    self.env._("Service"),
                    self.env._("Was"),
                    self.env._("Is"),
                    self.env._("Difference"),
                ],
                "rows": exception._history_of_services(),
            }

    def _history_of_months(self):
        first = self.run_id._span()[0]
        sums = self._sums_by("month", fields.Date.subtract(first, months=MONTHS))
        groups = []
        for back in range(MONTHS, -1, -1):
            month = fields.Date.subtract(first, months=back)
            was, now = sums.get(month, (0, 0))
            amount = was if back else now or self._amount_kept_out()
            groups.append(
                {
                    "label": format_date(self.env, month, date_format="LLL"),
                    "title": format_date(self.env, month, date_format="LLLL y"),
                    "values": [amount],
                    "texts": [format_amount(self.env, amount, self.currency_id)],
                    "now": not back,
                }
            )
        return groups

    def _amount_kept_out(self):
        """What the bill came to before the account was taken out of the run."""
        return self.amount if self.state == "held" else 0

    def _history_of_services(self):
        """Was: the last month that was billed."""
        first = self.run_id._span()[0]
        sums = self._sums_by("service", fields.Date.subtract(first, months=1))
        services = self.env["utility.service"].browse(sums)
        rows = []
        for service in services.sorted():
            was, now = sums[service.id]
            texts = [
                format_amount(self.env, amount, self.currency_id) if amount or total else ""
                for amount, total in ((was, 0), (now, 0), (now - was, was + now))
            ]
            rows.append([service.name, *texts])
        return rows

    def _sums_by(self, what, since):
        """{first day of a month or service id: (billed before, in this run)} since a month."""
        column = SQL("month") if what == "month" else SQL("service_id")
        self.env["utility.charge"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT %(column)s,
                   COALESCE(sum(amount) FILTER (WHERE run_id <> %(run)s), 0)::float,
                   COALESCE(sum(amount) FILTER (WHERE run_id = %(run)s), 0)::float
            FROM utility_charge
            WHERE account_id = %(account)s AND (run_id = %(run)s
                OR state IN ('approved', 'posted') AND month >= %(since)s AND month < %(first)s)
            GROUP BY %(column)s
            """,
                column=column,
                run=self.run_id.id,
                account=self.account_id.id,
                since=since,
                first=self.run_id._span()[0],
            )
        )
        return {key: (was, now) for key, was, now in rows}
