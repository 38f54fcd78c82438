"""Figures and names as the lines of an explanation write them."""

import ast
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.tools import format_date

from odoo.addons.base.models.res_lang import intersperse

from ..engine.formula import taken_of

MOST = 6
STEPS = [Decimal(1).scaleb(-places) for places in range(MOST + 1)]


@dataclass
class Names:
    """What records are called: {model: {id: name}}, and some by their code.

    :param meters: {installation id: serial}
    """

    records: dict = field(default_factory=dict)
    zones: dict = field(default_factory=dict)
    attributes: dict = field(default_factory=dict)
    components: dict = field(default_factory=dict)
    meters: dict = field(default_factory=dict)

    def of(self, model, record_id):
        """The name of a record; its number where nothing else is known."""
        return self.records.get(model, {}).get(record_id) or f"#{record_id}"


class Saying:
    """Writes figures as the language of its environment does.

    :param currency: `res.currency` of the amounts
    :param names: `Names`
    """

    def __init__(self, env, currency, names):
        self.env = env
        self.names = names
        self._labels = {}
        self._days = {}
        self.places = currency.decimal_places if currency else 2
        lang = env["res.lang"]._get_data(code=env.lang or "en_US")
        self.point = lang.decimal_point or "."
        self.separator = lang.thousands_sep or ""
        self.grouping = ast.literal_eval(lang.grouping or "[]")

    def labels(self, what):
        """{code: label} of how quantities are found: `method`, `reason` or `by`."""
        if what not in self._labels:
            model, name = {
                "method": ("utility.usage", "method"),
                "reason": ("utility.usage", "reason"),
                "by": ("utility.estimation.rule", "method"),
            }[what]
            selection = self.env[model]._fields[name]._description_selection(self.env)
            self._labels[what] = dict(selection)
        return self._labels[what]

    def number(self, value, least=0, most=MOST):
        """A number with at least and at most so many decimals."""
        value = Decimal(value)
        text = f"{abs(value).quantize(STEPS[most], ROUND_HALF_UP):f}"
        whole, _point, decimals = text.partition(".")
        decimals = decimals.rstrip("0").ljust(least, "0")
        if self.separator and len(whole) > 2:
            whole = intersperse(whole, self.grouping, self.separator)[0]
        minus = "−" if value < 0 and (decimals.strip("0") or whole.strip("0")) else ""
        return f"{minus}{whole}{self.point}{decimals}" if decimals else f"{minus}{whole}"

    def money(self, value):
        """An amount or a price: with the currency's decimals, or as many as it has."""
        return self.number(value, self.places)

    def quantity(self, value, uom=""):
        number = self.number(value)
        return f"{number} {uom}" if uom else number

    def pair(self, one, other):
        """Two numbers of the same kind, with the same decimals."""
        places = max(-Decimal(value).as_tuple().exponent for value in (one, other))
        places = max(0, min(places, MOST))
        return self.number(one, places), self.number(other, places)

    def percent(self, value):
        return f"{self.number(value)} %"

    def day(self, text):
        if text not in self._days:
            self._days[text] = format_date(self.env, date.fromisoformat(text))
        return self._days[text]

    def span(self, first, last):
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def zone(self, code):
        return self.names.zones.get(code) or code

    def fraction(self, numerator, denominator):
        """10/31; 2; 14.5/30."""
        numerator, denominator = Decimal(numerator), Decimal(denominator)
        if denominator == 1 or numerator == denominator:
            return self.number(numerator / denominator)
        return f"{self.number(numerator)}/{self.number(denominator)}"

    def formula(self, text, values):
        """A formula with numbers in the place of names, as {name: Decimal}. Of what depends on a
        condition, only what came true is said, with the condition behind."""
        taken, condition = taken_of(text, values)
        said = self._put(taken, values)
        return f"{said} ({self._put(condition, values)})" if condition else said

    def _put(self, text, values):
        def put(match):
            name = match.group()
            if name not in values:
                return name
            number = self.number(values[name])
            return f"({number})" if number.startswith("−") else number

        text = re.sub(r"[A-Za-z_]\w*", put, text)
        text = text.replace("<=", "≤").replace(">=", "≥")
        return re.sub(r"(?<!\*)\*(?!\*)", "×", text)


def sum_of(texts):
    """Summands as a sum: a negative one is taken off."""
    found = ""
    for text in texts:
        if not found:
            found = text
        elif text.startswith("−"):
            found += f" − {text[1:]}"
        else:
            found += f" + {text}"
    return found
