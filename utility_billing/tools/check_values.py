"""What is typed into a rate check, read and understood."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from ..engine.quantities import Quantities, plain

NUMBERS = ("quantity", "export", "common", "cost", "residents", "share", "raising")
NAMED_NUMBERS = ("zones", "attributes", "demand")
IDS = ("account_id", "service_point_id", "service_id", "schedule_id", "version_id")
DAYS = ("month", "date_start", "date_end")
METHODS = ("measured", "estimated", "norm", "agreed", "derived")
# what stands in the place of an account's facts, and is so of one supply only
OVERRIDES = {
    "quantity",
    "export",
    "common",
    "cost",
    "zones",
    "demand",
    "loads",
}
KNOWN = {*NUMBERS, *NAMED_NUMBERS, *IDS, *DAYS, "service", "method", "loads"}


class CheckError(ValueError):
    """A value that cannot be used.

    :ivar name: key of the value
    :ivar value: what it was
    """

    def __init__(self, name, value):
        super().__init__(f"{name}: {value!r}")
        self.name = name
        self.value = value


def read_values(values):
    """Values of a check with numbers as Decimal and days as `date`.

    :return: dict with all keys of `KNOWN` that were given, and `period`: (first, last day)
    :raise CheckError: an unknown key, or a value of the wrong kind
    """
    for name in values:
        if name not in KNOWN:
            raise CheckError(name, values[name])
    found = {name: value for name, value in values.items() if value not in (None, False, "")}
    for name in NUMBERS:
        if name in found:
            found[name] = number(name, found[name])
    if "demand" in found and not isinstance(found["demand"], dict):
        found["demand"] = {"": found["demand"]}
    for name in NAMED_NUMBERS:
        if name in found:
            found[name] = _named(name, found[name])
    for name in IDS:
        if name in found and (isinstance(found[name], bool) or not isinstance(found[name], int)):
            raise CheckError(name, found[name])
    if found.setdefault("method", "measured") not in METHODS:
        raise CheckError("method", found["method"])
    found["period"] = _period(found)
    return found


def number(name, value):
    """A finite number, exactly as it was written.

    :raise CheckError: it is none
    """
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite():
        raise CheckError(name, value)
    return found


def _named(name, values):
    if not isinstance(values, dict):
        raise CheckError(name, values)
    return {str(key): number(f"{name}: {key}", value) for key, value in values.items()}


def _period(values):
    days = {}
    for name in DAYS:
        if name in values:
            days[name] = _day(name, values[name])
    first = days.get("date_start") or days.get("month")
    if not first:
        raise CheckError("month", values.get("month"))
    if "date_start" not in days:
        first = first.replace(day=1)
    last = days.get("date_end") or last_of_month(first)
    if last < first:
        raise CheckError("date_end", values["date_end"])
    return first, last


def _day(name, value):
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise CheckError(name, value) from error


def last_of_month(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_in(period):
    """[(year, month)] that a period touches."""
    first, last = (day.year * 12 + day.month - 1 for day in period)
    return [(index // 12, index % 12 + 1) for index in range(first, last + 1)]


def known_value(asked, facts):
    """What an account's facts say about something that a rate asks for, as a float to show.

    :param asked: (kind, code), see `_asked` of `utility.rate.checking`
    :param facts: `SupplyFacts`
    """
    kind, code = asked
    if kind in ("quantity", "export", "common", "cost"):
        source = "service" if kind in ("quantity", "export") else kind
        bands = Counter()
        for _row, taken in Quantities(facts).taken(source, facts.period):
            bands.update(taken)
        if kind == "export":
            return float(bands["export"])
        return float(bands[f"import:{code}"] if code else plain(bands))
    if kind == "demand":
        peaks = (facts.demand.get(month, {}) for month in months_in(facts.period))
        return float(max((zones.get(code, 0) for zones in peaks), default=0))
    rows = facts.values.get("residents" if kind == "residents" else code, ())
    last = [row.value for row in rows if row.start <= facts.period[1] <= row.end]
    return float(last[-1]) if last else 0.0
