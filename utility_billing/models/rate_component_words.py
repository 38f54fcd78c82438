from odoo import api, models
from odoo.tools.misc import formatLang

from .rate_line import short_number


class RateComponent(models.Model):
    """The component in words, as a clerk says it on the telephone."""

    _inherit = "utility.rate.component"

    @api.depends(
        "kind",
        "per",
        "source",
        "counted",
        "attribute_id",
        "formula",
        "condition",
        "of_component_ids.name",
        "blocks",
        "limit_per",
        "proration",
        "proration_days",
        "quantity_unit",
        "begun",
        "rounding",
        "rounding_unit",
        "tax_included",
        "priced_by",
        "price",
        "line_ids.price",
        "line_ids.quantity_to",
        "line_ids.zone_id",
        "line_ids.month_from",
        "line_ids.month_to",
        "ratchet_percent",
        "version_id.schedule_id.service_id.uom_id",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for component in self:
            parts = [
                component._words_price(),
                component._words_time(),
                component._words_condition(),
                component._words_rounding(),
                self.env._("tax included") if component.tax_included else "",
            ]
            component.summary = ", ".join(part for part in parts if part)

    def _words_price(self):
        """“1.23 € per m³”, “5 % of Water, Sewerage”, “quantity * 2”"""
        if self.kind == "formula":
            return self.formula or self.env._("a formula")
        if self.kind == "percentage":
            return self.env._(
                "%(percent)s %% of %(components)s",
                percent=self._words_prices(money=False),
                components=", ".join(self.of_component_ids.mapped("name")) or "…",
            )
        price = self._words_prices()
        if self.kind == "minimum":
            return self.env._("at least %(price)s %(per)s", price=price, per=self._words_per())
        if self.kind == "maximum":
            return self.env._("at most %(price)s %(per)s", price=price, per=self._words_per())
        if self.kind == "fixed":
            return f"{price} {self._words_per()}"
        if self.kind == "attribute":
            return self.env._(
                "%(price)s per %(unit)s %(per)s",
                price=price,
                unit=self._words_counted(),
                per=self._words_per(),
            )
        if self.kind == "demand":
            words = self.env._(
                "%(price)s per unit of the highest demand %(per)s",
                price=price,
                per=self._words_per(),
            )
            if self.ratchet_percent:
                words = self.env._(
                    "%(words)s, of at least %(percent)s %% of the highest before",
                    words=words,
                    percent=f"{self.ratchet_percent:g}",
                )
            return words
        return self.env._(
            "%(price)s per %(unit)s%(of)s",
            price=price,
            unit=self._words_unit(),
            of=self._words_source(),
        )

    def _words_counted(self):
        if self.counted == "residents":
            return self.env._("resident")
        attribute = self.attribute_id
        unit = attribute.uom_id.name
        return f"{unit} ({attribute.name})" if unit else attribute.name or "…"

    def _words_unit(self):
        unit = self.uom_id.name or self.env._("unit")
        count = short_number(self.quantity_unit or 1)
        words = unit if count == "1" else f"{count} {unit}"
        return self.env._("begun %(unit)s", unit=words) if self.begun else words

    def _words_source(self):
        if self.source == "service":
            return ""
        return f" ({self._label('source', self.source)})"

    def _words_prices(self, money=True):
        """The price; of several, each with its block, zone and season."""
        if self.priced_by != "lines":
            return self._words_amount(self.price, money)
        words = []
        for line in self.line_ids:
            where = line._words_where(self.uom_id.name or "")
            amount = self._words_amount(line.price, money)
            words.append(f"{amount} ({where})" if where else amount)
        return " · ".join(words) or "…"

    def _words_amount(self, value, money):
        number = short_number(value)
        places = len(number.partition(".")[2])
        if not money:
            return formatLang(self.env, value, digits=places)
        currency = self.currency_id or self.env.company.currency_id
        number = formatLang(self.env, value, digits=max(places, currency.decimal_places))
        return f"{number} {currency.symbol}"

    def _words_per(self):
        return self._label("per", self.per)

    def _words_time(self):
        if self.kind in ("unit", "percentage") or self.per == "day":
            return ""
        if self.kind == "formula" and self.proration == "none":
            return ""
        if self.proration == "days_of_n":
            return self.env._(
                "by days of a month of %(days)s", days=short_number(self.proration_days)
            )
        if self.proration == "whole_month":
            return self.env._(
                "months with at least %(days)s days count whole",
                days=short_number(self.proration_days),
            )
        if self.proration == "none":
            return self.env._("not less for a part of the period")
        return self._label("proration", self.proration)

    def _words_condition(self):
        if not self.condition:
            return ""
        return self.env._("only if %(condition)s", condition=self.condition)

    def _words_rounding(self):
        unit = short_number(self.rounding_unit or 0)
        if self.rounding == "half_up":
            return self.env._("rounded to %(unit)s", unit=unit)
        return self.env._(
            "rounded to %(unit)s (%(how)s)", unit=unit, how=self._label("rounding", self.rounding)
        )

    def _label(self, field, value):
        return dict(self._fields[field]._description_selection(self.env)).get(value, "")
