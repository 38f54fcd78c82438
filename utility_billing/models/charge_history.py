from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..engine.difference import Was, fund_part
from ..engine.facts import Charge as Line
from .charge import COUNTED

COLUMNS = (
    "kind code component_id agreement_id partner_id tax_key tax_included date_start date_end "
    "quantity price amount trace fund_partner_id source_id"
).split()


class Charge(models.Model):
    """What was charged for a period so far."""

    _inherit = "utility.charge"

    @api.model
    def _charged_before(self, keys):
        """Sums of what is approved for supplies and periods, over all runs.

        :param keys: {(account id, point id, (first, last))}
        :return: {(account id, point id, (first, last)): {line key: `Was`}}
        """
        self.flush_model()
        keys, lines = list(keys), defaultdict(lambda: defaultdict(list))
        for account_id, point_id, start, end, charge_id, *values in self.env.execute_query(
            SQL(
                """
            SELECT wanted.account_id, wanted.point_id, wanted.date_start, wanted.date_end,
                   charge.id, kind, code, component_id, agreement_id, partner_id, tax_key,
                   tax_included, charge.date_start, charge.date_end,
                   trim_scale(quantity)::text, trim_scale(price)::text, amount::text, trace,
                   fund_partner_id, source_id
            FROM unnest(%s::int[], %s::int[], %s::date[], %s::date[])
                AS wanted (account_id, point_id, date_start, date_end)
            JOIN utility_charge charge ON charge.account_id = wanted.account_id
                AND charge.service_point_id = wanted.point_id
                AND charge.period_start = wanted.date_start
                AND charge.period_end = wanted.date_end
            WHERE charge.state = ANY(%s) AND charge.kind <> ALL(%s)
            ORDER BY charge.id
            """,
                [key[0] for key in keys],
                [key[1] for key in keys],
                [key[2][0] for key in keys],
                [key[2][1] for key in keys],
                list(COUNTED),
                list(self._kinds_of_documents()),
            )
        ):
            line = _line(dict(zip(COLUMNS, values, strict=True)))
            lines[account_id, point_id, (start, end)][line.key].append((charge_id, line))
        return {
            key: {line_key: was_of(rows) for line_key, rows in by_key.items()}
            for key, by_key in lines.items()
        }

    @api.model
    def _subsidised_before(self, account_ids, since, until):
        """What approved runs used of subsidies, whichever month they billed.

        :param since, until: first days of the months that were paid for, both included
        :return: {(account id, first day of a month): [(charge id, service id, `Charge`)]}
        """
        self.flush_model()
        found = defaultdict(list)
        for account_id, month, charge_id, service_id, *values in self.env.execute_query(
            SQL(
                """
            SELECT account_id, period_start, id, service_id, kind, code, component_id,
                   agreement_id, partner_id, tax_key, tax_included, date_start, date_end,
                   trim_scale(quantity)::text, trim_scale(price)::text, amount::text, trace,
                   fund_partner_id, source_id
            FROM utility_charge
            WHERE kind = 'subsidy' AND state = ANY(%s) AND account_id = ANY(%s)
            AND period_start BETWEEN %s AND %s
            ORDER BY id
            """,
                list(COUNTED),
                list(account_ids),
                since,
                until,
            )
        ):
            line = _line(dict(zip(COLUMNS, values, strict=True)))
            found[account_id, month].append((charge_id, service_id, line))
        return found

    @api.model
    def _kinds_of_documents(self):
        """Kinds of charges that no rating makes and no rating takes back."""
        return ("manual", "one_off", "subsidy", "cost")


def was_of(rows):
    """What was charged for one line.

    :param rows: [(charge id, `Charge`)], in order
    """
    return Was(
        tuple(charge_id for charge_id, _line in rows),
        sum((line.quantity for _charge_id, line in rows), Decimal(0)),
        sum((line.amount for _charge_id, line in rows), Decimal(0)),
        rows[-1][1],
        sum((fund_part(line.trace) for _charge_id, line in rows), Decimal(0)),
    )


def _line(row):
    """A stored charge as the engine knows it."""
    price = row["price"]
    return Line(
        kind=row["kind"],
        code=row["code"] or "",
        component_id=row["component_id"] or 0,
        agreement_id=row["agreement_id"] or 0,
        payer_id=row["partner_id"] or 0,
        taxes=row["tax_key"] or "",
        tax_included=bool(row["tax_included"]),
        date_start=row["date_start"],
        date_end=row["date_end"],
        quantity=Decimal(row["quantity"] or 0),
        price=None if price is None else Decimal(price),
        amount=Decimal(row["amount"]),
        trace=row["trace"],
        fund_id=row["fund_partner_id"] or 0,
        source_id=row["source_id"] or 0,
    )
