"""Random electricity rates, for NREL's System Advisor Model and for the engine that bills.

SAM's year has 365 days and begins on a Monday, as 2018 did.
"""

import random
from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal

from PySAM import Utilityrate5

from odoo.tools import groupby

from ..engine.facts import Spell, SupplyFacts
from ..engine.zones import Window, Zones
from .rating_kit import component, line, used, version

D = Decimal
YEAR = 2018
HOURS = [datetime(YEAR, 1, 1) + timedelta(hours=hour) for hour in range(8760)]
MONTHS = [
    (date(YEAR, month, 1), date(YEAR, month, monthrange(YEAR, month)[1])) for month in range(1, 13)
]
WEEKDAYS, WEEKEND = frozenset(range(5)), frozenset((5, 6))
# what SAM takes for "no limit"
UNLIMITED = 1e38
EXACT = {"rounding_unit": D("0.00000001")}


class RandomRate:
    """A rate with up to four zones of up to three tiers each, demand, a fee and a minimum.

    :ivar weekday: 12 × 24 numbers of zones
    :ivar energy: {zone: [(last kWh of the month or None, price)]}
    :ivar demand_tou: {zone: [(last kW or None, price)]}
    :ivar demand_flat: {month: [(last kW or None, price)]}
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.zones = list(range(1, self.random.randint(1, 4) + 1))
        self.weekday, self.weekend = self._schedule(), self._schedule()
        self.energy = self._table(self.zones, 5000, 4, alike=True)
        self.demand_tou = self._table(self.zones, 8, 2, alike=True)
        self.demand_flat = self._table(range(1, 13), 8, 2)
        self.fee = self._number(30, 2)
        self.minimum = self._number(900, 2) if self.random.random() < 0.5 else D(0)

    def _number(self, most, places):
        return D(self.random.randint(1, most * 10**places)).scaleb(-places)

    def _table(self, keys, most, places, alike=False):
        """{key: tiers}; each has as many of them, at the same limits if alike, as SAM wants it."""
        count = self.random.randint(0, 2)
        uppers = {
            key: [
                D(step).scaleb(-1)
                for step in sorted(self.random.sample(range(1, 10 * most), count))
            ]
            for key in keys
        }
        if alike:
            uppers = dict.fromkeys(keys, uppers[keys[0]])
        return {
            key: [(upper, self._number(1, places)) for upper in [*uppers[key], None]]
            for key in keys
        }

    def _schedule(self):
        """Two seasons, each with three changes of zone a day."""
        first, last = sorted(self.random.sample(range(12), 2))
        seasons = [self._day(), self._day()]
        return [seasons[first <= month < last] for month in range(12)]

    def _day(self):
        edges = sorted(self.random.sample(range(1, 24), 2))
        zones = [self.random.choice(self.zones) for _part in range(3)]
        return [zones[sum(hour >= edge for edge in edges)] for hour in range(24)]

    # -- SAM --------------------------------------------------------------------------------

    def by_sam(self, load):
        """{name: 12 amounts}"""
        sam = Utilityrate5.new()
        sam.assign(
            {
                "ElectricityRates": self._for_sam(),
                "Lifetime": {
                    "analysis_period": 1,
                    "inflation_rate": 0,
                    "system_use_lifetime_output": 0,
                },
                "SystemOutput": {"gen": [0.0] * 8760, "degradation": [0.0]},
                "Load": {"load": list(map(float, load))},
            }
        )
        sam.execute()
        outputs = sam.Outputs
        found = {
            "energy": outputs.charge_w_sys_ec_ym,
            "fee": outputs.charge_w_sys_fixed_ym,
            "flat": outputs.charge_w_sys_dc_fixed_ym,
            "tou": outputs.charge_w_sys_dc_tou_ym,
            "minimum": outputs.charge_w_sys_minimum_ym,
        }
        return {name: years[1] for name, years in found.items()}

    def _for_sam(self):
        def rows(tiers_of, *units):
            return [
                [key, number, UNLIMITED if upper is None else float(upper), *units, float(price)]
                for key, tiers in tiers_of.items()
                for number, (upper, price) in enumerate(tiers, 1)
            ]

        return {
            "en_electricity_rates": 1,
            "ur_metering_option": 0,
            "ur_monthly_fixed_charge": float(self.fee),
            "ur_monthly_min_charge": float(self.minimum),
            "ur_annual_min_charge": 0,
            "ur_sell_eq_buy": 0,
            "ur_nm_yearend_sell_rate": 0,
            "ur_nm_credit_month": 11,
            "ur_nm_credit_rollover": 0,
            "ur_en_ts_buy_rate": 0,
            "ur_en_ts_sell_rate": 0,
            "ur_ec_sched_weekday": self.weekday,
            "ur_ec_sched_weekend": self.weekend,
            "ur_ec_tou_mat": [[*row, 0.0] for row in rows(self.energy, 0)],
            "ur_dc_enable": 1,
            "ur_dc_sched_weekday": self.weekday,
            "ur_dc_sched_weekend": self.weekend,
            "ur_dc_tou_mat": rows(self.demand_tou),
            "ur_dc_flat_mat": [[row[0] - 1, *row[1:]] for row in rows(self.demand_flat)],
            "ur_enable_billing_demand": 0,
        }

    # -- ours -------------------------------------------------------------------------------

    @property
    def calendar(self):
        windows = [
            Window(str(zone), days, 60 * first, 60 * last, (month, month))
            for days, schedule in ((WEEKDAYS, self.weekday), (WEEKEND, self.weekend))
            for month, hours in enumerate(schedule, 1)
            for first, last, zone in runs(hours)
        ]
        return Zones(tuple(windows), "")

    @property
    def version(self):
        def lines(tiers_of, **what):
            return tuple(
                line(price, upper, **{name: read(key) for name, read in what.items()})
                for key, tiers in tiers_of.items()
                for upper, price in tiers
            )

        return version(
            component(
                "unit", lines(self.energy, zone=str), "energy", zones_share_limits=True, **EXACT
            ),
            component("fixed", str(self.fee), "fee", **EXACT),
            component(
                "demand", lines(self.demand_flat, months=lambda key: (key, key)), "flat", **EXACT
            ),
            component("demand", lines(self.demand_tou, zone=str), "tou", **EXACT),
            component("minimum", str(self.minimum), **EXACT),
            calendar=self.calendar,
        )

    def supplies(self, load):
        """Facts of the twelve months."""
        rates, calendar = self.version, self.calendar
        loads = list(zip(HOURS, load, strict=True))
        demand = calendar.peaks(loads)
        months = groupby(loads, key=lambda one: one[0].month)
        for (first, last), (_month, hours) in zip(MONTHS, months, strict=True):
            bands = calendar.bands(hours)
            row = used(sum(bands.values()), str(first), str(last), bands=bands)
            yield SupplyFacts(
                1,
                1,
                1,
                (first, last),
                (Spell(first, last, 1, 1, rates),),
                quantities={"usage": (row,)},
                demand=demand,
            )


def runs(hours):
    """[(first hour, hour after the last, zone)] of a day."""
    edges = [0, *(hour for hour in range(1, 24) if hours[hour] != hours[hour - 1]), 24]
    return [(first, last, hours[first]) for first, last in zip(edges, edges[1:], strict=False)]


def random_load(seed):
    """kWh of each hour of a year."""
    generator = random.Random(seed)
    return [D(generator.randint(0, 9000)).scaleb(-3) for _hour in HOURS]
