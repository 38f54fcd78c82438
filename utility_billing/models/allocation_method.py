from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.utility_metering.tools.decimals import to_decimal

from ..engine.allocation_facts import Method
from ..engine.formula import Formula, FormulaError

PLACES = [(str(number), str(number)) for number in range(9)]
GROUPS = [
    ("all", "Everybody"),
    ("metered", "Those with a meter"),
    ("unmetered", "Those without a meter"),
    ("residential", "Flats"),
    ("other", "Shops and others that are no flats"),
    ("having", "Those that have …"),
    ("lacking", "Those that do not have …"),
]
# names in formulas that are no values of premises
CALCULATED = frozenset({"total", "own", "rest", "count", "days", "usage", "norm"})


class AllocationMethod(models.Model):
    """How a building's quantity or cost is shared: steps in order, and what holds for them all.

    A run keeps in its proof what the method said: changing a method changes no run that is done.
    """

    _name = "utility.allocation.method"
    _description = "Sharing Method"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: a method for all companies."
    )
    pool_kind = fields.Selection(
        [
            ("any", "Quantities and costs"),
            ("quantity", "Quantities (kWh, m³)"),
            ("cost", "Costs (money)"),
        ],
        "For",
        required=True,
        default="any",
    )
    description = fields.Text("When to Use", translate=True)
    step_ids = fields.One2many("utility.allocation.step", "method_id", "Steps", copy=True)
    decimals = fields.Integer(
        "Decimals of a Share",
        required=True,
        default=6,
        aggregator=None,
        help="A cost has at most as many as its currency.",
    )
    remainder = fields.Selection(
        [
            ("residual", "Stays as a residual that is shown"),
            ("largest", "Goes to the shares that lost most by rounding"),
        ],
        "What Rounding Leaves",
        required=True,
        default="residual",
    )
    missing = fields.Selection(
        [
            ("refuse", "Unknown: the building is held"),
            ("nothing", "Nothing"),
            ("average_area", "The metered ones' average per m²"),
            ("average_resident", "The metered ones' average per resident"),
            ("norm", "The norm"),
        ],
        "Own Use without a Meter",
        required=True,
        default="refuse",
        help="Asked for where a step looks at own use, or only the difference is shared.",
    )
    area_attribute_id = fields.Many2one(
        "utility.attribute",
        "Area",
        domain="[('value_type', '=', 'number'), ('for_premises', '=', True)]",
        default=lambda self: self.env.ref(
            "utility_base.attribute_heated_area", raise_if_not_found=False
        ),
        ondelete="restrict",
        help="What averages and least and most shares are about.",
    )
    minimum = fields.Float(
        "Least Share",
        digits=(8, 4),
        aggregator=None,
        help="As a part of the building's average per m², for example 0.4. Who is below is "
        "lifted to it, at the others' cost. 0: no limit.",
    )
    maximum = fields.Float(
        "Most Share",
        digits=(8, 4),
        aggregator=None,
        help="As a multiple of the building's average per m². Who is above is brought down to "
        "it; the others bear the rest. 0: no limit.",
    )
    negative = fields.Selection(
        [
            ("credit", "Is given back by the same weights"),
            ("keep", "Is not given out: it stays as a residual"),
        ],
        "A Negative Amount",
        required=True,
        default="credit",
        help="When the flats used more than the building's meter counted.",
    )
    cap_kind = fields.Selection(
        [
            ("none", "No limit"),
            ("formula", "At most the result of a formula"),
            ("percent", "At most a part of the building's total"),
        ],
        "What Is Shared",
        required=True,
        default="none",
    )
    cap_formula = fields.Char(
        "Limit", help="Over the building's values, for example building_common_area * 0.5"
    )
    cap_percent = fields.Float("Limit, %", digits=(7, 4), aggregator=None)
    bearer = fields.Selection(
        [
            ("nobody", "Nobody: it stays as a residual"),
            ("supplier", "The supplier"),
            ("association", "The association's account"),
        ],
        "Who Bears What Is Not Shared",
        required=True,
        default="nobody",
        help="What the supplier bears is charged to nobody. What the association bears is charged "
        "at the point that the sharing of the building names for it; without one, to nobody. "
        "Costs that are shared once have none.",
    )
    cut_percent = fields.Float(
        "Reduction, %",
        digits=(7, 4),
        aggregator=None,
        help="Taken off the shares of some, for example 15 for flats that are not billed by "
        "consumption though the law wants it.",
    )
    cut_among = fields.Selection(GROUPS, "Reduced for", required=True, default="unmetered")
    cut_attribute_id = fields.Many2one(
        "utility.attribute",
        "Reduced by Mark",
        domain="[('value_type', '=', 'boolean'), ('for_premises', '=', True)]",
        ondelete="restrict",
    )
    day_places = fields.Selection(
        PLACES,
        "Decimals of a Day's Weight",
        help="Thousandths of the year's heating that fall on a day are cut off after so many "
        "places; empty: exact.",
    )
    assignment_count = fields.Integer(compute="_compute_assignment_count")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Another sharing method has this code."
    )
    _in_range = models.Constraint(
        "CHECK (minimum >= 0 AND maximum >= 0 AND cap_percent BETWEEN 0 AND 100 "
        "AND cut_percent BETWEEN 0 AND 100 AND decimals BETWEEN 0 AND 6)",
        "Percentages lie between 0 and 100, decimals between 0 and 6, limits are not below 0.",
    )
    _limits_in_order = models.Constraint(
        "CHECK (minimum = 0 OR maximum = 0 OR minimum <= maximum)",
        "The least share may not be above the most share.",
    )

    def _compute_assignment_count(self):
        counts = dict(
            self.env["utility.allocation.assignment"]._read_group(
                [("method_id", "in", self.ids), ("fact_state", "in", ["in_force"])],
                ["method_id"],
                ["__count"],
            )
        )
        for method in self:
            method.assignment_count = counts.get(method, 0)

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("step_ids", "cap_kind", "cap_formula", "minimum", "maximum", "missing")
    def _check_method(self):
        for method in self:
            method._check_steps()
            if method.cap_kind == "formula":
                method._check_formula(method.cap_formula, method._building_names())
            needs_area = method.minimum or method.maximum or method.missing == "average_area"
            if needs_area and not method.area_attribute_id:
                raise ValidationError(
                    self.env._("%(method)s: say which area its limits are about.", method=self.name)
                )

    def _check_steps(self):
        if not self.step_ids:
            raise ValidationError(
                self.env._("%(method)s has no step: nothing would be shared.", method=self.name)
            )
        percent = sum(self.step_ids.filtered(lambda s: s.takes == "percent").mapped("percent"))
        if percent > 100.00005:
            raise ValidationError(
                self.env._(
                    "The steps of %(method)s take %(percent)s %% of the total: reduce one of "
                    "them to leave at most 100 %%.",
                    method=self.name,
                    percent=f"{percent:g}",
                )
            )

    def _check_formula(self, text, names, step=None):
        """:raise ValidationError: the formula cannot be used"""
        try:
            Formula(text, names)
        except FormulaError as error:
            raise ValidationError(
                self.env._(
                    "%(where)s: %(message)s",
                    where=step or self.name,
                    message=self.env["utility.allocation.run"]._formula_words(
                        error.code, **error.figures
                    ),
                )
            ) from error

    # -- what formulas may name -------------------------------------------------------------

    @api.model
    def _value_codes(self):
        """Codes of everything that may be known of a flat or of a building."""
        attributes = (
            self.env["utility.attribute"]
            .with_context(active_test=False)
            .search_fetch([("value_type", "in", ("number", "boolean"))], ["code"])
        )
        kinds = self.env["utility.service"]._fields["kind"].get_values(self.env)
        return {
            *attributes.mapped("code"),
            *(f"usage_{kind}" for kind in kinds),
            "residents",
            "units",
        }

    @api.model
    def _building_names(self):
        codes = self._value_codes()
        return {
            *(f"building_{code}" for code in codes),
            *(f"sum_{code}" for code in codes),
            *(CALCULATED - {"usage", "norm"}),
        }

    @api.model
    def _participant_names(self):
        return self._value_codes() | self._building_names() | CALCULATED

    # -- for the engine ---------------------------------------------------------------------

    def _engine_method(self, decimals=None):
        """The method as the engine takes it.

        :param decimals: the most places that a share may have
        """
        self.ensure_one()
        places = self.decimals if decimals is None else min(self.decimals, decimals)
        return Method(
            tuple(step._engine_step() for step in self.step_ids),
            code=self.code,
            decimals=places,
            remainder=self.remainder,
            missing=self.missing,
            area=self.area_attribute_id.code or "",
            minimum=to_decimal(self.minimum) if self.minimum else None,
            maximum=to_decimal(self.maximum) if self.maximum else None,
            negative=self.negative,
            cap_formula=(self.cap_formula or "") if self.cap_kind == "formula" else "",
            cap_percent=to_decimal(self.cap_percent) if self.cap_kind == "percent" else None,
            cut_percent=to_decimal(self.cut_percent),
            cut_among=self.cut_among,
            cut_flag=self.cut_attribute_id.code or "",
            bearer=self.bearer,
            day_decimals=int(self.day_places) if self.day_places else None,
            names=frozenset(self._needed_codes()),
        )

    def _needed_codes(self):
        """Codes of the values that the method looks at, of flats and of buildings."""
        self.ensure_one()
        found = self.step_ids._needed_codes()
        if self.cap_kind == "formula":
            found |= self._codes_in(self.cap_formula)
        if self.minimum or self.maximum or self.missing == "average_area":
            found.add(self.area_attribute_id.code)
        if self.missing == "average_resident":
            found.add("residents")
        if self.cut_percent and self.cut_attribute_id:
            found.add(self.cut_attribute_id.code)
        return found - {"", False}

    def _looks_at_use(self):
        """Whether what the flats used themselves says anything about their parts."""
        self.ensure_one()
        for step in self.step_ids:
            names = set()
            for text in filter(None, (step.formula, step.weight_formula)):
                names |= Formula(text, names=None).used
            if (
                step.takes == "own"
                or step.weight in ("usage", "units")
                or step.among in ("metered", "unmetered")
                or names & {"own", "usage", "norm"}
            ):
                return True
        return False

    @api.model
    def _codes_in(self, text):
        """Codes of the values that a formula looks at."""
        used = Formula(text, names=None).used - CALCULATED
        return {name.removeprefix("building_").removeprefix("sum_") for name in used}

    # -- buttons ----------------------------------------------------------------------------

    def action_open_assignments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.allocation_assignment_action"
        )
        action["domain"] = [("method_id", "=", self.id)]
        action["context"] = {"default_method_id": self.id, "search_default_in_force": 1}
        return action

    def action_preview(self):
        """Try the method on a building's last month; nothing is stored."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.allocation_preview_action"
        )
        action["context"] = {"default_method_id": self.id}
        return action
