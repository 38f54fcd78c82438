"""What is out of the ordinary: gaps, an exchange, a rollover, repairs, readings that are held."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from .kinds import Device, Seen

EXCHANGED = "CW-SVY-7-15"
ROLLED = "CW-MAR-5"
SILENT = "CW-UOS-21-22"
STILL_SILENT = "CW-UOS-21-31"
IN_REPAIR = "HW-UOS-21-4"
OVERDUE = ("CW-ZVE-14-11", "CW-ZVE-14-30", "CW-UOS-21-6", "CW-GIN-8")
DUE_SOON = ("CW-UOS-21-2", "CW-UOS-21-14", "HW-UOS-21-14", "CW-KOP-3", "CW-ZVE-14-2")
TAMPERED = ("CW-UOS-21-27", "CW-ZVE-14-19")
GARDEN = "SW-KOP-4"
FORGETFUL = 0.04


class Stories:
    """Changes what `Counting` has planned."""

    def __init__(self, town, plan, rng):
        self.town = town
        self.plan = plan
        self.rng = rng
        self.calendar = town.calendar
        self.by_point = {device.point: device for device in plan.devices}

    def tell(self):
        self._households_forget()
        self._silent_for_months()
        self._exchange()
        self._roll_over()
        self._repair()
        self._verification()
        self._garden()
        self._tamper()
        self._cut_off()
        self._this_month()

    def _of(self, point):
        serial = self.by_point[point].serial
        return [seen for seen in self.plan.readings if seen.serial == serial]

    def _drop(self, seen):
        self.plan.readings = [other for other in self.plan.readings if other not in seen]

    def _replace(self, old, new):
        changed = {id(before): after for before, after in zip(old, new, strict=True)}
        self.plan.readings = [changed.get(id(seen), seen) for seen in self.plan.readings]

    def _households_forget(self):
        """Now and then a household sends nothing; next month's reading brings both."""
        last = self.calendar.month(-1, 0)
        self.plan.readings = [
            seen
            for seen in self.plan.readings
            if seen.kind != "customer" or seen.day == last or self.rng.random() > FORGETFUL
        ]

    def _silent_for_months(self):
        """One household sent nothing for four months and then did; another is silent since."""
        begin, end = self.calendar.month(-9), self.calendar.month(-5)
        self._drop([seen for seen in self._of(SILENT) if begin <= seen.day < end])
        since = self.calendar.month(-5)
        self._drop([seen for seen in self._of(STILL_SILENT) if seen.day >= since])

    def _exchange(self):
        """In the middle of a month, five months ago: 14th, the new meter begins at 0."""
        old, on = self.by_point[EXCHANGED], self.calendar.month(-5, 14)
        after = [seen for seen in self._of(EXCHANGED) if seen.day > on]
        before = max((s for s in self._of(EXCHANGED) if s.day < on), key=lambda seen: seen.day)
        used = (after[0].value - before.value) * 14 / 31
        final = (before.value + used).quantize(Decimal("0.001"))
        new = Device(
            serial="90000001",
            type_code=old.type_code,
            point=EXCHANGED,
            start=on,
            verified=on - timedelta(days=30),
            place=old.place,
            dials=old.dials,
            seal="NV90001",
        )
        self._replace(after, [replace(s, serial=new.serial, value=s.value - final) for s in after])
        old.end = on
        self.plan.devices.append(new)
        self.plan.readings += [
            Seen(old.serial, "1", on, final, "controller", "final"),
            Seen(new.serial, "1", on, Decimal(0), "controller", "initial"),
        ]

    def _roll_over(self):
        """The dial of a house passed 99999 in the year before."""
        readings = self._of(ROLLED)
        middle = readings[len(readings) // 2]
        shift = Decimal("99996.4") - readings[0].value
        past = middle.value - readings[0].value
        shift += Decimal(2) - past if past < 2 else Decimal(0)
        changed, rolled = [], False
        for seen in readings:
            value = seen.value + shift - past + Decimal(2)
            if value >= 100000:
                changed.append(replace(seen, value=value - 100000, rollover=not rolled))
                rolled = True
            else:
                changed.append(replace(seen, value=value))
        self._replace(readings, changed)

    def _repair(self):
        """Out of order for three weeks, four months ago."""
        device = self.by_point[IN_REPAIR]
        begin = self.calendar.month(-4, 5)
        self.plan.outages.append((device.serial, "fault", begin, self.calendar.month(-4, 26)))

    def _verification(self):
        """Some meters were to be verified in the last months, others will have to be soon."""
        for number, point in enumerate(OVERDUE):
            self._verified_so_that_it_ends(point, self.calendar.month(-3 + number % 3, 12))
        for number, point in enumerate(DUE_SOON):
            self._verified_so_that_it_ends(point, self.calendar.month(1 + number % 3, 20))

    def _verified_so_that_it_ends(self, point, day):
        """Meters of cold water are verified every six years, of hot water every four."""
        device = self.by_point[point]
        device.verified = day.replace(year=day.year - (6 if point.startswith("CW") else 4))
        device.start = device.verified + timedelta(days=20)

    def _garden(self):
        """A house waters its garden by a meter of its own, which does not go to the sewer."""
        begins = self.calendar.start - timedelta(days=1)
        device = replace(
            self.by_point["CW-KOP-4"],
            serial="90000002",
            point=GARDEN,
            counting="deduct",
            place="garden",
            seal="NV90002",
        )
        self.plan.devices.append(device)
        value = Decimal("12.5")
        self.plan.readings.append(Seen(device.serial, "1", begins, value, "file", "actual"))
        for offset in range(-24, 0):
            month = self.calendar.month(offset)
            if 5 <= month.month <= 8:
                value += Decimal("2.125")
            if month.month % 2 == 0:
                last = self.calendar.month(offset, 0)
                self.plan.readings.append(Seen(device.serial, "1", last, value, taken=last))

    def _tamper(self):
        """Since three months two flats use a fifth of what they used before."""
        since = self.calendar.month(-3)
        for point in TAMPERED:
            readings = self._of(point)
            before = [seen for seen in readings if seen.day < since]
            after = [seen for seen in readings if seen.day >= since]
            base = before[-1].value
            slowed = [
                replace(s, value=(base + (s.value - base) / 5).quantize(Decimal("0.001")))
                for s in after
            ]
            self._replace(after, slowed)

    def _cut_off(self):
        """Where water was cut off the dial stands still."""
        point, day = self.town.stories.cut_off
        readings = self._of(point)
        last = max((s for s in readings if s.day <= day), key=lambda seen: seen.day)
        after = [seen for seen in readings if seen.day > day]
        self._replace(after, [replace(seen, value=last.value) for seen in after])

    def _this_month(self):
        """Last month's readings that look wrong, sent through the front door: they are held."""
        last = self.calendar.month(-1, 0)
        for point, change in (
            ("CW-UOS-21-3", lambda value, before: before - Decimal("4.210")),
            ("CW-UOS-21-11", lambda value, before: before + (value - before) * 10),
            ("HW-UOS-21-19", lambda value, before: before + 200),
            ("CW-ZVE-14-7", lambda value, before: before - Decimal("0.750")),
            ("CW-ZVE-14-22", lambda value, before: before + 90),
            ("HW-UOS-21-33", lambda value, before: before - Decimal("12.300")),
        ):
            readings = self._of(point)
            ending = [seen for seen in readings if seen.day == last]
            before = max((s for s in readings if s.day < last), key=lambda seen: seen.day)
            self._drop(ending)
            seen = ending[0]
            wrong = change(seen.value, before.value)
            self.plan.late.append(replace(seen, value=wrong.quantize(Decimal("0.001"))))
