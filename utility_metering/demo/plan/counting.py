"""The meters of the town and what their registers came to, month by month."""

from datetime import timedelta
from decimal import Decimal

from odoo.addons.utility_base.demo.plan import buildings, streets

from .habits import GARDEN_YEAR, HEAT_YEAR, STAIRS_YEAR, WATER_YEAR, Habits, quantity
from .kinds import Device, Dial, Seen

MONTHS = 24
OLD, NEW, SHOPS = buildings.OLD, buildings.NEW, buildings.SHOPS
# flats of the old house that have a meter; the others pay by norm
OLD_METERED = {f"{OLD}-{n}" for n in (1, 2, 4, 7, 8, 11, 13, 15, 16, 19, 22, 23, 27, 30, 33, 38)}
# losses between a building's inlet and its flats, before and after the leak was found
LOSSES = {OLD: (0.17, 0.07), NEW: (0.015, 0.015), SHOPS: (0.05, 0.045), "NU-JUR-5": (0.04, 0.04)}
STREET_LOSS = 0.035
LEAK_MENDED = -8
CONTROLLER = ("controller", "actual")
BY_RADIO = ("automatic", "actual")


class Counting:
    """Hangs the meters and lets them run for two years.

    `used` keeps what went through each point, {point code: [m³ or kWh of a month]}, so that meters
    further up can count it, too.
    """

    def __init__(self, town, plan, rng):
        self.town = town
        self.plan = plan
        self.rng = rng
        self.habits = Habits(rng)
        self.calendar = town.calendar
        self.points = {point.code: point for point in town.points}
        self.places = {place.code: place for place in town.places}
        self.people = {}
        for stay in town.stays:
            if stay.lives:
                self.people[stay.place] = self.people.get(stay.place, 0) + 1
        self.used = {}
        self.serials = 0
        self.months = [self.calendar.month(offset) for offset in range(-MONTHS, 0)]

    def run(self):
        self._flats()
        self._houses()
        self._dormitory()
        self._public()
        self._inlets("cold_water", "CW40")
        self._inlets("hot_water", "HW40")
        self._inlets("heat", "HEAT-MWH")
        self._mains()
        self._stairs()
        self._containers()

    # -- who uses ---------------------------------------------------------------------------

    def _flats(self):
        for building in (OLD, NEW, SHOPS):
            for unit in self.town.inside(building):
                people = self.people.get(unit.code, 0)
                shop = unit.kind != "flat"
                cold = 9.0 if shop else self.habits.cold(people)
                metered = building != OLD or unit.code in OLD_METERED
                self._water("cold_water", unit.code, cold, "CW15" if metered else None)
                if not shop and building != OLD:
                    self._water("hot_water", unit.code, self.habits.hot(people), "HW15")
                self._heated(building, unit)

    def _heated(self, building, unit):
        code = unit.code.replace("NU", "HT", 1)
        mean = self.habits.heat(unit.attributes.get("heated_area", 50))
        use = [self.habits.monthly(mean, HEAT_YEAR, month.month, 0.1) for month in self.months]
        self.used[code] = use
        if building == NEW:
            megawatts = [quantity(kwh / 1000) for kwh in use]
            self._hang(code, "HEAT-MWH", [Dial()], {"1": megawatts}, way=BY_RADIO)
        elif building == SHOPS and unit.kind == "flat":
            factor = round(self.rng.uniform(0.9, 1.9), 3)
            units = [quantity(kwh / 9.5 / factor, "1") for kwh in use]
            self._hang(
                code,
                "HCA",
                [Dial(decimals=0)],
                {"1": units},
                way=BY_RADIO,
                where="radiator",
                factors={"allocator_factor": factor},
            )

    def _houses(self):
        for place in self.town.places:
            if place.kind == "private_house":
                people = self.people.get(place.code, 0)
                mean = self.habits.cold(people, garden=True)
                self._water(
                    "cold_water", place.code, mean, "CW15", GARDEN_YEAR, every=2, where="well"
                )

    def _dormitory(self):
        for room in self.town.inside(streets.DORMITORY):
            people = self.people.get(room.code, 1)
            for service, mean in (("cold_water", 1.9), ("hot_water", 1.2)):
                self._water(service, room.code, mean * people, None)
            self._heated(streets.DORMITORY, room)

    def _public(self):
        for code, mean in (("CW-MOK-3", 96.0), ("CW-FAB-1", 210.0), ("CW-FAB-1B", 1150.0)):
            use = [self.habits.monthly(mean, WATER_YEAR, m.month, 0.08) for m in self.months]
            self.used[code] = use
            self._hang(
                code, "CW40", [Dial(digits=6)], {"1": list(map(quantity, use))}, way=CONTROLLER
            )
        for code, mean in (("HT-MOK-3", 21000.0), ("HT-FAB-1", 34000.0)):
            use = [self.habits.monthly(mean, HEAT_YEAR, m.month, 0.06) for m in self.months]
            self.used[code] = use
            self._hang(
                code,
                "HEAT-MWH",
                [Dial()],
                {"1": [quantity(kwh / 1000) for kwh in use]},
                way=BY_RADIO,
            )

    def _water(self, service, place, mean, type_code, year=WATER_YEAR, every=1, where="kitchen"):
        prefix = {"cold_water": "CW", "hot_water": "HW"}[service]
        code = place.replace("NU", prefix, 1)
        if code not in self.points:
            return
        use = [self.habits.monthly(mean, year, month.month) for month in self.months]
        self.used[code] = use
        if type_code:
            amounts = list(map(quantity, use))
            way = BY_RADIO if place.startswith(f"{NEW}-") else self.habits.way()
            self._hang(code, type_code, [Dial()], {"1": amounts}, way=way, every=every, where=where)

    # -- what stands above ------------------------------------------------------------------

    def _inlets(self, service, type_code):
        for point in self.town.points:
            if point.service != service or point.kind != "inlet" or point.code in self.used:
                continue
            below = [code for code in self.used if self._is_below(code, point.code)]
            if not below:
                continue
            before, after = LOSSES.get(point.place, (0.03, 0.03))
            if service != "cold_water":
                before = after = 0.03
            use = []
            for index in range(MONTHS):
                loss = after if index >= MONTHS + LEAK_MENDED else before
                use.append(sum(self.used[code][index] for code in below) * (1 + loss))
            self.used[point.code] = use
            unit = 1000 if service == "heat" else 1
            self._hang(
                point.code,
                type_code,
                [Dial(digits=7 if unit == 1 else 5)],
                {"1": [quantity(each / unit) for each in use]},
                way=CONTROLLER if service != "heat" else BY_RADIO,
                where="cellar",
            )

    def _mains(self):
        """Streets with a meter of their own, and the source, which feeds them all."""
        for street in ("CW-UOS", "CW-SVY", "CW-ZVE", "CW-KOP", "CW-MAR"):
            self._main(street, self._children(street), STREET_LOSS)
        streets_used = [
            self.used.get(code) or self._sum(self._children(code))
            for code in self._children("CW-M")
        ]
        self.used["CW-M"] = [sum(month) * 1.04 for month in zip(*streets_used, strict=True)]
        self._hang_main("CW-M")

    def _main(self, code, below, loss):
        self.used[code] = [each * (1 + loss) for each in self._sum(below)]
        self._hang_main(code)

    def _hang_main(self, code):
        amounts = {"1": [quantity(each, "0.1") for each in self.used[code]]}
        dial = Dial(digits=8, decimals=1, first=Decimal("120450.0"))
        self._hang(code, "CW150", [dial], amounts, way=BY_RADIO, where="well")

    def _stairs(self):
        for building in (OLD, NEW, SHOPS):
            mean = {OLD: 240, NEW: 720, SHOPS: 560}[building]
            use = [
                self.habits.monthly(mean / 10, STAIRS_YEAR, month.month, 0.06)
                for month in self.months
            ]
            amounts = {
                "T1": [quantity(each * 0.7, "0.1") for each in use],
                "T2": [quantity(each * 0.3, "0.1") for each in use],
            }
            amounts["T"] = [
                day + night for day, night in zip(amounts["T1"], amounts["T2"], strict=True)
            ]
            dials = [Dial(code, decimals=1) for code in ("T1", "T2", "T")]
            self._hang(
                building.replace("NU", "EL", 1),
                "EL-2",
                dials,
                amounts,
                way=CONTROLLER,
                where="switchboard",
                factors={"ct_primary": 50.0, "ct_secondary": 5.0},
            )

    def _containers(self):
        """Four containers, lifted on Tuesdays; who lifts them writes down how many were full."""
        code = streets.CONTAINERS.replace("NU", "WS", 1)
        device = self._device(code, "LIFTS", [Dial(digits=3, decimals=0)], "site")
        device.factors = {"container_count": 4}
        self.plan.devices.append(device)
        day = self.months[0]
        while day < self.calendar.month(0):
            if day.weekday() == 1:
                value = Decimal(self.rng.choice((2, 3, 3, 4, 4, 4)))
                self.plan.readings.append(
                    Seen(device.serial, "1", day, value, "file", "actual", note="")
                )
            day += timedelta(days=1)

    # -- hanging and reading ----------------------------------------------------------------

    def _hang(self, point, type_code, dials, amounts, way, every=1, where="", factors=None):
        """A meter that was there before the history began, with a reading at each period's end."""
        device = self._device(point, type_code, dials, where)
        device.factors = factors or {}
        self.plan.devices.append(device)
        for dial in dials:
            if not dial.first:
                whole = self.rng.randint(40, 900)
                dial.first = Decimal(whole) + Decimal(self.rng.randint(0, 9)) / 10
            self._read(device, dial, amounts[dial.code], way, every)

    def _device(self, point, type_code, dials, where):
        self.serials += 1
        verified = self.calendar.month(-self.rng.randint(27, 40), self.rng.randint(1, 28))
        return Device(
            serial=f"{self.rng.randint(10, 99)}{self.serials:05d}",
            type_code=type_code,
            point=point,
            start=verified + timedelta(days=self.rng.randint(5, 25)),
            verified=verified,
            place=where,
            dials=dials,
            seal=f"NV{self.serials:05d}",
        )

    def _read(self, device, dial, amounts, way, every):
        value = dial.first
        begins = self.calendar.start - timedelta(days=1)
        self.plan.readings.append(
            Seen(device.serial, dial.code, begins, value, "file", "actual", note="Opening value")
        )
        for index, amount in enumerate(amounts):
            value += amount
            offset = index - MONTHS
            month = self.calendar.month(offset)
            if month.month % every:
                continue
            last = self.calendar.month(offset, 0)
            taken = last - timedelta(days=self.rng.randint(0, 8)) if every == 1 else last
            if way == BY_RADIO:
                taken = last
            self.plan.readings.append(
                Seen(device.serial, dial.code, last, value, *way, taken=taken)
            )

    # -- the network ------------------------------------------------------------------------

    def _is_below(self, code, top):
        point = self.points.get(code)
        while point and point.parent:
            if point.parent == top:
                return True
            point = self.points.get(point.parent)
        return False

    def _children(self, code):
        return [point.code for point in self.town.points if point.parent == code]

    def _sum(self, codes):
        known = [self.used[code] for code in codes if code in self.used]
        return [sum(month) for month in zip(*known, strict=True)]
