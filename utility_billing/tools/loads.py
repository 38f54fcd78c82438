"""Hourly loads as people paste them: lines of a moment and kWh."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

HOUR = Decimal(3600)
MOST = 100_000
_PARTED = re.compile(r"[;\t]")


class LoadsError(ValueError):
    """A line that is no load; `line` is its number, `text` what stands there."""

    def __init__(self, line, text):
        super().__init__(f"line {line}: {text}")
        self.line = line
        self.text = text


def read_loads(text, zone="UTC"):
    """Loads of a text: a line each, the moment and kWh parted by a comma, semicolon or tab.

    :param text: moments as `2026-10-01 00:00` or `2026-10-01T00:00`; one with an offset is taken
        to the local time of `zone`. A first line with titles is passed over
    :return: [(datetime of local time, Decimal)], in order of time
    :raise LoadsError: a line is something else
    """
    found = []
    for number, line in enumerate((text or "").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_load(line, zone))
        except (ValueError, InvalidOperation) as error:
            if number > 1:
                raise LoadsError(number, line.strip()) from error
        if len(found) > MOST:
            raise LoadsError(number, line.strip())
    return sorted(found)


def _load(line, zone):
    cells = _PARTED.split(line) if _PARTED.search(line) else line.split(",")
    moment, quantity = (cell.strip().strip('"') for cell in cells)
    return local(moment, zone), Decimal(quantity.replace(",", "."))


def local(text, zone):
    """A moment as text, as naive local time.

    :raise ValueError: it is none
    """
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment.tzinfo else moment


def as_demand(loads):
    """Loads as mean demand: kWh of an interval over its hours, in kW.

    :return: (loads as kW, hours of an interval); an interval is the shortest time between two
    """
    steps = {
        int((later[0] - earlier[0]).total_seconds())
        for earlier, later in zip(loads, loads[1:], strict=False)
    } - {0}
    hours = Decimal(min(steps, default=3600)) / HOUR
    return [(moment, quantity / hours) for moment, quantity in loads], hours
