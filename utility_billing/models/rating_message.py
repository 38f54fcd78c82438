from odoo import api, models
from odoo.tools import format_date

# what sentences about formulas say
FORMULA_FIGURES = ("text", "name", "limit", "part")


class Rating(models.AbstractModel):
    """Why a supply cannot be rated, and what to mend."""

    _inherit = "utility.rating"

    @api.model
    def _message(self, error, point):
        """A `RatingError` in words for a clerk.

        :param point: the service point it is about
        """
        figures = {
            name: format_date(self.env, value) if hasattr(value, "isoformat") else value
            for name, value in error.figures.items()
            if name != "source"
        }
        words = getattr(self, f"_message_{error.code}", self._message_formula)(
            {"service": point.service_id.name, "point": point.display_name, **figures}, error
        )
        return f"{point.service_id.name}: {words}"

    def _message_no_plan(self, figures, _error):
        return self.env._(
            "no tariff plan applies on %(day)s. Choose a plan on the agreement, or a default plan "
            "for the company.",
            **figures,
        )

    def _message_no_rate(self, figures, _error):
        return self.env._(
            "the tariff plan has no approved tariff in force on %(day)s for this customer. Approve "
            "a version, or widen the scope of one.",
            **figures,
        )

    def _message_missing_value(self, figures, _error):
        attribute = self.env["utility.attribute"].search([("code", "=", figures["code"])], limit=1)
        if figures["code"] == "residents":
            name = self.env._("the number of residents")
        else:
            name = attribute.name or figures["code"]
        return self.env._(
            "“%(name)s” is not known on %(day)s, though the tariff asks for it. Record it on the "
            "premise.",
            **{"name": name, **figures},
        )

    def _message_no_quantity(self, figures, _error):
        return self.env._(
            "there is no quantity for %(start)s – %(end)s. Calculate the usage, or share the "
            "building's quantity, first.",
            **figures,
        )

    def _message_quantity_gap(self, figures, _error):
        return self.env._(
            "there is no quantity for %(start)s – %(end)s, though there is for other days of the "
            "period. Calculate the usage again.",
            **figures,
        )

    def _message_no_price(self, figures, _error):
        return self.env._(
            "the component “%(code)s” has no price for %(zone)s on %(day)s. Add it to a new "
            "version of the tariff.",
            **{**figures, "zone": figures.get("zone") or self.env._("all zones")},
        )

    def _message_no_zones(self, figures, _error):
        return self.env._(
            "the component “%(code)s” is priced by time-of-use zones, but the quantity has none. "
            "Let the meter have registers by zone, or the component price it by the hours of each "
            "zone.",
            **figures,
        )

    def _message_no_demand(self, figures, _error):
        return self.env._(
            "no demand was read for %(start)s – %(end)s. Enter the highest demand of the month.",
            **figures,
        )

    def _message_component_circle(self, figures, _error):
        return self.env._("the component “%(code)s” is made of itself.", **figures)

    def _message_bound_in_amount(self, figures, _error):
        return self.env._(
            "a component is made of “%(code)s”, which is a minimum or maximum and comes after all "
            "others.",
            **figures,
        )

    def _message_mixed_taxes(self, figures, _error):
        return self.env._(
            "of the components “%(code)s” and “%(other)s” one includes the tax, the other does "
            "not: they cannot be held against each other. Approve a version in which both are "
            "alike.",
            **figures,
        )

    def _message_formula_division_by_zero(self, figures, _error):
        return self.env._(
            "the formula “%(text)s” of the tariff divides by zero for this customer. Check the "
            "values that it names.",
            **figures,
        )

    def _message_formula(self, figures, error):
        known = {name: figures[name] for name in FORMULA_FIGURES if name in figures}
        problem = self.env["utility.allocation.run"]._formula_words(
            error.code.removeprefix("formula_"), **known
        )
        return self.env._(
            "the component “%(code)s” has no amount. %(problem)s Check the values that its formula "
            "names, or mend it in a new version of the tariff.",
            code=figures["code"],
            problem=problem,
        )

    def _message_no_number(self, _figures, _error):
        return self.env._(
            "an amount is too large to be calculated. Check the quantity, and the prices of the "
            "tariff."
        )

    def _message_internal(self, figures, _error):
        return figures["words"]
