"""Who bears a step, and by what weight."""

from decimal import Decimal

from ...utility_metering.engine.spans import length
from .allocation_facts import SharingError
from .allocation_rounding import rounded
from .allocation_users import thousandths
from .formula import Formula, FormulaError

ZERO, ONE, THOUSAND = Decimal(0), Decimal(1), Decimal(1000)
OWN_DECIMALS = 12
RESIDENTS = "residents"


class Building:
    """Facts of one sharing, with what steps ask of them again and again.

    :raise SharingError: a formula cannot be used, or nobody takes part
    """

    def __init__(self, pool, participants, method):
        if not participants:
            raise SharingError("no_participants")
        self.pool = pool
        self.method = method
        self.participants = sorted(participants, key=lambda one: one.key)
        self._formulas = {}
        self._held = {}
        codes = {code for one in participants for code in one.values} | method.names
        self.own_names = codes | {"usage", "norm"}
        self.building_names = (
            {f"sum_{code}" for code in codes}
            | {f"building_{code}" for code in {*pool.values, *method.names}}
            | {"total", "own", "rest", "count", "days"}
        )
        self.own = self._own() if pool.difference else ZERO
        self.constants = {
            **{f"building_{code}": value for code, value in pool.values.items()},
            "total": pool.total,
            "own": self.own,
            "count": Decimal(len(self.participants)),
            "days": Decimal(length(pool.span)) if pool.span else ZERO,
        }

    def _own(self):
        found = self.uses(self.participants, "usage")
        return rounded(sum(found.values(), ZERO), OWN_DECIMALS)

    # -- who ------------------------------------------------------------------------------------

    def among(self, group, flag):
        """Participants of a group, in order of their keys."""
        tests = {
            "all": lambda one: True,
            "metered": lambda one: one.usage is not None,
            "unmetered": lambda one: one.usage is None,
            "residential": lambda one: one.kind == "residential",
            "other": lambda one: one.kind != "residential",
            "having": lambda one: bool(one.values.get(flag)),
            "lacking": lambda one: not one.values.get(flag),
        }
        return [one for one in self.participants if tests[group](one)]

    # -- by what --------------------------------------------------------------------------------

    def weights(self, step, group):
        """{participant's key: weight}.

        :raise SharingError: a value is missing or negative
        """
        if step.weight == "equal":
            found = {one.key: ONE for one in group}
        elif step.weight == "usage":
            found = self.uses(group, step.value or "usage")
        elif step.weight == "formula":
            found = self.each(step, step.weight_formula, group)
        else:
            found = self.values(group, step.value, step.name)
            if step.weight == "season":
                found = {one.key: found[one.key] * self._season(one, step) for one in group}
        negative = [key for key, weight in found.items() if weight < 0]
        if negative:
            raise SharingError("negative_weight", step=step.name, participants=negative)
        return found

    def values(self, group, code, step):
        missing = [one.key for one in group if one.values.get(code) is None]
        if missing:
            raise SharingError("missing_value", name=code, step=step, participants=missing)
        return {one.key: one.values[code] for one in group}

    def _season(self, one, step):
        span = one.span or self.pool.span
        if not span:
            raise SharingError("span", step=step.name)
        return thousandths(span, self.method) / THOUSAND

    # -- own use --------------------------------------------------------------------------------

    def uses(self, group, code):
        """{key: own use}; who has no meter is held to what the method says.

        :param code: `usage`, or `units` of allocators
        """
        if code not in self._held:
            self._held[code] = self._all_uses(code)
        held, missing = self._held[code]
        lacking = [one.key for one in group if one.key in missing]
        if lacking:
            reason = missing[lacking[0]]
            raise SharingError("missing_use", name=reason, participants=lacking)
        return {one.key: held[one.key] for one in group}

    def _all_uses(self, code):
        measured = {
            one.key: one.usage if code == "usage" else one.values.get(code)
            for one in self.participants
        }
        known = [one for one in self.participants if measured[one.key] is not None]
        held = {one.key: measured[one.key] for one in known}
        rule, missing = self.method.missing, {}
        for one in self.participants:
            if one.key in held:
                continue
            basis = {"average_area": self.method.area, "average_resident": RESIDENTS}.get(rule)
            if rule == "nothing":
                held[one.key] = ZERO
            elif rule == "norm" and one.norm is not None and code == "usage":
                held[one.key] = one.norm
            elif basis and all(basis in other.values for other in [*known, one]):
                held[one.key] = one.values[basis] * _average(known, measured, basis)
            else:
                missing[one.key] = basis or rule
        return held, missing

    # -- formulas -------------------------------------------------------------------------------

    def each(self, step, text, group):
        """{key: value of a formula over the participant's values}."""
        formula = self._formula(step.name, text, self.own_names | self.building_names)
        missing, found = {}, {}
        common = self.shared_values(formula.used)
        self._refuse_unknown(step.name, formula, common)
        for one in group:
            values = {**common, **one.values}
            values |= {"usage": one.usage, "norm": one.norm}
            lacking = [name for name in sorted(formula.used) if values.get(name) is None]
            if lacking:
                missing.setdefault(lacking[0], []).append(one.key)
            else:
                found[one.key] = self._value(step.name, formula, values, one.key)
        for name, keys in sorted(missing.items()):
            raise SharingError("missing_value", name=name, step=step.name, participants=keys)
        return found

    def of_building(self, name, text):
        """Value of a formula over the building's values."""
        formula = self._formula(name, text, self.building_names)
        values = self.shared_values(formula.used)
        self._refuse_unknown(name, formula, values)
        return self._value(name, formula, values)

    def _refuse_unknown(self, step, formula, values):
        """The building must know what a formula asks of it."""
        asked = sorted(formula.used & self.building_names)
        lacking = [used for used in asked if values.get(used) is None]
        if lacking:
            raise SharingError("missing_value", name=lacking[0], step=step, participants=[])

    def shared_values(self, used):
        """Values that are the same for all participants, of those that a formula uses."""
        values = {name: self.constants[name] for name in used if name in self.constants}
        for name in used:
            if name.startswith("sum_"):
                code = name.removeprefix("sum_")
                values[name] = sum(
                    (one.values.get(code) or ZERO for one in self.participants), ZERO
                )
        return values

    def _formula(self, step, text, names):
        if text not in self._formulas:
            try:
                self._formulas[text] = Formula(text, names)
            except FormulaError as error:
                raise _formula_error(step, error) from error
        return self._formulas[text]

    def _value(self, step, formula, values, key=None):
        try:
            return formula.evaluate(values)
        except FormulaError as error:
            raise _formula_error(step, error, key) from error


def _average(known, measured, basis):
    """Measured use per unit of the basis, 0 where nobody is metered."""
    whole = sum((one.values[basis] for one in known), ZERO)
    return sum((measured[one.key] for one in known), ZERO) / whole if whole else ZERO


def _formula_error(step, error, key=None):
    return SharingError(
        "formula",
        step=step,
        formula=error.code,
        participants=[] if key is None else [key],
        **error.figures,
    )
