from decimal import Decimal, DecimalException

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.utility_metering.tools.decimals import to_decimal

from ..engine.allocation_facts import Step
from .allocation_method import GROUPS, PLACES

# weights that are values with a code of their own
VALUE_WEIGHTS = {"residents": "residents", "units": "units", "owner_share": "common_share"}


class AllocationStep(models.Model):
    """One part of a building's total, who bears it and by what weight."""

    _name = "utility.allocation.step"
    _description = "Step of a Sharing Method"
    _order = "method_id, sequence, id"

    method_id = fields.Many2one(
        "utility.allocation.method", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Part", required=True, translate=True)
    takes = fields.Selection(
        [
            ("percent", "A percentage of the total"),
            ("percent_rest", "A percentage of what is left"),
            ("own", "Each one's own use"),
            ("each", "A formula for each one"),
            ("formula", "A formula for the building"),
            ("rest", "All that is left"),
        ],
        required=True,
        default="rest",
    )
    percent = fields.Float("%", digits=(7, 4), aggregator=None)
    formula = fields.Char(
        help="For each one: usage_hot_water * 51. For the building: "
        "building_common_area * 0.4. Round with round(…, 2)."
    )
    coefficient = fields.Float(
        default=1,
        digits=(16, 6),
        aggregator=None,
        help="What the step takes is multiplied by it, for example by what the owners decided.",
    )
    coefficient_ranges = fields.Char(
        "Lawful Coefficients", help="For example: 0.2-0.9; 1; 1.1-2. Empty: any."
    )
    among = fields.Selection(GROUPS, "Borne by", required=True, default="all")
    flag_attribute_id = fields.Many2one(
        "utility.attribute",
        "Mark",
        domain="[('value_type', '=', 'boolean'), ('for_premises', '=', True)]",
        ondelete="restrict",
    )
    weight = fields.Selection(
        [
            ("attribute", "An attribute (area, …)"),
            ("residents", "Residents"),
            ("equal", "Equal parts"),
            ("usage", "Own use"),
            ("units", "Units of heat-cost allocators"),
            ("owner_share", "Owners' shares in the common property"),
            ("season", "An attribute × degree days"),
            ("formula", "A formula"),
        ],
        "Shared by",
        required=True,
        default="attribute",
    )
    weight_attribute_id = fields.Many2one(
        "utility.attribute",
        "By Attribute",
        domain="[('value_type', '=', 'number'), ('for_premises', '=', True)]",
        ondelete="restrict",
    )
    weight_formula = fields.Char("By Formula")
    pool_places = fields.Selection(
        PLACES, "Round the Part to", help="Decimals of what the step takes; empty: not rounded."
    )
    unit_places = fields.Selection(
        PLACES,
        "Round the Unit to",
        help="Decimals of the price or quantity of one unit of weight; empty: not rounded.",
    )
    part_places = fields.Selection(
        PLACES,
        "Round Each One's Part to",
        help="Empty: only the sum of all parts is rounded.",
    )
    limited = fields.Boolean(
        "Limits Apply", default=True, help="Least and most shares look at this step."
    )
    split = fields.Selection(
        [
            ("none", "Is not divided here"),
            ("days", "By days"),
            ("degree_days", "By degree days"),
            ("reading", "By interim readings, else by degree days"),
        ],
        "When Payers Change",
        required=True,
        default="days",
    )
    service_id = fields.Many2one(
        "utility.service",
        "Charged as",
        ondelete="restrict",
        help="Empty: the service that the building's method is assigned for.",
    )
    summary = fields.Char("What Happens", compute="_compute_summary")

    _percent_range = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100)", "A percentage lies between 0 and 100."
    )

    # -- in words ---------------------------------------------------------------------------

    @api.depends(
        "takes",
        "percent",
        "formula",
        "coefficient",
        "among",
        "flag_attribute_id",
        "weight",
        "weight_attribute_id",
        "weight_formula",
        "unit_places",
        "service_id",
    )
    def _compute_summary(self):
        for step in self:
            parts = [step._taken_words(), step._bearer_words()]
            if step.takes not in ("own", "each"):
                parts.append(step._weight_words())
            if step.unit_places:
                parts.append(
                    self.env._("one unit rounded to %(places)s places", places=step.unit_places)
                )
            if step.service_id:
                parts.append(self.env._("charged as %(service)s", service=step.service_id.name))
            step.summary = ", ".join(filter(None, parts))

    def _taken_words(self):
        words = {
            "rest": self.env._("all that is left"),
            "percent": self.env._("%(percent)s %% of the total", percent=f"{self.percent:g}"),
            "percent_rest": self.env._(
                "%(percent)s %% of what is left", percent=f"{self.percent:g}"
            ),
            "formula": self.formula or "…",
            "own": self.env._("each one's own use"),
            "each": self.env._("%(formula)s for each one", formula=self.formula or "…"),
        }[self.takes or "rest"]
        if self.coefficient != 1:
            return self.env._(
                "%(taken)s × %(coefficient)s", taken=words, coefficient=f"{self.coefficient:g}"
            )
        return words

    def _bearer_words(self):
        if self.among == "all" or not self.among:
            return ""
        mark = self.flag_attribute_id.name or "…"
        if self.among == "having":
            return self.env._("borne by those with “%(mark)s”", mark=mark)
        if self.among == "lacking":
            return self.env._("borne by those without “%(mark)s”", mark=mark)
        groups = dict(self._fields["among"]._description_selection(self.env))
        return self.env._("borne by: %(group)s", group=groups[self.among].lower())

    def _weight_words(self):
        attribute = (self.weight_attribute_id.name or "…").lower()
        return {
            "attribute": self.env._("shared by %(attribute)s", attribute=attribute),
            "residents": self.env._("shared by residents"),
            "equal": self.env._("shared equally"),
            "usage": self.env._("shared by own use"),
            "units": self.env._("shared by allocator units"),
            "owner_share": self.env._("shared by owners' shares"),
            "season": self.env._("shared by %(attribute)s × degree days", attribute=attribute),
            "formula": self.env._("shared by %(formula)s", formula=self.weight_formula or "…"),
        }[self.weight or "attribute"]

    # -- checks -----------------------------------------------------------------------------

    @api.constrains(
        "takes",
        "formula",
        "weight",
        "weight_attribute_id",
        "weight_formula",
        "among",
        "flag_attribute_id",
        "coefficient",
        "coefficient_ranges",
        "percent",
    )
    def _check_step(self):
        for step in self:
            step._check_formulas()
            step._check_attributes()
            ranges = step._allowed()
            lawful = not ranges or any(
                low <= to_decimal(step.coefficient) <= high for low, high in ranges
            )
            if not lawful:
                raise ValidationError(
                    self.env._(
                        "%(step)s: the coefficient %(coefficient)s is not lawful, allowed is "
                        "%(ranges)s.",
                        step=step.name,
                        coefficient=f"{step.coefficient:g}",
                        ranges=step.coefficient_ranges,
                    )
                )
        self.method_id._check_method()

    def _check_formulas(self):
        method = self.method_id
        if self.takes == "each":
            method._check_formula(self.formula, method._participant_names(), self.name)
        elif self.takes == "formula":
            method._check_formula(self.formula, method._building_names(), self.name)
        if self.weight == "formula" and self.takes not in ("own", "each"):
            method._check_formula(self.weight_formula, method._participant_names(), self.name)

    def _check_attributes(self):
        by_attribute = self.weight in ("attribute", "season") and self.takes not in ("own", "each")
        if by_attribute and not self.weight_attribute_id:
            raise ValidationError(
                self.env._("%(step)s: choose the attribute that it is shared by.", step=self.name)
            )
        if self.among in ("having", "lacking") and not self.flag_attribute_id:
            raise ValidationError(
                self.env._("%(step)s: choose the mark of those who bear it.", step=self.name)
            )

    @api.constrains("service_id", "method_id")
    def _check_service_company(self):
        for step in self.filtered("service_id"):
            if step.method_id.company_id != step.service_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(step)s: only a method of %(company)s can charge a part as "
                        "“%(service)s”. Copy the method and set its company.",
                        step=step.name,
                        company=step.service_id.company_id.name,
                        service=step.service_id.name,
                    )
                )

    def _allowed(self):
        """((lowest, highest), ...) of the lawful coefficients."""
        found = []
        for part in (self.coefficient_ranges or "").replace(",", ".").split(";"):
            if not part.strip():
                continue
            ends = part.replace("–", "-").split("-")
            try:
                found.append((Decimal(ends[0].strip()), Decimal(ends[-1].strip())))
            except DecimalException as error:
                raise ValidationError(
                    self.env._(
                        "%(step)s: “%(part)s” is no range of coefficients. Write "
                        "0.2-0.9; 1; 1.1-2.",
                        step=self.name,
                        part=part.strip(),
                    )
                ) from error
        return tuple(found)

    # -- for the engine ---------------------------------------------------------------------

    def _value_code(self):
        if self.takes in ("own", "each"):
            return ""
        return VALUE_WEIGHTS.get(self.weight) or self.weight_attribute_id.code or ""

    def _needed_codes(self):
        found = set()
        methods = self.env["utility.allocation.method"]
        for step in self:
            found |= {step._value_code(), step.flag_attribute_id.code or ""}
            if step.takes in ("each", "formula"):
                found |= methods._codes_in(step.formula)
            if step.weight == "formula" and step.takes not in ("own", "each"):
                found |= methods._codes_in(step.weight_formula)
        return found - {""}

    def _engine_step(self):
        self.ensure_one()
        kinds = {"attribute": "value", "residents": "value", "owner_share": "value"}
        return Step(
            self.name,
            takes=self.takes,
            amount=to_decimal(self.percent) if self.takes.startswith("percent") else Decimal(0),
            formula=(self.formula or "") if self.takes in ("each", "formula") else "",
            coefficient=to_decimal(self.coefficient),
            allowed=self._allowed(),
            among=self.among,
            flag=self.flag_attribute_id.code or "",
            weight="usage" if self.weight == "units" else kinds.get(self.weight, self.weight),
            value="usage" if self.weight == "usage" else self._value_code(),
            weight_formula=(self.weight_formula or "") if self.weight == "formula" else "",
            pool_decimals=_places(self.pool_places),
            unit_decimals=_places(self.unit_places),
            decimals=_places(self.part_places),
            limited=self.limited,
            split=self.split,
            tag=str(self.service_id.id) if self.service_id else "",
        )


def _places(text):
    return int(text) if text else None
