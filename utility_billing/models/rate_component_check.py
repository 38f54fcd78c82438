from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from ..engine.facts import BOUNDS
from ..engine.formula import Formula, FormulaError
from .rate_component import RESERVED
from .rate_line import short_number

SINGLE = ("fixed", "percentage", "minimum", "maximum")
PLACES = 6


class RateComponent(models.Model):
    """What may not be so in a component, in words that say what to mend."""

    _inherit = "utility.rate.component"

    @api.constrains(
        "kind",
        "counted",
        "attribute_id",
        "formula",
        "condition",
        "of_component_ids",
        "limit_per",
        "limit_attribute_id",
        "limit_formula",
        "month_split",
        "source",
        "priced_by",
        "line_ids",
        "ratchet_percent",
        "ratchet_months",
        "ratchet_range",
        "blocks",
    )
    def _check_component(self):
        for component in self:
            problems = component._contradictions()
            if problems:
                raise ValidationError("\n".join(problems))
        for version in self.version_id:
            circles = version.component_ids._circles()
            if circles:
                raise ValidationError("\n".join(circles))

    def _problems(self):
        """All that keeps the component from pricing anything."""
        self.ensure_one()
        return [*self._contradictions(), *self._omissions(), *self._tax_problems()]

    def _contradictions(self):
        """What is wrong in itself, as sentences."""
        return [
            *self._kind_problems(),
            *self._formula_problems("formula"),
            *self._formula_problems("condition"),
            *self._formula_problems("limit_formula"),
            *self._ratchet_problems(),
            *self._line_problems(),
        ]

    def _omissions(self):
        """What is not said yet, as sentences."""
        problems = []
        if self.kind != "formula" and self.priced_by == "lines" and not self.line_ids:
            problems.append(
                self.env._("%(component)s has no price: add its prices.", component=self.name)
            )
        if self.kind == "percentage" and not self.of_component_ids:
            problems.append(
                self.env._(
                    "%(component)s: say of which components it is a percentage.",
                    component=self.name,
                )
            )
        if self.unzoned == "hours" and self.line_ids.zone_id and not self.version_id.calendar_id:
            problems.append(
                self.env._(
                    "%(component)s divides quantities by the hours of zones: choose the version's "
                    "calendar of zones.",
                    component=self.name,
                )
            )
        return problems

    def _tax_problems(self):
        """Amounts with tax that are reckoned up with amounts without it, as sentences."""
        if self._is_untaxed():
            return []
        return [
            self.env._(
                "%(component)s is made of or held against %(other)s: let both prices include tax, "
                "or neither.",
                component=self.name,
                other=other.name,
            )
            for other in self._reckoned_with()
            if other.tax_included != self.tax_included and not other._is_untaxed()
        ]

    def _is_untaxed(self):
        return self.has_own_taxes and not self.tax_ids

    def _reckoned_with(self):
        """Components whose amounts make up this one's, or that a minimum or maximum is about."""
        others = self.version_id.component_ids - self
        if self.kind in BOUNDS:
            # only what is taxed alike counts
            about = self.of_component_ids or others.filtered(lambda one: one.kind not in BOUNDS)
            return about.filtered(
                lambda one: (one.has_own_taxes, one.tax_ids) == (self.has_own_taxes, self.tax_ids)
            )
        if self.kind == "percentage":
            return self.of_component_ids
        if self.kind == "formula":
            named = self._named_by("formula")
            return others.filtered(lambda other: other.code in named)
        return self.browse()

    # -- by kind ----------------------------------------------------------------------------

    def _kind_problems(self):
        problems = []
        if self.kind == "attribute" and self.counted == "attribute" and not self.attribute_id:
            problems.append(
                self.env._("%(component)s: say which characteristic counts.", component=self.name)
            )
        if self.kind == "formula" and not (self.formula or "").strip():
            problems.append(self.env._("%(component)s: write its formula.", component=self.name))
        if self.limit_per == "attribute" and self.line_ids and not self.limit_attribute_id:
            problems.append(
                self.env._(
                    "%(component)s: say by which characteristic its limits grow.",
                    component=self.name,
                )
            )
        if self.limit_per == "formula" and not (self.limit_formula or "").strip():
            problems.append(
                self.env._("%(component)s: write the formula of its limits.", component=self.name)
            )
        for attribute in self.attribute_id | self.limit_attribute_id:
            if attribute.value_type != "number":
                problems.append(
                    self.env._(
                        "%(component)s: %(attribute)s is not a number.",
                        component=self.name,
                        attribute=attribute.name,
                    )
                )
        return [*problems, *self._of_problems()]

    def _of_problems(self):
        problems = []
        strange = self.of_component_ids.filtered(lambda of: of.version_id != self.version_id)
        if strange:
            problems.append(
                self.env._(
                    "%(component)s: %(other)s belongs to another version.",
                    component=self.name,
                    other=strange[0].name,
                )
            )
        if self.kind == "percentage":
            problems += self._bound_problems(self.of_component_ids)
        return problems

    def _bound_problems(self, used):
        return [
            self.env._(
                "%(component)s cannot be made of %(bound)s: a minimum or maximum comes after all "
                "others.",
                component=self.name,
                bound=bound.name,
            )
            for bound in used.filtered(lambda of: of.kind in ("minimum", "maximum"))
        ]

    # -- formulas ---------------------------------------------------------------------------

    def _formula_problems(self, field):
        text = self._formulas().get(field)
        if not (text or "").strip():
            return []
        others = self.version_id.component_ids - self
        names = {*RESERVED, *others.mapped("code"), *self._attribute_codes()}
        try:
            formula = Formula(text, names)
        except FormulaError as error:
            return [self._formula_problem(error)]
        return self._bound_problems(others.filtered(lambda other: other.code in formula.used))

    def _formulas(self):
        """{field: text} of the formulas that count."""
        return {
            "condition": self.condition,
            "formula": self.formula if self.kind == "formula" else "",
            "limit_formula": self.limit_formula if self.limit_per == "formula" else "",
        }

    def _attribute_codes(self):
        """Codes of characteristics that formulas may name; yes is 1, no is 0."""
        kinds = ("number", "boolean")
        return self.env["utility.attribute"].search([("value_type", "in", kinds)]).mapped("code")

    def _formula_problem(self, error):
        """A formula's error as a sentence."""
        figures = {"component": self.name, "name": "", "part": "", "limit": "", **error.figures}
        sentences = {
            "too_long": self.env._(
                "%(component)s: the formula has more than %(limit)s characters. Divide it into "
                "components.",
                **figures,
            ),
            "too_complex": self.env._(
                "%(component)s: the formula has more than %(limit)s parts. Divide it into "
                "components.",
                **figures,
            ),
            "unknown_name": self.env._(
                "%(component)s: “%(name)s” in the formula “%(text)s” is unknown: there is no such "
                "characteristic that is a number or yes and no, and no such component.",
                **figures,
            ),
            "unknown_function": self.env._(
                "%(component)s: the formula “%(text)s” calls “%(name)s”, which does not exist. "
                "There are min, max, abs, round, ceil and floor.",
                **figures,
            ),
            "forbidden": self.env._(
                "%(component)s: “%(part)s” is not allowed in a formula.", **figures
            ),
            "arguments": self.env._(
                "%(component)s: “%(name)s” in the formula “%(text)s” has too few or too many "
                "values.",
                **figures,
            ),
        }
        return sentences.get(error.code) or self.env._(
            "%(component)s: the formula “%(text)s” cannot be read. Check its brackets and signs.",
            **figures,
        )

    def _circles(self):
        """Components that are made of themselves, as sentences."""
        made_of = {component.code: component._made_of() for component in self}
        names = {component.code: component.name for component in self}
        for code in made_of:
            way = _way_back(code, made_of)
            if way:
                return [
                    self.env._(
                        "%(way)s: a component may not be made of itself.",
                        way=" → ".join(names[step] for step in way),
                    )
                ]
        return []

    def _made_of(self):
        """Codes of the components that this one is calculated from."""
        others = self.version_id.component_ids - self
        found = set((self.of_component_ids & others).mapped("code"))
        return sorted(found.union(*map(self._named_by, self._formulas())))

    def _named_by(self, field):
        """Codes of the other components that a formula names."""
        text = (self._formulas()[field] or "").strip()
        codes = set((self.version_id.component_ids - self).mapped("code"))
        try:
            used = Formula(text, {*codes, *RESERVED, *self._attribute_codes()}).used if text else ()
        except FormulaError:
            # said by `_formula_problems` already
            used = ()
        return codes.intersection(used)

    # -- ratchets ---------------------------------------------------------------------------

    def _ratchet_problems(self):
        if self.kind != "demand":
            return []
        problems = []
        if not 0 <= self.ratchet_percent <= 100:
            problems.append(
                self.env._(
                    "%(component)s: a ratchet lies between 0 and 100 %%, not at %(percent)s %%.",
                    component=self.name,
                    percent=f"{self.ratchet_percent:g}",
                )
            )
        if not 0 <= self.ratchet_range <= 11:
            problems.append(
                self.env._(
                    "%(component)s: a ratchet looks back on up to 11 months, not %(months)s.",
                    component=self.name,
                    months=self.ratchet_range,
                )
            )
        try:
            good = all(1 <= month <= 12 for month in self._months_looked_at())
        except ValueError:
            good = False
        if not good:
            problems.append(
                self.env._(
                    "%(component)s: write the ratchet's months as numbers with commas, such as "
                    "6, 7, 8; not “%(months)s”.",
                    component=self.name,
                    months=self.ratchet_months,
                )
            )
        return problems

    # -- prices -----------------------------------------------------------------------------

    def _line_problems(self):
        lines = self.line_ids if self.priced_by == "lines" else self.line_ids.browse()
        if not lines or self.kind == "formula":
            return []
        problem = self._line_misuse(lines)
        if problem:
            return [problem]
        zones = list(lines.zone_id) or [self.env["utility.tou.zone"]]
        for zone in zones:
            for month in range(1, 13):
                problem = self._month_problem(zone, month, lines)
                if problem:
                    return [problem]
        return []

    def _line_misuse(self, lines):
        blocks = any(line.quantity_from or line.quantity_to or line.amount for line in lines)
        if self.kind in SINGLE and (blocks or lines.zone_id):
            return self.env._(
                "%(component)s: only seasons make a difference to such a price, not blocks and "
                "zones.",
                component=self.name,
            )
        zoneless = (
            self.kind == "attribute" or self.month_split or self.source in ("export", "excess")
        )
        if lines.zone_id and zoneless:
            return self.env._(
                "%(component)s: this quantity has no zones. Leave the zone empty.",
                component=self.name,
            )
        if self.blocks != "whole" and any(line.amount for line in lines):
            return self.env._(
                "%(component)s: an amount of a block is due only where all of the quantity takes "
                "the price of the block that it reaches.",
                component=self.name,
            )
        return ""

    def _month_problem(self, zone, month, lines):
        """The first problem with the prices of a zone in a month."""
        season = lines.filtered(lambda line: line._in_season(month))
        own = season.filtered(lambda line: line.zone_id == zone)
        fitting = own or season.filtered(lambda line: not line.zone_id)
        if not fitting:
            return self.env._(
                "%(component)s has no price%(where)s: add one.",
                component=self.name,
                where=self._where(zone, month),
            )
        reached = 0.0
        for index, line in enumerate(fitting.sorted(lambda line: (line.quantity_from, line.id))):
            if index and not reached:
                break
            order = float_compare(line.quantity_from, reached, precision_digits=PLACES)
            if order:
                return self._edge_problem(order, line.quantity_from, reached, zone, month)
            reached = line.quantity_to
        else:
            return self._open_end_problem(reached, zone, month)
        if all(not (line.quantity_from or line.quantity_to) for line in fitting):
            return self.env._(
                "%(component)s has two prices%(where)s: keep one of them.",
                component=self.name,
                where=self._where(zone, month),
            )
        return self._edge_problem(-1, line.quantity_from, 0, zone, month)

    def _edge_problem(self, order, begins, reached, zone, month):
        figures = {
            "component": self.name,
            "where": self._where(zone, month),
            "begins": short_number(begins),
            "reached": short_number(reached) if reached else "…",
        }
        if order < 0:
            return self.env._(
                "%(component)s: blocks overlap%(where)s: one begins above %(begins)s, though the "
                "one before it goes to %(reached)s.",
                **figures,
            )
        return self.env._(
            "%(component)s: there is a gap between blocks%(where)s: nothing is priced from "
            "%(reached)s to %(begins)s.",
            **{**figures, "reached": short_number(reached)},
        )

    def _open_end_problem(self, reached, zone, month):
        if not reached:
            return ""
        return self.env._(
            "%(component)s: there is a gap above the last block%(where)s: nothing is priced above "
            "%(reached)s. Leave the end of the last block at 0.",
            component=self.name,
            where=self._where(zone, month),
            reached=short_number(reached),
        )

    def _where(self, zone, month):
        """The zone and month of a problem, where they make a difference."""
        parts = []
        if zone:
            parts.append(self.env._(" in zone %(zone)s", zone=zone.name))
        if any((line.month_from, line.month_to) != (1, 12) for line in self.line_ids):
            parts.append(self.env._(" in month %(month)s", month=month))
        return "".join(parts)


def _way_back(code, made_of):
    """The codes from one back to itself, or nothing."""
    stack = [(code, (code,))]
    seen = set()
    while stack:
        at, way = stack.pop()
        for following in made_of.get(at, ()):
            if following == code:
                return (*way, code)
            if following not in seen:
                seen.add(following)
                stack.append((following, (*way, following)))
    return ()
