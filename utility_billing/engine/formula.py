"""A formula that a user typed, parsed once and evaluated many times, exactly and without danger.

`simpleeval` walks the tree; this module lets only arithmetic into it: numbers (as Decimal), the
names that are offered, + - * / // % and small powers, comparisons, `and`, `or`, `not`,
`a if b else c`, and a few functions. There is nothing in it that could loop.
"""

import ast
import operator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, DecimalException

from simpleeval import InvalidExpression, SimpleEval

MOST_CHARACTERS = 500
MOST_NODES = 200
MOST_POWER = 10
MOST_DECIMALS = 20
FUNCTIONS = ("min", "max", "abs", "round", "ceil", "floor")

_ALLOWED = (
    ast.Expression,
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
)


class FormulaError(ValueError):
    """A formula that cannot be used, or has no value.

    :ivar code: too_long, too_complex, syntax, forbidden, unknown_name, unknown_function,
        arguments, division_by_zero, power, no_value, no_number
    :ivar figures: what the message names: `text` and, by code, `name`, `limit`, `part`
    """

    def __init__(self, code, **figures):
        self.code = code
        self.figures = figures
        super().__init__(f"{code}: {figures}")


class Formula:
    """A formula over named numbers.

    :param text: at most 500 characters
    :param names: names that may occur in it; None: any, to see what it uses
    :raise FormulaError: it is no formula, or names something that is not offered
    """

    def __init__(self, text, names):
        self.text = (text or "").strip()
        tree = self._parse()
        self._refuse_strange(tree, names if names is None else frozenset(names))
        self.used = frozenset(
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node.id not in FUNCTIONS
        )
        self._node = _Decimals(self.text).visit(tree).body
        self._evaluator = _evaluator()

    def evaluate(self, values):
        """The formula's value.

        :param values: {name: Decimal}; must hold every name in `used`
        :return: Decimal; a condition counts as 1 or 0
        :raise FormulaError: there is no such value
        """
        self._evaluator.names = values
        try:
            found = self._evaluator.eval(self.text, previously_parsed=self._node)
        except ZeroDivisionError as error:
            raise FormulaError("division_by_zero", text=self.text) from error
        except DecimalException as error:
            raise FormulaError("no_number", text=self.text) from error
        except FormulaError as error:
            raise FormulaError(error.code, text=self.text, **error.figures) from error
        except (InvalidExpression, KeyError) as error:
            name = getattr(error, "name", None) or next(
                (name for name in sorted(self.used) if name not in values), ""
            )
            raise FormulaError("no_value", text=self.text, name=name) from error
        if isinstance(found, bool):
            return Decimal(int(found))
        if not found.is_finite():
            raise FormulaError("no_number", text=self.text)
        return found

    # -- parsing ----------------------------------------------------------------------------

    def _parse(self):
        if len(self.text) > MOST_CHARACTERS:
            raise FormulaError("too_long", text=self.text, limit=MOST_CHARACTERS)
        try:
            tree = ast.parse(self.text, mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            raise FormulaError("syntax", text=self.text) from error
        if sum(1 for _node in ast.walk(tree)) > MOST_NODES:
            raise FormulaError("too_complex", text=self.text, limit=MOST_NODES)
        return tree

    def _refuse_strange(self, tree, names):
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if not isinstance(node, _ALLOWED) or isinstance(node, _FORBIDDEN):
                part = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
                self._refuse("forbidden", part=part)
            elif isinstance(node, ast.Call):
                self._refuse_call(node)
            elif isinstance(node, ast.Constant) and (
                isinstance(node.value, bool) or not isinstance(node.value, (int, float))
            ):
                self._refuse("forbidden", part=ast.unparse(node))
            elif isinstance(node, ast.Name) and id(node) not in called:
                if names is not None and node.id not in names:
                    self._refuse("unknown_name", name=node.id)

    def _refuse_call(self, node):
        if not isinstance(node.func, ast.Name) or node.keywords:
            self._refuse("forbidden", part=ast.unparse(node))
        if node.func.id not in FUNCTIONS:
            self._refuse("unknown_function", name=node.func.id)
        least, most = _ARGUMENTS[node.func.id]
        if not least <= len(node.args) <= most:
            self._refuse("arguments", name=node.func.id)

    def _refuse(self, code, **figures):
        raise FormulaError(code, text=self.text, **figures)


_FORBIDDEN = (
    ast.BitOr,
    ast.BitAnd,
    ast.BitXor,
    ast.Invert,
    ast.LShift,
    ast.RShift,
    ast.MatMult,
    ast.Is,
    ast.IsNot,
    ast.In,
    ast.NotIn,
)
_ARGUMENTS = {
    "min": (1, 20),
    "max": (1, 20),
    "abs": (1, 1),
    "round": (1, 2),
    "ceil": (1, 1),
    "floor": (1, 1),
}


def taken_of(text, values):
    """(text of a formula without the branches that were not taken, the condition that came true
    last or an empty text). A formula without conditions stays as it was typed.

    :param values: {name: Decimal} of every name in it
    """
    tree = ast.parse(text, mode="eval")
    branches = _Branches(values)
    taken = branches.visit(tree)
    return (ast.unparse(taken), branches.true) if branches.met else (text, "")


class _Branches(ast.NodeTransformer):
    """Puts what was taken in the place of `a if b else c`."""

    def __init__(self, values):
        self.values = values
        self.met = False
        self.true = ""

    def visit_IfExp(self, node):  # pylint: disable=invalid-name
        self.met = True
        condition = ast.unparse(node.test)
        if Formula(condition, None).evaluate(self.values):
            self.true = condition
            return self.visit(node.body)
        return self.visit(node.orelse)


class _Decimals(ast.NodeTransformer):
    """Numbers as they were typed: 0.1 is one tenth."""

    def __init__(self, text):
        self.text = text

    def visit_Constant(self, node):  # pylint: disable=invalid-name
        typed = (ast.get_source_segment(self.text, node) or str(node.value)).replace("_", "")
        try:
            value = Decimal(typed)
        except DecimalException:  # 0x1F, 0b11
            value = Decimal(node.value)
        return ast.copy_location(ast.Constant(value), node)


# -- what there is to calculate with --------------------------------------------------------------


def _number(value):
    return Decimal(int(value)) if isinstance(value, bool) else value


def _power(base, exponent):
    if abs(_number(exponent)) > MOST_POWER:
        raise FormulaError("power", limit=MOST_POWER)
    return _number(base) ** _number(exponent)


def _divide(one, other):
    if not other:
        raise ZeroDivisionError
    return _number(one) / _number(other)


def _floor_divide(one, other):
    return _divide(one, other).to_integral_value(ROUND_FLOOR)


def _modulo(one, other):
    return _number(one) - _number(other) * _floor_divide(one, other)


def _round(value, decimals=Decimal(0)):
    """Half up, to so many decimals; negative ones round to tens, hundreds."""
    if abs(decimals) > MOST_DECIMALS or decimals != int(decimals):
        raise FormulaError("arguments", name="round")
    return _number(value).quantize(Decimal(1).scaleb(-int(decimals)), ROUND_HALF_UP) + 0


def _evaluator():
    return SimpleEval(
        operators={
            ast.Add: lambda one, other: _number(one) + _number(other),
            ast.Sub: lambda one, other: _number(one) - _number(other),
            ast.Mult: lambda one, other: _number(one) * _number(other),
            ast.Div: _divide,
            ast.FloorDiv: _floor_divide,
            ast.Mod: _modulo,
            ast.Pow: _power,
            ast.USub: lambda value: -_number(value),
            ast.UAdd: _number,
            ast.Not: operator.not_,
            ast.Eq: operator.eq,
            ast.NotEq: operator.ne,
            ast.Gt: operator.gt,
            ast.Lt: operator.lt,
            ast.GtE: operator.ge,
            ast.LtE: operator.le,
        },
        functions={
            "min": lambda *values: min(map(_number, values)),
            "max": lambda *values: max(map(_number, values)),
            "abs": lambda value: abs(_number(value)),
            "round": _round,
            "ceil": lambda value: _number(value).to_integral_value(ROUND_CEILING),
            "floor": lambda value: _number(value).to_integral_value(ROUND_FLOOR),
        },
        names={},
    )
