from odoo import fields, models
from odoo.tools import SQL

from .charge_report import BUILDING

# ratio: (of what, by what)
RATIOS = {
    "per_area": ("quantity", "area"),
    "per_resident": ("quantity", "residents"),
    "change": ("difference", "before"),
}
# components of one service count the same cubic metres: the first of each version is taken
COUNTED = SQL(
    """SELECT DISTINCT ON (version_id, source) id, source FROM utility_rate_component
       WHERE kind = 'unit' AND source IN ('service', 'common')
       ORDER BY version_id, source, sequence, id"""
)
# an area is asked for by what a service heats, or by what is lived in
AREAS = SQL(
    """SELECT value.value_number AS area FROM utility_attribute_value value
       JOIN utility_attribute attribute ON attribute.id = value.attribute_id
       WHERE value.premise_id = used.premise_id AND value.voided_at IS NULL
       AND attribute.code IN ('heated_area', 'useful_area', 'total_area')
       AND daterange(value.date_start, value.date_end, '[]') @> used.last_day
       ORDER BY (attribute.code = 'heated_area' AND service.kind = 'heat') DESC,
                (attribute.code = 'useful_area') DESC, attribute.code DESC
       LIMIT 1"""
)
RESIDENTS = SQL(
    """SELECT count(DISTINCT partner_id) AS residents FROM utility_occupancy
       WHERE premise_id = used.premise_id AND is_resident AND voided_at IS NULL
       AND daterange(date_start, date_end, '[]') @> used.last_day"""
)


class ConsumptionReport(models.Model):
    """What was billed as used: an account's quantity of a service in a month, beside that of the
    month a year before, by area and by resident.

    Corrections count in the month in which they were billed. Filter by the month first.
    """

    _name = "utility.consumption.report"
    _description = "Billed Consumption"
    _auto = False
    _order = "month desc, service_id, account_id"
    _rec_name = "account_id"

    company_id = fields.Many2one("res.company", readonly=True)
    month = fields.Date("Billed in", readonly=True)
    service_id = fields.Many2one("utility.service", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    account_id = fields.Many2one("utility.account", readonly=True)
    payer_kind = fields.Selection(
        selection=lambda self: self.env["utility.account"]._fields["kind"].selection,
        string="Kind of Payer",
        readonly=True,
    )
    premise_id = fields.Many2one("utility.premise", readonly=True)
    premise_type_id = fields.Many2one("utility.premise.type", "Kind of Premise", readonly=True)
    building_id = fields.Many2one("utility.premise", readonly=True)
    street_id = fields.Many2one("utility.premise", readonly=True)
    locality_id = fields.Many2one("utility.premise", "Town", readonly=True)
    quantity = fields.Float(digits=(16, 3), readonly=True)
    common = fields.Float(
        "Of Which Common Use", digits=(16, 3), readonly=True, help="Shared in the house."
    )
    before = fields.Float("Year Before", digits=(16, 3), readonly=True)
    difference = fields.Float("More than a Year Before", digits=(16, 3), readonly=True)
    change = fields.Float("Difference", readonly=True, aggregator="avg")
    area = fields.Float("Area, m²", digits=(16, 2), readonly=True)
    per_area = fields.Float("Per m²", digits=(16, 4), readonly=True, aggregator="avg")
    residents = fields.Integer(readonly=True)
    per_resident = fields.Float(digits=(16, 3), readonly=True, aggregator="avg")

    _depends = {"utility.charge": ["month", "quantity", "state", "component_id", "account_id"]}

    def _read_group_select(self, aggregate_spec, query):
        """Ratios of sums, not averages of ratios."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in RATIOS or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        above, below = (self._field_to_sql(self._table, each, query) for each in RATIOS[name])
        return SQL("SUM(%s)::numeric / NULLIF(SUM(%s)::numeric, 0)", above, below)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT used.id, used.company_id, used.month, used.service_id, service.uom_id,
                   used.account_id, account.kind AS payer_kind, used.premise_id,
                   place.type_id AS premise_type_id, used.building_id, place.street_id,
                   place.locality_id, used.quantity, used.common, used.before,
                   used.quantity - used.before AS difference,
                   (used.quantity - used.before) / NULLIF(used.before, 0) AS change,
                   areas.area, used.quantity / NULLIF(areas.area, 0)::numeric AS per_area,
                   people.residents, used.quantity / NULLIF(people.residents, 0) AS per_resident
            FROM (%(used)s) used
            LEFT JOIN utility_service service ON service.id = used.service_id
            LEFT JOIN utility_account account ON account.id = used.account_id
            LEFT JOIN utility_premise place ON place.id = used.premise_id
            LEFT JOIN LATERAL (%(areas)s) areas ON TRUE
            LEFT JOIN LATERAL (%(residents)s) people ON TRUE
            """,
            used=self._used(),
            areas=AREAS,
            residents=RESIDENTS,
        )

    def _used(self):
        """By account, service and month: the month's own, and the year before's."""
        zero = SQL("0::numeric")
        own = SQL("charge.quantity")
        shared = SQL("CASE WHEN counted.source = 'common' THEN charge.quantity ELSE 0 END")
        now = self._counted(SQL("charge.month"), SQL("charge.month"), own, shared, zero)
        # the year before is found by its months, as this year is
        then = self._counted(
            SQL("later.month"),
            SQL("(later.month - interval '1 year')::date"),
            zero,
            zero,
            own,
            SQL(
                """JOIN (SELECT DISTINCT date_trunc('month', month)::date AS month, company_id
                         FROM utility_billing_run) later ON later.company_id = charge.company_id"""
            ),
        )
        # what was used a year before only has no row of its own: its number is below zero
        return SQL(
            """
            SELECT COALESCE(MIN(id) FILTER (WHERE now), -MIN(id)) AS id, company_id, month,
                   (month + interval '1 month' - interval '1 day')::date AS last_day,
                   service_id, account_id, premise_id, building_id,
                   SUM(quantity) AS quantity, SUM(common) AS common, SUM(before) AS before
            FROM (%s UNION ALL %s) used_rows
            GROUP BY company_id, month, service_id, account_id, premise_id, building_id
            """,
            now,
            then,
        )

    def _counted(self, month, billed_in, quantity, common, before, calendar=None):
        """Charges that count what was used.

        :param month: of the row
        :param billed_in: month of the charges
        :param calendar: what else is joined
        """
        return SQL(
            """
            SELECT charge.id, %(now)s AS now, charge.company_id, %(month)s AS month,
                   charge.service_id, charge.account_id, place.id AS premise_id,
                   %(building)s AS building_id, %(quantity)s AS quantity, %(common)s AS common,
                   %(before)s AS before
            FROM utility_charge charge
            %(calendar)s
            JOIN (%(counted)s) counted ON counted.id = charge.component_id
            JOIN utility_account account ON account.id = charge.account_id
            LEFT JOIN utility_premise place
                ON place.id = COALESCE(charge.premise_id, account.premise_id)
            WHERE charge.month = %(billed_in)s AND charge.kind IN ('consumption', 'absence')
            AND charge.state IN ('approved', 'posted')
            """,
            now=calendar is None,
            month=month,
            building=BUILDING,
            quantity=quantity,
            common=common,
            before=before,
            calendar=calendar or SQL(),
            counted=COUNTED,
            billed_in=billed_in,
        )
