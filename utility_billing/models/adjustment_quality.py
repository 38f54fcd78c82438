from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from odoo.addons.utility_metering.engine.spans import by_month, day_after

HOUR = 3600
HUNDRED = Decimal(100)


class Adjustment(models.Model):
    """Poor quality: how long a service was interrupted or off its mark, and for whom."""

    _inherit = "utility.adjustment"

    premise_ids = fields.Many2many(
        "utility.premise",
        "utility_adjustment_premise_rel",
        "adjustment_id",
        "premise_id",
        "Where",
        help="Buildings, streets or flats that are concerned, with all that belongs to them.",
    )
    begin_at = fields.Datetime("Begun")
    end_at = fields.Datetime("Ended")
    measure = fields.Selection(
        [
            ("interruption", "Interruption"),
            ("deviation", "Deviation of the temperature"),
            ("percent", "Per cent of the days"),
            ("price", "Worth another price"),
        ],
        "What Was Poor",
        required=True,
        default="interruption",
    )
    allowed_hours = fields.Float(
        compute="_compute_usual_figures",
        store=True,
        readonly=False,
        help="Hours that give no right to a reduction: the first ones.",
    )
    percent_per_hour = fields.Float(
        "Per Cent an Hour",
        digits=(8, 4),
        compute="_compute_usual_figures",
        store=True,
        readonly=False,
        help="Of the month's charge, for each full hour.",
    )
    deviation = fields.Float(
        "Deviation, °C", digits=(8, 2), help="Beyond what is allowed; below is above 0, too."
    )
    deviation_step = fields.Float(
        "Step, °C",
        digits=(8, 2),
        compute="_compute_usual_figures",
        store=True,
        readonly=False,
        help="The per cent an hour are for each full step of the deviation.",
    )
    percent = fields.Float(
        "Per Cent of the Days", digits=(8, 4), help="Of the charge of each day concerned."
    )
    instead_price = fields.Float(
        "Price Instead",
        digits="Utility Price",
        help="What a unit costs for that time, as the service's tariff says it, with or without "
        "tax: the price of cold water where hot water was below 40 °C. The month's quantity counts "
        "by hours.",
    )
    excess_hours = fields.Integer("Hours Beyond", compute="_compute_quality")
    quality_text = fields.Char("Reduction", compute="_compute_quality")

    _times_in_order = models.Constraint(
        "CHECK (begin_at IS NULL OR end_at IS NULL OR end_at > begin_at)",
        "It ends after it has begun.",
    )
    _percents_range = models.Constraint(
        "CHECK (COALESCE(percent, 0) BETWEEN 0 AND 100 AND COALESCE(percent_per_hour, 0) >= 0 "
        "AND COALESCE(allowed_hours, 0) >= 0)",
        "Per cents lie between 0 and 100, hours are 0 or more.",
    )

    @api.depends("measure", "company_id")
    def _compute_usual_figures(self):
        for adjustment in self:
            company = adjustment.company_id or self.env.company
            by_temperature = adjustment.measure == "deviation"
            all_count = by_temperature or adjustment.measure == "price"
            adjustment.allowed_hours = 0 if all_count else company.utility_interruption_hours
            adjustment.percent_per_hour = (
                company.utility_deviation_percent
                if by_temperature
                else company.utility_interruption_percent
            )
            adjustment.deviation_step = company.utility_deviation_step

    @api.depends("account_id.building_id", "premise_ids.building_id", "premise_ids.level")
    def _compute_building_id(self):
        res = super()._compute_building_id()
        for adjustment in self.filtered("premise_ids"):
            premises = adjustment.premise_ids
            buildings = premises.filtered(lambda place: place.level == "building")
            buildings |= (premises - buildings).building_id
            if not adjustment.account_id:
                adjustment.building_id = buildings if len(buildings) == 1 else False
        return res

    @api.depends(
        "kind", "measure", "begin_at", "end_at", "allowed_hours", "percent_per_hour",
        "deviation", "deviation_step", "percent",
    )  # fmt: skip
    def _compute_quality(self):
        for adjustment in self:
            spans = adjustment._reduced_months() if adjustment.kind == "quality" else []
            adjustment.excess_hours = sum(hours for _span, hours, _percent in spans)
            adjustment.quality_text = ", ".join(
                self.env._(
                    "%(month)s: %(percent)s %%",
                    month=f"{span[0]:%m.%Y}",
                    percent=f"{float(percent):g}",
                )
                for span, _hours, percent in spans
            )

    @api.constrains("kind", "measure", "deviation", "deviation_step")
    def _check_step(self):
        for adjustment in self:
            if adjustment.measure == "deviation" and adjustment.deviation_step <= 0:
                raise ValidationError(
                    self.env._("%s: a step of the deviation is more than 0.", adjustment.number)
                )

    # -- hours ------------------------------------------------------------------------------

    def _reduced_months(self):
        """What is reduced: [((first, last day), hours beyond what is allowed, per cent of the
        charge of those days)], months in order; no more than 100 %."""
        self.ensure_one()
        if not (self.begin_at and self.end_at):
            return []
        return reduced_months(
            self.begin_at,
            self.end_at,
            self.measure,
            zone_of(self.company_id.partner_id.tz),
            allowed=Decimal(str(self.allowed_hours or 0)),
            per_hour=Decimal(str(self.percent_per_hour or 0)),
            deviation=Decimal(str(self.deviation or 0)),
            step=Decimal(str(self.deviation_step or 0)),
            percent=Decimal(str(self.percent or 0)),
        )

    # -- accounts concerned -----------------------------------------------------------------

    def action_find_accounts(self):
        """List who took the services at the places while they were poor, or while away."""
        for adjustment in self:
            adjustment._refuse_incomplete()
            adjustment._find_lines()
        return True

    def _find_lines(self):
        """Lines of the agreements that are concerned in the place of those that were there; what
        was left out stays so."""
        left_out = {
            (line.account_id, line.service_point_id) for line in self.line_ids if not line.included
        }
        self.line_ids.unlink()
        agreements = self.env["utility.service.agreement"].search(self._agreements_domain())
        supplies = dict.fromkeys((row.account_id, row.service_point_id) for row in agreements)
        monthly = self._monthly_amounts(supplies)
        self.env["utility.adjustment.line"].create(
            [
                {
                    "adjustment_id": self.id,
                    "account_id": account.id,
                    "service_point_id": point.id,
                    "included": (account, point) not in left_out,
                    "monthly_amount": monthly.get((account.id, point.id), 0),
                }
                for account, point in supplies
            ]
        )

    def _agreements_domain(self):
        agreements = self.env["utility.service.agreement"]
        first, last = self._days()
        domain = agreements._domain_in_force(first, last) & Domain(
            "company_id", "=", self.company_id.id
        )
        if self.kind == "quality":
            domain &= Domain("premise_id", "child_of", self.premise_ids.ids)
        else:
            domain &= Domain("account_id", "=", self.account_id.id)
        if self.service_ids:
            domain &= Domain("service_id", "in", self.service_ids.ids)
        return domain

    def _days(self):
        """First and last day that the adjustment is about, as the company's clock has it."""
        self.ensure_one()
        if self.kind == "absence":
            return day_after(self.left_on), self.returned_on - timedelta(days=1)
        if self.kind == "quality":
            zone = zone_of(self.company_id.partner_id.tz)
            last = self.end_at - timedelta(seconds=1)
            return local_day(self.begin_at, zone), local_day(last, zone)
        return self.date, self.date

    def _monthly_amounts(self, supplies):
        """What supplies were charged for a month the last time, for the estimate of the effect.

        :param supplies: pairs of (account, service point)
        :return: {(account id, point id): amount}
        """
        supplies = list(supplies)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT ON (claim.account_id, claim.service_point_id)
                   claim.account_id, claim.service_point_id,
                   (SELECT sum(charge.amount) FROM utility_charge charge
                    WHERE charge.account_id = claim.account_id
                    AND charge.service_point_id = claim.service_point_id
                    AND charge.period_start = claim.date_start
                    AND charge.state IN ('approved', 'posted')
                   ) / GREATEST(claim.cycle_months, 1)
            FROM unnest(%s::int[], %s::int[]) AS wanted (account_id, point_id)
            JOIN utility_charge_claim claim ON claim.account_id = wanted.account_id
                AND claim.service_point_id = wanted.point_id
            WHERE claim.kind = 'supply' AND claim.released_at IS NULL
            ORDER BY claim.account_id, claim.service_point_id, claim.date_end DESC
            """,
                [account.id for account, _point in supplies],
                [point.id for _account, point in supplies],
            )
        )
        return {(account_id, point_id): float(amount or 0) for account_id, point_id, amount in rows}

    def _summary(self):
        if self.kind == "quality" and self.begin_at and self.end_at:
            return self.env._(
                "%(services)s, %(begin)s – %(end)s",
                services=", ".join(self.service_ids.mapped("name")),
                begin=format_datetime(self.env, self.begin_at, dt_format="short"),
                end=format_datetime(self.env, self.end_at, dt_format="short"),
            )
        return super()._summary()


def reduced_months(
    begin, end, measure, zone, *, allowed, per_hour, deviation=Decimal(0), step=Decimal(0), percent
):
    """[((first, last day), hours beyond what is allowed, per cent)] of a spell of poor quality.

    By hours: per cent of a month's charge for each full hour of the month, and for each full step
    of a deviation, after the allowed ones, which come first. By days: per cent of the charge of
    the days concerned. By another price: the hours as per cent of those of the month.

    :param begin: moment in UTC, as `end`
    :param zone: in which months and days begin
    """
    if measure == "percent":
        last = local_day(end - timedelta(seconds=1), zone)
        return [((local_day(begin, zone), last), 0, percent)] if percent else []
    steps = Decimal(1)
    if measure == "deviation":
        steps = (deviation / step).to_integral_value(ROUND_FLOOR) if step > 0 else Decimal(0)
    begin += timedelta(seconds=int(allowed * HOUR))
    if begin >= end or steps <= 0:
        return []
    found = []
    days = local_day(begin, zone), local_day(end - timedelta(seconds=1), zone)
    whole_months = days[0].replace(day=1), fields.Date.end_of(days[1], "month")
    for month, _count in by_month(whole_months):
        first, beyond = midnight(month[0], zone), midnight(day_after(month[1]), zone)
        seconds = (min(end, beyond) - max(begin, first)).total_seconds()
        hours = int(seconds // HOUR)
        if hours <= 0:
            continue
        if measure == "price":
            part = HUNDRED * hours / int((beyond - first).total_seconds() // HOUR)
        else:
            part = min(per_hour * hours * steps, HUNDRED)
        found.append((month, hours, part))
    return found


def zone_of(name):
    return ZoneInfo(name or "UTC")


def local_day(moment, zone):
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def midnight(day, zone):
    """When a day begins, in UTC as the database keeps it."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
