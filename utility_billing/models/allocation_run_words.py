from odoo import models
from odoo.tools import format_date

SHOWN = 5


class AllocationRun(models.Model):
    """Why a building cannot be shared, and what is left over, in words that say what to do."""

    _inherit = "utility.allocation.run"

    def _problem_words(self, problem):
        """A problem as a sentence in the reader's language.

        :param problem: {"code", figures}
        """
        figures = {name: value for name, value in problem.items() if name != "code"}
        describe = getattr(self, f"_words_{problem['code']}")
        return describe(**figures)

    def _words_no_total(self, **_figures):
        return self.env._("Type the total: it is not known what is to be shared.")

    def _words_no_source_usage(self, point=None, **_figures):
        return self.env._(
            "%(point)s has no usage for every day of the period. Record the building meter's "
            "readings and calculate its usage, or type the total.",
            point=self._point_name(point),
        )

    def _words_overlap(self, date_start, date_end, **_figures):
        return self.env._(
            "The building is shared already for %(start)s – %(end)s. Cancel that sharing first.",
            start=format_date(self.env, date_start),
            end=format_date(self.env, date_end),
        )

    def _words_usage_beyond(self, points=(), **_figures):
        return self.env._(
            "The usage of %(points)s reaches beyond the period. Share a period that holds it "
            "whole.",
            points=self._point_names(points),
        )

    def _words_no_participants(self, **_figures):
        return self.env._(
            "Nobody takes part: no consumer is fed from the source. Connect the flats' points to "
            "it in the network, or let all points in the building take part."
        )

    def _words_missing_value(self, name, participants=(), step="", **_figures):
        if not participants:
            return self.env._(
                "%(step)s: the building has no “%(name)s”. Record it for the building.",
                step=step,
                name=self._value_name(name),
            )
        return self.env._(
            "“%(name)s” is missing for %(places)s. Record it there, then calculate again.",
            name=self._value_name(name),
            places=self._place_names(participants),
        )

    def _words_missing_use(self, name, participants=(), **_figures):
        if name in ("refuse", "norm"):
            return self.env._(
                "The own use of %(places)s is not known. Calculate their usage, or let the method "
                "say what stands in for it.",
                places=self._place_names(participants),
            )
        return self.env._(
            "The average that stands in for the own use of %(places)s needs “%(name)s” of them "
            "and of all that have a meter.",
            places=self._place_names(participants),
            name=self._value_name(name),
        )

    def _words_too_much(self, percent, **_figures):
        return self.env._(
            "The method's steps take %(percent)s %% of the total: correct them.", percent=percent
        )

    def _words_coefficient(self, step, coefficient, **_figures):
        return self.env._(
            "%(step)s: the coefficient %(coefficient)s is not lawful. Correct it in the method.",
            step=step,
            coefficient=coefficient,
        )

    def _words_negative_weight(self, step, participants=(), **_figures):
        return self.env._(
            "%(step)s: the weight of %(places)s is below 0. Correct the value behind it.",
            step=step,
            places=self._place_names(participants),
        )

    def _words_limits(self, **_figures):
        return self.env._(
            "Least and most shares cannot be kept: the least is above the most, or nobody has an "
            "area. Correct the method or the areas."
        )

    def _words_span(self, step, **_figures):
        return self.env._("%(step)s: degree days need a period.", step=step)

    def _words_formula(self, step, formula, participants=(), **figures):
        words = self._formula_words(formula, **figures)
        if participants:
            return self.env._(
                "%(step)s, %(places)s: %(message)s",
                step=step,
                places=self._place_names(participants),
                message=words,
            )
        return self.env._("%(step)s: %(message)s", step=step, message=words)

    # -- formulas ---------------------------------------------------------------------------

    def _formula_words(self, code, text="", name="", limit=0, part="", **_figures):
        """A `FormulaError` as a sentence."""
        words = {
            "too_long": self.env._("A formula has at most %(limit)s characters.", limit=limit),
            "too_complex": self.env._("The formula is too long: divide it into steps."),
            "syntax": self.env._("“%(text)s” is no formula.", text=text),
            "forbidden": self.env._(
                "“%(part)s” in “%(text)s” is not allowed: a formula only calculates.",
                part=part,
                text=text,
            ),
            "unknown_name": self.env._(
                "“%(text)s” names “%(name)s”, which is not known. Use codes of attributes, "
                "residents, usage_hot_water, building_…, total.",
                text=text,
                name=name,
            ),
            "unknown_function": self.env._(
                "“%(name)s” in “%(text)s” is no function. There are min, max, abs, round, ceil "
                "and floor.",
                name=name,
                text=text,
            ),
            "arguments": self.env._(
                "%(name)s in “%(text)s” has wrong arguments.", name=name, text=text
            ),
            "division_by_zero": self.env._("“%(text)s” divides by zero.", text=text),
            "power": self.env._("“%(text)s” has a power above %(limit)s.", text=text, limit=limit),
            "no_value": self.env._("“%(name)s” in “%(text)s” is empty.", name=name, text=text),
            "no_number": self.env._("“%(text)s” gives no number.", text=text),
        }
        return words[code]

    # -- left over --------------------------------------------------------------------------

    def _residual_words(self, residual):
        reasons = {
            "cap": self.env._("above the limit"),
            "negative": self.env._("negative, not given back"),
            "unshared": self.env._("borne by no step"),
            "limits": self.env._("beyond the most that flats bear"),
            "cut": self.env._("reduction"),
            "rounding": self.env._("rounding"),
        }
        bearers = {
            "supplier": self.env._("the supplier's"),
            "association": self.env._("the association's"),
        }
        bearer = bearers.get(residual.get("bearer"))
        amount = self._plain_figure(residual["amount"])
        reason = reasons[residual["reason"]]
        if bearer and residual["reason"] != "rounding":
            return self.env._(
                "%(amount)s %(reason)s, %(bearer)s", amount=amount, reason=reason, bearer=bearer
            )
        return self.env._("%(amount)s %(reason)s", amount=amount, reason=reason)

    # -- names ------------------------------------------------------------------------------

    def _place_names(self, ids):
        places = self.env["utility.premise"].sudo().browse(ids[:SHOWN])
        names = "; ".join(place.address or place.name for place in places)
        if len(ids) > SHOWN:
            return self.env._("%(names)s and %(more)s more", names=names, more=len(ids) - SHOWN)
        return names

    def _point_names(self, ids):
        names = ", ".join(map(self._point_name, ids[:SHOWN]))
        if len(ids) > SHOWN:
            return self.env._("%(names)s and %(more)s more", names=names, more=len(ids) - SHOWN)
        return names

    def _point_name(self, point_id):
        return self.env["utility.service.point"].sudo().browse(point_id).code or ""

    def _value_name(self, code):
        """The name of a value that formulas know by its code."""
        base = code.removeprefix("building_").removeprefix("sum_")
        attribute = self.env["utility.attribute"].sudo().search([("code", "=", base)], limit=1)
        own = {
            "residents": self.env._("residents"),
            "units": self.env._("allocator units"),
            "usage": self.env._("own use"),
            "norm": self.env._("norm"),
        }
        return attribute.name or own.get(base, code)

    def _plain_figure(self, text):
        """A figure of a proof without zeros at its end."""
        text = str(text)
        return text.rstrip("0").rstrip(".") if "." in text else text
