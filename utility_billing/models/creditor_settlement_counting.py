from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

# what brings money in, and what takes it from a service again: a fund's part is the fund's to pay
KINDS = ("payment", "refund")


class CreditorSettlement(models.Model):
    """What was collected and not settled yet.

    Allocations come and go with reconciliations; so a settlement takes, for each service and day,
    the difference between what the ledger says now and what settlements took before.
    """

    _inherit = "utility.creditor.settlement"

    def action_count(self):
        """Take in what was collected up to the last day, and is in no settlement yet."""
        for settlement in self:
            settlement.check_access("write")
            if settlement.state != "draft":
                raise UserError(
                    self.env._("%s is approved: take it back to count again.", settlement.name)
                )
            # rows are the settlement's own; users only read them
            settlement.sudo()._count()
        return True

    def _count(self):
        self.creditor_id.lock_for_update(allow_referencing=True)
        rows = self._differences()
        self.line_ids = [Command.clear(), *map(Command.create, rows)]
        self.service_ids = [Command.clear(), *map(Command.create, self._prepare_services(rows))]

    def _differences(self):
        """Values of lines: what of each service and day was not taken yet."""
        now, taken = self._collected(), self._taken()
        found = []
        for service_id, day in sorted({*now, *taken}):
            amount = now.get((service_id, day), Decimal(0)) - taken.get((service_id, day), 0)
            if amount:
                found.append(
                    {
                        "service_id": service_id,
                        "date": day,
                        "is_late": bool(self.date_from and day < self.date_from),
                        "collected": float(max(amount, Decimal(0))),
                        "returned": float(min(amount, Decimal(0))),
                        "amount": float(amount),
                    }
                )
        return found

    def _collected(self):
        """{(service, day): Decimal}, as the ledger has it now."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT service_id, date, sum(amount)::text FROM utility_payment_allocation
            WHERE company_id = %s AND creditor_partner_id = %s AND date <= %s AND kind = ANY(%s)
            GROUP BY 1, 2
            """,
                self.company_id.id,
                self.creditor_id.id,
                self.date_to,
                list(KINDS),
            )
        )
        return {(service_id, day): Decimal(amount) for service_id, day, amount in rows}

    def _taken(self):
        """{(service, day): Decimal} that other settlements took."""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT line.service_id, line.date, sum(line.amount)::text
            FROM utility_creditor_settlement_line line
            JOIN utility_creditor_settlement settlement ON settlement.id = line.settlement_id
            WHERE line.company_id = %s AND line.creditor_id = %s AND line.date <= %s
            AND settlement.id <> %s AND settlement.state <> 'cancelled'
            GROUP BY 1, 2
            """,
                self.company_id.id,
                self.creditor_id.id,
                self.date_to,
                self.id,
            )
        )
        return {(service_id, day): Decimal(amount) for service_id, day, amount in rows}

    def _prepare_services(self, rows):
        by_service = defaultdict(list)
        for row in rows:
            by_service[row["service_id"]].append(row)
        waiting = self._not_collected()
        services = self.env["utility.service"]
        values = [
            {
                "service_id": service_id,
                "collected": sum(row["collected"] for row in by_service[service_id]),
                "returned": sum(row["returned"] for row in by_service[service_id]),
                "amount": sum(row["amount"] for row in by_service[service_id]),
                "not_collected": float(waiting.get(service_id, 0)),
                **self._prepare_fee(services.browse(service_id), by_service[service_id]),
            }
            for service_id in sorted({*by_service, *waiting})
        ]
        general = self.env["utility.creditor.agreement"]._on(self, services, self.date_to)
        if general.fixed and rows:
            # of an agreement about all services there is but one fixed part
            first = next(row for row in values if row["service_id"] == rows[0]["service_id"])
            first["fee"] += general.fixed
            first["product_id"] = first["product_id"] or general.product_id.id
            first["fee_way"] = first["fee_way"] or general.way
        return values

    def _prepare_fee(self, service, rows):
        """The own fee of a service: per cent by the agreement of each day, the fixed part by that
        of the last one."""
        agreements = self.env["utility.creditor.agreement"]
        last = agreements._on(self, service, self.date_to)
        fee = Decimal(str(last.fixed)) if last.service_id and rows else Decimal(0)
        for row in rows:
            percent = agreements._on(self, service, row["date"]).percent
            fee += Decimal(str(row["amount"])) * Decimal(str(percent)) / 100
        return {
            "fee": self.currency_id.round(float(fee)),
            "fee_way": last.way,
            "product_id": last.product_id.id,
        }

    def _not_collected(self):
        """{service: Decimal} billed up to the last day, and not covered by anything then."""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT service.id, (COALESCE((
                SELECT sum(-line.balance + CASE WHEN line.price_total = line.price_subtotal
                    THEN 0 ELSE sign(-line.balance) * (line.price_total - line.price_subtotal) END)
                FROM account_move_line line
                WHERE line.utility_service_id = service.id AND line.company_id = %(company)s
                AND line.parent_state = 'posted' AND line.display_type = 'product'
                AND line.date <= %(day)s
            ), 0) - COALESCE((
                SELECT sum(part.amount) FROM utility_payment_allocation part
                WHERE part.service_id = service.id AND part.company_id = %(company)s
                AND part.date <= %(day)s
            ), 0))::text
            FROM utility_service service
            WHERE service.creditor_partner_id = %(creditor)s AND service.ownership = 'agency'
            AND service.company_id = %(company)s
            """,
                company=self.company_id.id,
                creditor=self.creditor_id.id,
                day=self.date_to,
            )
        )
        found = {service_id: Decimal(amount) for service_id, amount in rows}
        # a bill rounds its tax as a whole: a cent more may be paid of a service than its line says
        return {service_id: amount for service_id, amount in found.items() if amount > 0}
