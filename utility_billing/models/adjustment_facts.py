from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.payers import payer_on
from odoo.addons.utility_metering.engine.spans import day_after

from ..engine.facts import Reduction
from ..engine.single import counted, single, typed
from .adjustment_quality import reduced_months, zone_of

# an absence does not reduce what a meter has shown
BY_NORM = ("norm", "fixed", "attribute")


class Adjustment(models.Model):
    """Approved adjustments, as the rating engine is told of them and as charges of their own."""

    _inherit = "utility.adjustment"

    charged_at = fields.Datetime("Charged on", readonly=True, copy=False)
    taken_back_at = fields.Datetime("Taken back on", readonly=True, copy=False)

    @api.model
    def _reductions_for(self, supplies, since, until):
        """Approved absences and claim acts of supplies that touch the days since to until.

        :param supplies: list of (account id, point id, service id, premise id)
        :return: {(account id, point id): (`engine.facts.Reduction`, ...)}; one query
        """
        self._flush_facts()
        found, made = defaultdict(list), {}
        for account_id, point_id, *row in self._reduction_rows(supplies, since, until):
            if row[0] not in made:
                made[row[0]] = [
                    reduction
                    for reduction in _reductions(*row)
                    if reduction.start <= until and reduction.end >= since
                ]
            found[account_id, point_id] += made[row[0]]
        return {key: tuple(rows) for key, rows in found.items() if rows}

    @api.model
    def _flush_facts(self):
        self.flush_model()
        self.env["utility.adjustment.line"].flush_model()

    @api.model
    def _reduction_rows(self, supplies, since, until):
        return self.env.execute_query(
            SQL(
                """
            SELECT line.account_id, line.service_point_id, adjustment.id, adjustment.kind,
                   adjustment.left_on, adjustment.returned_on, COALESCE(adjustment.persons, 0),
                   adjustment.begin_at, adjustment.end_at, adjustment.measure,
                   trim_scale(adjustment.allowed_hours::numeric)::text,
                   trim_scale(adjustment.percent_per_hour)::text,
                   trim_scale(adjustment.deviation)::text,
                   trim_scale(adjustment.deviation_step)::text,
                   trim_scale(adjustment.percent)::text,
                   trim_scale(adjustment.instead_price)::text, partner.tz
            FROM unnest(%(accounts)s::int[], %(points)s::int[]) AS wanted (account_id, point_id)
            JOIN utility_adjustment_line line ON line.account_id = wanted.account_id
                AND line.service_point_id = wanted.point_id AND line.included
            JOIN utility_adjustment adjustment ON adjustment.id = line.adjustment_id
            JOIN res_company company ON company.id = adjustment.company_id
            JOIN res_partner partner ON partner.id = company.partner_id
            WHERE adjustment.state = 'approved' AND adjustment.kind IN ('absence', 'quality')
            AND (adjustment.kind = 'absence' OR adjustment.begin_at < %(until)s::date + 32)
            AND (adjustment.kind = 'quality' OR adjustment.left_on < %(until)s)
            AND (adjustment.kind = 'absence' OR adjustment.end_at >= %(since)s::date - 32)
            AND (adjustment.kind = 'quality' OR adjustment.returned_on > %(since)s)
            ORDER BY adjustment.id
            """,
                accounts=[supply[0] for supply in supplies],
                points=[supply[1] for supply in supplies],
                since=since,
                until=until,
            )
        )

    # -- charges of their own ---------------------------------------------------------------

    @api.model
    def _one_off_charges(self, account_ids, until):
        """Corrections and one-off services that are approved and not charged yet, and, taken
        back, those that were cancelled after they had been charged.

        :param until: last day of what is charged
        :return: {account id: [`engine.facts.Charge`]}; a charge's source is the adjustment, tell
            `_mark_charged` of those that were kept; two queries
        """
        self._flush_facts()
        found = defaultdict(list)
        rows = self._single_rows(account_ids, until)
        taxes = self._taxes_of([row["id"] for row in rows])
        for row in rows:
            found[row["account_id"]].append(_charge(row, taxes.get(row["id"], "")))
        return dict(found)

    @api.model
    def _mark_charged(self, ids):
        """Their charges are kept: they come no more."""
        now = fields.Datetime.now()
        # runs mark them, people only approve
        adjustments = self.sudo().browse(ids)
        approved = adjustments.filtered(lambda row: row.state == "approved")
        approved.write({"state": "charged", "charged_at": now})
        (adjustments - approved).filtered(lambda row: row.state == "cancelled").write(
            {"taken_back_at": now}
        )

    @api.model
    def _unmark_charged(self, ids):
        """Their charges were cancelled with their run: they come again."""
        adjustments = self.sudo().browse(ids)
        charged = adjustments.filtered(lambda row: row.state == "charged")
        charged.write({"state": "approved", "charged_at": False})
        cancelled = (adjustments - charged).filtered(lambda row: row.state == "cancelled")
        taken_back = cancelled.filtered("taken_back_at")
        taken_back.write({"taken_back_at": False})
        (cancelled - taken_back).write({"charged_at": False})

    @api.model
    def _single_rows(self, account_ids, until):
        names = (
            "id account_id kind state number day by_quantity quantity price amount tax_included "
            "reason code name uom unit payer_id agreement_id"
        ).split()
        lang = self.env.lang or "en_US"
        return [
            dict(zip(names, row, strict=True))
            for row in self.env.execute_query(
                SQL(
                    """
            SELECT adjustment.id, adjustment.account_id, adjustment.kind, adjustment.state,
                   adjustment.number, adjustment.date, adjustment.by_quantity,
                   trim_scale(adjustment.quantity)::text, trim_scale(adjustment.price)::text,
                   trim_scale(adjustment.amount)::text, COALESCE(adjustment.tax_included, FALSE),
                   adjustment.reason, service.code,
                   COALESCE(template.name->>%(lang)s, template.name->>'en_US',
                            service.name->>%(lang)s, service.name->>'en_US'),
                   COALESCE(uom.name->>%(lang)s, uom.name->>'en_US'), currency.rounding::text,
                   COALESCE(%(payer)s, account.partner_id, 0),
                   COALESCE(agreement.id, 0)
            FROM utility_adjustment adjustment
            JOIN utility_account account ON account.id = adjustment.account_id
            JOIN utility_service service ON service.id = adjustment.service_id
            JOIN res_company company ON company.id = adjustment.company_id
            JOIN res_currency currency ON currency.id = company.currency_id
            LEFT JOIN product_product product ON product.id = adjustment.product_id
            LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            LEFT JOIN uom_uom uom ON uom.id = COALESCE(template.uom_id, service.uom_id)
            LEFT JOIN LATERAL (
                SELECT id FROM utility_service_agreement
                WHERE account_id = adjustment.account_id AND service_id = service.id
                AND voided_at IS NULL AND daterange(date_start, date_end, '[]') @> adjustment.date
                ORDER BY id LIMIT 1
            ) agreement ON TRUE
            WHERE adjustment.account_id = ANY(%(accounts)s) AND adjustment.date <= %(until)s
            AND adjustment.kind IN ('manual', 'one_off')
            AND (adjustment.state = 'approved' OR adjustment.state = 'cancelled'
                 AND adjustment.charged_at IS NOT NULL AND adjustment.taken_back_at IS NULL)
            ORDER BY adjustment.date, adjustment.id
            """,
                    accounts=list(account_ids),
                    until=until,
                    lang=lang,
                    payer=payer_on(SQL("adjustment.account_id"), SQL("adjustment.date")),
                )
            )
        ]

    @api.model
    def _taxes_of(self, ids):
        """{adjustment id: ids of its taxes, in order, with commas}"""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                SELECT adjustment_id, string_agg(tax_id::text, ',' ORDER BY tax_id)
                FROM utility_adjustment_tax_rel WHERE adjustment_id = ANY(%s) GROUP BY 1
                """,
                    list(ids),
                )
            )
        )


def _reductions(number, kind, left, returned, persons, begin, end, measure, *more):
    if kind == "absence":
        first, last = day_after(left), returned - timedelta(days=1)
        return [Reduction(number, "absence", first, last, persons=persons, sources=BY_NORM)]
    allowed, per_hour, deviation, step, percent, price = (Decimal(text or 0) for text in more[:6])
    price = price if measure == "price" else None
    return [
        Reduction(number, "quality", *span, percent=part, price=price)
        for span, _hours, part in reduced_months(
            begin,
            end,
            measure,
            zone_of(more[6]),
            allowed=allowed,
            per_hour=per_hour,
            deviation=deviation,
            step=step,
            percent=percent,
        )
    ]


def _charge(row, taxes):
    back = row["state"] == "cancelled"
    quantity, price = Decimal(row["quantity"] or 0), Decimal(row["price"] or 0)
    if row["kind"] == "one_off" or row["by_quantity"]:
        term = counted(quantity, price, minus=back)
    else:
        term, quantity, price = typed(Decimal(row["amount"]), minus=back), Decimal(0), None
    basis = {"adjustment": row["id"], "number": row["number"]}
    if row["reason"]:
        basis["reason"] = row["reason"]
    if back:
        basis["taken_back"] = True
    return single(
        row["kind"],
        row["code"],
        row["name"],
        [term],
        agreement_id=row["agreement_id"],
        payer_id=row["payer_id"],
        taxes=taxes,
        tax_included=row["tax_included"],
        day=row["day"],
        quantity=-quantity if back else quantity,
        price=price,
        unit=Decimal(row["unit"]).normalize(),
        uom=row["uom"] or "",
        basis=basis,
        source_id=row["id"],
    )
