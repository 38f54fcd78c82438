import json
from decimal import Decimal

from odoo import api, models

from ..engine.terms import KINDS, term_of
from ..tools.saying import Saying, sum_of

ENGINES = ("1",)
USUAL_ROUNDING = ("half_up", Decimal("0.01"))
# a trace that is not as the engine writes it
UNREADABLE = (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)


class Explanation(models.AbstractModel):
    """Charges in words for people, from their traces alone.

    What a trace says is not looked up again: only names (of meters, zones, benefits) are fetched,
    once for all traces. A trace that this version does not know is written down as it is.
    """

    _name = "utility.explanation"
    _description = "Explanation of Charges"

    @api.model
    def _explain(self, traces, currency, lang=None):
        """How charges were calculated.

        :param traces: list of traces, as `Charge.trace`
        :param currency: `res.currency` of the amounts
        :param lang: code of a language; None: the user's
        :return: for each trace a list of lines, plain text
        """
        explaining = self.with_context(lang=lang) if lang else self
        saying = Saying(explaining.env, currency, explaining._names(traces))
        return [explaining._lines(trace, saying) for trace in traces]

    def _lines(self, trace, saying):
        if not trace:
            return []
        try:
            if trace["engine"] not in ENGINES:
                return self._dumped(trace)
            if trace["kind"] == "difference":
                return self._lines_difference(trace, saying)
            return self._lines_charge(trace, saying)
        except UNREADABLE:
            return self._dumped(trace)

    def _dumped(self, data, path=""):
        """Lines with everything that a piece of a trace holds: name and value."""
        if isinstance(data, dict) and data:
            return [
                line
                for key, value in data.items()
                for line in self._dumped(value, f"{path} › {key}" if path else str(key))
            ]
        if isinstance(data, list) and any(isinstance(value, (dict, list)) for value in data):
            return [
                line
                for number, value in enumerate(data, 1)
                for line in self._dumped(value, f"{path} {number}")
            ]
        value = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        return [f"{path}: {value}" if path else value]

    # -- a charge ---------------------------------------------------------------------------

    def _lines_charge(self, trace, saying):
        lines, amounts = [], []
        terms = [term for part in trace["parts"] for term in part["terms"]]
        alone = len(terms) == 1 and self._is_usual(trace)
        for part in trace["parts"]:
            lines += self._lines_before(part, trace, saying)
            lines += self._lines_about(part, trace, saying)
            for data in part["terms"]:
                amount = self._amount_of(data)
                amounts.append(amount)
                shown = Decimal(trace["amount"]) if alone else amount
                lines += self._lines_term(data, part, trace, saying, shown)
        return lines + self._lines_end(trace, saying, amounts)

    def _lines_before(self, part, trace, saying):
        """What would be taken off, where no more than is left can be."""
        return [
            line
            for piece in part.get("before", ())
            for data in piece["terms"]
            for line in self._lines_term(
                data, piece, {**trace, "parts": part["before"]}, saying, self._amount_of(data)
            )
        ]

    def _is_usual(self, trace):
        how, unit = trace["rounding"]
        return (how, Decimal(unit)) == USUAL_ROUNDING

    def _amount_of(self, data):
        """The amount of a term before rounding; None where this version cannot tell."""
        if data["how"] not in KINDS:
            return None
        try:
            return term_of(data).amount
        except UNREADABLE:
            return None

    def _lines_term(self, data, part, trace, saying, amount):
        """A term as a calculation."""
        describe = getattr(self, f"_term_{data['how']}", None)
        if describe is None or amount is None:
            return [*self._dumped(data), self._total(saying, saying.money(trace["amount"]))]
        text = self._shared(describe(data, part, trace, saying), data, saying)
        if data.get("minus") and data["how"] != "sum":
            text = self._opposite(text)
        lead = self._lead(data, part, trace, saying)
        result = saying.money(amount)
        if data["how"] == "sum":
            return [f"{lead}{text}: {result}"]
        return [f"{lead}{text}" if text == result else f"{lead}{text} = {result}"]

    def _shared(self, text, data, saying):
        if "share" not in data:
            return text
        text = f"({text})" if " + " in text or " − " in text else text
        return f"{text} × {saying.percent(data['share'])}"

    def _opposite(self, text):
        return f"−({text})" if " + " in text or " − " in text or text[0] == "−" else f"−{text}"

    def _lead(self, data, part, trace, saying):
        """What stands before the calculation: of which days and zone, and on what grounds."""
        found = []
        if len(trace["parts"]) > 1:
            found.append(saying.span(part["from"], part["to"]))
        if data.get("zone"):
            found.append(saying.zone(data["zone"]))
        grounds = self._grounds(part, trace, saying)
        if grounds:
            found.append(grounds)
        return f"{', '.join(found)}: " if found else ""

    def _lines_end(self, trace, saying, amounts):
        lines = []
        total = saying.money(trace["amount"])
        usual = self._is_usual(trace)
        if usual and len(amounts) > 1 and None not in amounts:
            lines.append(self._total(saying, total, amounts))
        elif not usual:
            if len(amounts) > 1 and None not in amounts:
                lines.append(self._total(saying, saying.money(trace["sum"]), amounts))
            lines.append(self._rounding_words(trace, saying, total))
        fund = trace.get("fund")
        if fund and fund.get("id"):
            lines.append(self._fund_words(fund, trace, saying))
        return lines

    def _total(self, saying, total, amounts=()):
        texts = [saying.money(amount) for amount in amounts if amount]
        if len(texts) < 2:
            return self.env._("Together: %(total)s", total=total)
        return self.env._("Together: %(sum)s = %(total)s", sum=sum_of(texts), total=total)

    def _rounding_words(self, trace, saying, total):
        how, unit = trace["rounding"]
        words = {
            "half_up": self.env._("Rounded to %(unit)s: %(total)s"),
            "half_even": self.env._("Rounded to %(unit)s, a half to the even one: %(total)s"),
            "floor": self.env._("Rounded down to %(unit)s: %(total)s"),
            "ceiling": self.env._("Rounded up to %(unit)s: %(total)s"),
        }
        return words[how] % {"unit": saying.number(unit), "total": total}

    def _fund_words(self, fund, trace, saying):
        paid = Decimal(fund["amount"])
        rest = -Decimal(trace["amount"]) - paid
        name = saying.names.of("res.partner", fund["id"])
        if rest:
            return self.env._(
                "%(fund)s pays %(paid)s of it; %(rest)s remain with the supplier.",
                fund=name,
                paid=saying.money(paid),
                rest=saying.money(rest),
            )
        return self.env._("%(fund)s pays %(paid)s instead.", fund=name, paid=saying.money(paid))

    def _grounds(self, part, trace, saying):
        """The benefit, absence or act that takes something off."""
        if "benefit" in part:
            name = saying.names.of("utility.benefit", part["benefit"])
            return self.env._("benefit %(name)s", name=name)
        if "document" in part:
            kind, document_id = part["document"]
            name = saying.names.of("utility.adjustment", document_id)
            words = {
                "absence": self.env._("absence, %(name)s"),
                "quality": self.env._("poor quality, %(name)s"),
            }
            return words.get(kind, f"{kind}, %(name)s") % {"name": name}
        if "adjustment" in part:
            return ", ".join(filter(None, (part.get("number"), part.get("reason"))))
        if "of" in part:
            return self.env._("of %(amount)s", amount=saying.money(part["of"]))
        if "before" in part:
            return self.env._("no more than is left")
        return ""
