"""What a charge is summed up from. A term knows its inputs, calculates its amount from nothing
else, and goes to a trace and back: so a charge can be calculated again from its trace alone.

Time is a list of fractions of a month (or whatever the price is for): [(10, 31), (30, 30)].
"""

from copy import copy
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from .formula import Formula as Parsed

HUNDRED = Decimal(100)
ONE = Decimal(1)
WHOLE = ((1, 1),)
BASE_PLACES = Decimal("0.00000001")
# thirds do not add up to one exactly: what is this near to a half or a whole is one
NOISE = Decimal("1E-12")
WIDE = Context(prec=60)
ROUNDINGS = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}


def rounded(value, unit, how="half_up"):
    """A value as a whole number of units (0.01, 1, 10 ...)."""
    steps = (value / unit).quantize(NOISE, ROUND_HALF_EVEN, WIDE)
    steps = steps.quantize(ONE, ROUNDINGS[how])
    return (steps * unit).quantize(unit) if unit < ONE else steps * unit


def over_time(value, time):
    """A value for one month (or day, year) as it is for a list of fractions of them."""
    whole = sum(numerator for numerator, denominator in time if numerator == denominator == 1)
    total = value * whole if whole else Decimal(0)
    for numerator, denominator in time:
        if numerator == denominator:
            if numerator != 1:
                total += value
        elif denominator == 1:
            total += value * numerator
        else:
            total += value * numerator / denominator
    return total


class Term:
    """A summand of a charge, before rounding.

    :param share: per cent of it that the account bears
    :param minus: it is taken off
    """

    how = ""
    __slots__ = ("share", "minus")

    def __init__(self, share=HUNDRED, minus=False):
        self.share = share
        self.minus = minus

    @property
    def amount(self):
        amount = self.whole_amount()
        if self.share != HUNDRED:
            amount = amount * self.share / HUNDRED
        return -amount if self.minus else amount

    def whole_amount(self):
        """The amount for the whole point."""
        raise NotImplementedError

    def as_json(self):
        found = {"how": self.how, **self.inputs()}
        if self.share != HUNDRED:
            found["share"] = str(self.share)
        if self.minus:
            found["minus"] = True
        return found

    def inputs(self):
        """What the amount is calculated from, as JSON can hold it."""
        raise NotImplementedError

    def opposite(self):
        """The same term, taken off."""
        other = copy(self)
        other.minus = not self.minus
        return other

    def with_quantity(self, quantity):
        """The same term of another quantity."""
        other = copy(self)
        other.quantity = quantity
        return other

    @classmethod
    def from_json(cls, data):
        term = cls.of_inputs(data)
        term.share = Decimal(data.get("share", HUNDRED))
        term.minus = bool(data.get("minus"))
        return term


class Linear(Term):
    """quantity × price × time; the quantity in `unit`s, begun ones whole where it says so."""

    how = "linear"
    __slots__ = ("quantity", "price", "time", "unit", "begun", "zone")

    def __init__(self, quantity, price, time=WHOLE, unit=ONE, begun=False, zone="", **more):
        super().__init__(**more)
        self.quantity, self.price, self.time = quantity, price, time
        self.unit, self.begun, self.zone = unit, begun, zone

    def whole_amount(self):
        quantity = self.quantity
        if self.unit != ONE:
            quantity = quantity / self.unit
        if self.begun:
            quantity = quantity.quantize(ONE, ROUND_CEILING)
        amount = quantity * self.price
        return amount if self.time is WHOLE else over_time(amount, self.time)

    def inputs(self):
        found = {"quantity": str(self.quantity), "price": str(self.price)}
        if self.time is not WHOLE:
            found["time"] = time_as_json(self.time)
        if self.unit != ONE:
            found["unit"] = str(self.unit)
        if self.begun:
            found["begun"] = True
        if self.zone:
            found["zone"] = self.zone
        return found

    @classmethod
    def of_inputs(cls, data):
        return cls(
            Decimal(data["quantity"]),
            Decimal(data["price"]),
            time_of(data),
            Decimal(data.get("unit", ONE)),
            bool(data.get("begun")),
            data.get("zone", ""),
        )


class Blocks(Term):
    """The quantity by blocks: each part of it at its block's price (marginal), or all of it at the
    price of the block in which it ends (whole), with that block's amount.

    :param uppers: last unit of each block for one month and one of what limits are for; None is
        unlimited
    :param count: how many there are of what limits are for: residents, dwellings
    :param limit_time: fractions of a month; limits grow with them
    :param limit_unit: limits are rounded to it
    :param portion: (quantity, that of all zones) where zones share the limits
    :param amount_time: fractions of what the blocks' amounts are for
    :param price_time: fractions of what all of it is for (an area's or a demand's prices)
    """

    how = "blocks"
    __slots__ = (
        "quantity",
        "uppers",
        "prices",
        "amounts",
        "mode",
        "count",
        "limit_time",
        "limit_unit",
        "zone",
        "amount_time",
        "price_time",
        "portion",
    )

    def __init__(
        self,
        quantity,
        uppers,
        prices,
        amounts=(),
        mode="marginal",
        count=ONE,
        limit_time=WHOLE,
        limit_unit=None,
        zone="",
        amount_time=WHOLE,
        price_time=WHOLE,
        portion=None,
        **more,
    ):
        super().__init__(**more)
        self.quantity, self.uppers, self.prices, self.amounts = quantity, uppers, prices, amounts
        self.mode, self.count, self.limit_time = mode, count, limit_time
        self.limit_unit, self.zone = limit_unit, zone
        self.amount_time, self.price_time, self.portion = amount_time, price_time, portion

    @property
    def limits(self):
        """Last unit of each block for this quantity."""
        return [None if upper is None else self._scaled(upper) for upper in self.uppers]

    def _scaled(self, upper):
        limit = over_time(upper * self.count, self.limit_time)
        limit = rounded(limit, self.limit_unit) if self.limit_unit else limit
        return limit * self.portion[0] / self.portion[1] if self.portion else limit

    def split(self):
        """[(quantity within the block, its price)]; one entry where the mode is whole."""
        if self.mode == "whole":
            index = self._last_block()
            return [(self.quantity, self.prices[index])]
        found, lower, sign = [], Decimal(0), -1 if self.quantity < 0 else 1
        quantity = abs(self.quantity)
        for limit, price in zip(self.limits, self.prices, strict=True):
            upper = quantity if limit is None else min(quantity, limit)
            found.append((sign * max(upper - lower, Decimal(0)), price))
            lower = max(lower, upper)
        if lower < quantity:
            # above the last limit the last price goes on
            found[-1] = (found[-1][0] + sign * (quantity - lower), found[-1][1])
        return found

    def _last_block(self):
        for index, limit in enumerate(self.limits):
            if limit is None or abs(self.quantity) <= limit:
                return index
        return len(self.uppers) - 1

    def whole_amount(self):
        amount = sum((quantity * price for quantity, price in self.split()), Decimal(0))
        if self.amounts:
            amount += over_time(self.amounts[self._last_block()], self.amount_time)
        return amount if self.price_time is WHOLE else over_time(amount, self.price_time)

    def inputs(self):
        found = {
            "quantity": str(self.quantity),
            "mode": self.mode,
            "uppers": [None if upper is None else str(upper) for upper in self.uppers],
            "prices": list(map(str, self.prices)),
        }
        if self.amounts:
            found["amounts"] = list(map(str, self.amounts))
        if self.count != ONE:
            found["count"] = str(self.count)
        if self.limit_time is not WHOLE:
            found["time"] = time_as_json(self.limit_time)
        if self.amount_time is not WHOLE:
            found["amount_time"] = time_as_json(self.amount_time)
        if self.price_time is not WHOLE:
            found["price_time"] = time_as_json(self.price_time)
        if self.limit_unit:
            found["limit_unit"] = str(self.limit_unit)
        if self.portion:
            found["portion"] = list(map(str, self.portion))
        if self.zone:
            found["zone"] = self.zone
        return found

    @classmethod
    def of_inputs(cls, data):
        unit, portion = data.get("limit_unit"), data.get("portion")
        return cls(
            Decimal(data["quantity"]),
            [None if upper is None else Decimal(upper) for upper in data["uppers"]],
            list(map(Decimal, data["prices"])),
            tuple(map(Decimal, data.get("amounts", ()))),
            data["mode"],
            Decimal(data.get("count", ONE)),
            time_of(data),
            Decimal(unit) if unit else None,
            data.get("zone", ""),
            time_of(data, "amount_time"),
            time_of(data, "price_time"),
            tuple(map(Decimal, portion)) if portion else None,
        )


class Formula(Term):
    """The result of a formula over named numbers, times the time where its result is a monthly one.

    :param formula: `engine.formula.Formula`
    :param names: {name: Decimal}
    """

    how = "formula"
    __slots__ = ("formula", "names", "time", "value")

    def __init__(self, formula, names, time=WHOLE, **more):
        super().__init__(**more)
        self.formula, self.names, self.time = formula, names, time
        self.value = formula.evaluate(names)

    def whole_amount(self):
        return over_time(self.value, self.time)

    def inputs(self):
        found = {
            "formula": self.formula.text,
            "names": {name: str(value) for name, value in self.names.items()},
        }
        if self.time is not WHOLE:
            found["time"] = time_as_json(self.time)
        return found

    @classmethod
    def of_inputs(cls, data):
        names = {name: Decimal(value) for name, value in data["names"].items()}
        return cls(_parsed(data["formula"], tuple(names)), names, time_of(data))


class Percentage(Term):
    """A percentage of other components' amounts of the same days, before their rounding."""

    how = "percentage"
    __slots__ = ("percent", "of")

    def __init__(self, percent, of, **more):
        super().__init__(**more)
        self.percent = percent
        self.of = {code: amount.quantize(BASE_PLACES) for code, amount in of.items()}

    def whole_amount(self):
        return sum(self.of.values(), Decimal(0)) * self.percent / HUNDRED

    def inputs(self):
        return {
            "percent": str(self.percent),
            "of": {code: str(amount) for code, amount in self.of.items()},
        }

    @classmethod
    def of_inputs(cls, data):
        of = {code: Decimal(amount) for code, amount in data["of"].items()}
        return cls(Decimal(data["percent"]), of)


class Bound(Term):
    """What is missing to a minimum, or beyond a maximum (then negative), of rounded amounts.

    :param bound: for the whole period
    """

    how = "bound"
    __slots__ = ("which", "bound", "of")

    def __init__(self, which, bound, of, **more):
        super().__init__(**more)
        self.which, self.bound, self.of = which, bound.quantize(BASE_PLACES), of

    def whole_amount(self):
        total = sum(self.of.values(), Decimal(0))
        if self.which == "minimum":
            return max(self.bound - total, Decimal(0))
        return min(self.bound - total, Decimal(0))

    def inputs(self):
        return {
            "which": self.which,
            "bound": str(self.bound),
            "of": {code: str(amount) for code, amount in self.of.items()},
        }

    @classmethod
    def of_inputs(cls, data):
        of = {code: Decimal(amount) for code, amount in data["of"].items()}
        return cls(data["which"], Decimal(data["bound"]), of)


class Relief(Term):
    """A part of an amount that is not due: a percentage of it, for some of its days and persons.

    :param base: the amount, before rounding
    :param days: (affected days, days of the amount)
    :param persons: (persons concerned, all)
    :param portion: (quantity or amount concerned, all of it), where days do not say it
    """

    how = "relief"
    __slots__ = ("base", "percent", "days", "persons", "portion")

    def __init__(self, base, percent=HUNDRED, days=(1, 1), persons=(1, 1), portion=(1, 1), **more):
        super().__init__(minus=True, **more)
        self.base = base.quantize(BASE_PLACES)
        self.percent, self.days, self.persons, self.portion = percent, days, persons, portion

    def whole_amount(self):
        amount = self.base * self.percent / HUNDRED
        for concerned, whole in (self.days, self.persons, self.portion):
            if concerned != whole:
                amount = amount * concerned / whole
        return amount

    def inputs(self):
        found = {"base": str(self.base), "percent": str(self.percent)}
        for name in ("days", "persons", "portion"):
            concerned, whole = getattr(self, name)
            if concerned != whole:
                found[name] = [str(concerned), str(whole)]
        return found

    @classmethod
    def of_inputs(cls, data):
        return cls(
            Decimal(data["base"]),
            Decimal(data["percent"]),
            *(
                tuple(map(Decimal, data.get(name, (1, 1))))
                for name in ("days", "persons", "portion")
            ),
        )


class Capped(Term):
    """An amount that may not pass a limit: a benefit can take off no more than there is."""

    how = "capped"
    __slots__ = ("value", "cap", "time")

    def __init__(self, value, cap, time=WHOLE, **more):
        super().__init__(minus=True, **more)
        self.value, self.cap, self.time = value, cap.quantize(BASE_PLACES), time

    def whole_amount(self):
        return min(over_time(self.value, self.time), self.cap)

    def inputs(self):
        found = {"value": str(self.value), "cap": str(self.cap)}
        if self.time is not WHOLE:
            found["time"] = time_as_json(self.time)
        return found

    @classmethod
    def of_inputs(cls, data):
        return cls(Decimal(data["value"]), Decimal(data["cap"]), time_of(data))


class Sum(Term):
    """An amount that was settled elsewhere: typed, or what was charged before."""

    how = "sum"
    __slots__ = ("value", "words")

    def __init__(self, value, words="", **more):
        super().__init__(**more)
        self.value, self.words = value, words

    def whole_amount(self):
        return self.value

    def inputs(self):
        return {"value": str(self.value), **({"words": self.words} if self.words else {})}

    @classmethod
    def of_inputs(cls, data):
        return cls(Decimal(data["value"]), data.get("words", ""))


KINDS = {
    kind.how: kind for kind in (Linear, Blocks, Formula, Percentage, Bound, Relief, Capped, Sum)
}


def term_of(data):
    """The term that a trace holds."""
    return KINDS[data["how"]].from_json(data)


def time_as_json(time):
    return [[str(part) for part in fraction] for fraction in time]


def time_of(data, key="time"):
    """The fractions of time that a trace holds."""
    if key not in data:
        return WHOLE
    return tuple(tuple(map(Decimal, fraction)) for fraction in data[key])


@lru_cache(maxsize=256)
def _parsed(text, names):
    return Parsed(text, names)
