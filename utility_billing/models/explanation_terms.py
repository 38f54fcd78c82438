from decimal import Decimal

from odoo import models

from ..engine.terms import Blocks, time_of

ONE = Decimal(1)


class Explanation(models.AbstractModel):
    """The calculation of each kind of term: `_term_<how>` gives it without its share and result."""

    _inherit = "utility.explanation"

    def _term_linear(self, data, part, trace, saying):
        price = saying.money(data["price"])
        per = trace["component"].get("per") or ""
        factors = [self._counted(data, part, trace, saying)]
        if "unit" in data:
            factors[0] += f" / {saying.quantity(data['unit'], trace.get('uom', ''))}"
        if "begun" in data:
            factors[0] = self.env._("%(quantity)s, begun ones whole", quantity=factors[0])
            factors[0] = f"({factors[0]})"
        if not factors[0]:
            factors = [self._price_for(price, per)]
        else:
            factors.append(self._price_for(price, per) if self._by_days(data) else price)
        if "time" in data:
            factors.append(self._time_words(data["time"], per, saying))
        return " × ".join(factors)

    def _by_days(self, data):
        return any(Decimal(denominator) != ONE for _number, denominator in data.get("time", ()))

    def _price_for(self, price, per):
        if per == "month":
            return self.env._("%(price)s a month", price=price)
        if per == "day":
            return self.env._("%(price)s a day", price=price)
        if per == "year":
            return self.env._("%(price)s a year", price=price)
        return price

    def _time_words(self, time, per, saying):
        """10/31; (10/31 + 20/30); 31 days."""
        if len(time) == 1 and Decimal(time[0][1]) == ONE:
            number = saying.number(time[0][0])
            if per == "day":
                return self.env._("%(number)s days", number=number)
            return number
        fractions = [saying.fraction(*fraction) for fraction in time]
        if not fractions:
            return saying.number(0)
        return fractions[0] if len(fractions) == 1 else f"({' + '.join(fractions)})"

    def _counted(self, data, part, trace, saying):
        """The quantity, with where it comes from where that is short; empty for a fixed price."""
        kind, quantity = trace["component"].get("kind"), data["quantity"]
        if kind == "fixed":
            return "" if Decimal(quantity) == ONE else saying.number(quantity)
        if kind == "attribute":
            return self._attribute_words(part, quantity, saying)
        if kind == "demand":
            return saying.number(quantity)
        text = saying.quantity(quantity, trace.get("uom", ""))
        inline = self._inline_rows(part, trace, saying)
        return f"{text} ({inline})" if inline else text

    def _attribute_words(self, part, quantity, saying):
        code = part.get("value", {}).get("code", "")
        unit, name = saying.names.attributes.get(code, ("", ""))
        if unit:
            return saying.quantity(quantity, unit)
        if code == "residents":
            return self.env._("%(number)s residents", number=saying.number(quantity))
        return f"{saying.number(quantity)} ({name or code})"

    def _term_blocks(self, data, part, trace, saying):
        uom = trace.get("uom", "")
        if trace["component"].get("kind") == "attribute":
            code = part.get("value", {}).get("code", "")
            uom = saying.names.attributes.get(code, ("", ""))[0]
        term = Blocks.of_inputs(data)
        split = [(q, price) for q, price in term.split() if q] or term.split()[:1]
        texts = [f"{saying.quantity(q, uom)} × {saying.money(price)}" for q, price in split]
        amount = term.amounts[term._last_block()] if term.amounts else 0
        if amount:
            texts.append(self._timed(saying.money(amount), data, "amount_time", saying))
        if "price_time" in data and len(texts) > 1:
            return self._timed(f"({' + '.join(texts)})", data, "price_time", saying)
        return self._timed(" + ".join(texts), data, "price_time", saying)

    def _timed(self, text, data, key, saying):
        """A text, times the fractions of time under a key of the term."""
        return f"{text} × {self._time_words(data[key], '', saying)}" if key in data else text

    def _limits_words(self, data, trace, saying):
        """How block limits came to what they are; empty where they are as the rate says."""
        term = Blocks.of_inputs(data)
        as_said = term.count == ONE and "time" not in data and not term.portion
        if as_said or not any(term.uppers):
            return ""
        texts = []
        for upper, limit in zip(term.uppers, term.limits, strict=True):
            if upper is not None:
                factors = [saying.quantity(upper, trace.get("uom", ""))]
                if term.count != ONE:
                    factors.append(saying.number(term.count))
                if "time" in data:
                    factors.append(self._time_words(data["time"], "", saying))
                if term.portion:
                    factors.append("/".join(map(saying.number, term.portion)))
                texts.append(f"{' × '.join(factors)} = {saying.number(limit)}")
        return self.env._("Block limits: %(limits)s", limits="; ".join(texts))

    def _term_formula(self, data, part, trace, saying):
        values = {name: Decimal(value) for name, value in data["names"].items()}
        text = saying.formula(data["formula"], values)
        time = time_of(data)
        if "time" not in data or not time:
            return text
        times = self._time_words(data["time"], trace["component"].get("per", ""), saying)
        return f"({text}) × {times}"

    def _term_percentage(self, data, part, trace, saying):
        of = self._amounts_of(data["of"], part, saying)
        return self.env._(
            "%(percent)s of %(amount)s", percent=saying.percent(data["percent"]), amount=of
        )

    def _term_bound(self, data, part, trace, saying):
        bound = saying.money(data["bound"])
        of = self._amounts_of(data["of"], part, saying)
        if data["which"] == "minimum":
            return self.env._("minimum %(bound)s − %(charged)s", bound=bound, charged=of)
        return self.env._("maximum %(bound)s − %(charged)s", bound=bound, charged=of)

    def _amounts_of(self, of, part, saying):
        """(Consumption 3.20 + Standing charge 1.50)"""
        names = saying.names.components
        texts = [
            f"{names.get((part.get('version'), code), code)} {saying.money(amount)}"
            for code, amount in of.items()
        ]
        if not texts:
            return saying.money(0)
        return texts[0] if len(texts) == 1 else f"({' + '.join(texts)})"

    def _term_relief(self, data, part, trace, saying):
        factors = [saying.money(data["base"])]
        if Decimal(data["percent"]) != 100:
            factors.append(saying.percent(data["percent"]))
        if "days" in data:
            days, whole = map(saying.number, data["days"])
            factors.append(self.env._("%(days)s of %(whole)s days", days=days, whole=whole))
        if "persons" in data:
            persons, everybody = map(saying.number, data["persons"])
            factors.append(
                self.env._("%(persons)s of %(all)s persons", persons=persons, all=everybody)
            )
        if "portion" in data:
            portion, whole = map(saying.number, data["portion"])
            factors.append(f"{portion}/{whole}")
        return " × ".join(factors)

    def _term_capped(self, data, part, trace, saying):
        value, cap = saying.money(data["value"]), Decimal(data["cap"])
        text = value
        if "time" in data:
            text = f"{value} × {self._time_words(data['time'], 'month', saying)}"
        if abs(self._amount_of(data)) < cap:
            return text
        return self.env._("%(cap)s (instead of %(value)s)", cap=saying.money(cap), value=text)

    def _term_sum(self, data, part, trace, saying):
        """An amount that was settled elsewhere has words instead of a calculation."""
        words = data.get("words", "")
        return {
            "": self.env._("amount as entered"),
            "percent": self.env._("by the subsidy's percentage"),
            "share": self.env._("share of the subsidy"),
            "all": self.env._("all that was due"),
        }.get(words, words)
