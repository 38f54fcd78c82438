"""Formulas in import profiles: simpleeval with few names, no attributes, and limits."""

import ast
import operator
from time import monotonic

import simpleeval

MAX_LENGTH = 500
MAX_NODES = 200
MAX_TEXT = 10000
MAX_SECONDS = 0.05
# results that are remembered, and the longest texts that they are remembered for: the kind of a
# row, a sign of debit or credit come again and again
MAX_KNOWN = 1000
MAX_KNOWN_TEXT = 40


class ExpressionError(ValueError):
    """What is wrong with the formula, in words; `code` and `args` for the translation."""


def _text(value):
    return "" if value is None else str(value)


def _number(value):
    return float(_text(value).replace(" ", "").replace(",", ".") or 0)


def _part(text, separator, position):
    """The part in that place, counted from 1; from the end when it is below zero."""
    parts, position = _text(text).split(separator), int(position)
    if not 0 < abs(position) <= len(parts):
        return ""
    return parts[position - 1 if position > 0 else position].strip()


FUNCTIONS = {
    "upper": lambda text: _text(text).upper(),
    "lower": lambda text: _text(text).lower(),
    "title": lambda text: _text(text).title(),
    "trim": lambda text: " ".join(_text(text).split()),
    "left": lambda text, count: _text(text)[: int(count)],
    "right": lambda text, count: _text(text)[-int(count) :] if int(count) else "",
    "mid": lambda text, start, count: _text(text)[int(start) - 1 : int(start) - 1 + int(count)],
    "replace": lambda text, old, new: _text(text).replace(old, new),
    "part": _part,
    "digits": lambda text: "".join(filter(str.isdigit, _text(text))),
    "pad": lambda text, count: _text(text).zfill(min(int(count), 100)),
    "length": lambda text: len(_text(text)),
    "contains": lambda text, other: _text(other) in _text(text),
    "begins": lambda text, other: _text(text).startswith(other),
    "number": _number,
    "text": _text,
    "round": round,
    "abs": abs,
    "min": min,
    "max": max,
    "first": lambda *values: next((value for value in values if value not in (None, "")), ""),
}


def _remainder(left, right):
    if isinstance(left, str):
        raise ExpressionError("%")
    return left % right


_OPERATORS = {
    ast.Add: simpleeval.safe_add,
    ast.Sub: operator.sub,
    ast.Mult: simpleeval.safe_mult,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _remainder,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
    ast.GtE: operator.ge,
    ast.LtE: operator.le,
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_NODES = (
    ast.Expr,
    ast.Expression,
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.Call,
    ast.IfExp,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    *_OPERATORS,
)


def _cell(cells, name):
    cell = cells.get(name, "")
    return cell.strip() if isinstance(cell, str) else cell


class _Evaluator(simpleeval.SimpleEval):
    deadline = 0

    def _eval(self, node):
        """As its base does, for nodes of `_NODES` alone, in which only our functions are called."""
        if monotonic() > self.deadline:
            raise ExpressionError("time")
        result = self.nodes[type(node)](node)
        if isinstance(result, str) and len(result) > MAX_TEXT:
            raise ExpressionError("length")
        return result


class Expression:
    """A formula, parsed once. It sees `value`, the cell that is read, and `column("Header")`.

    :raise ExpressionError: it is too long, wrong, or uses what is not allowed
    """

    def __init__(self, text):
        self.text = text.strip()
        if len(self.text) > MAX_LENGTH:
            raise ExpressionError("too long")
        self.cells = {}
        functions = {**FUNCTIONS, "column": lambda name: _cell(self.cells, name)}
        self.known = {}
        self.evaluator = _Evaluator(operators=_OPERATORS, functions=functions, names={})
        try:
            self.node = self.evaluator.parse(self.text)
        except (SyntaxError, simpleeval.InvalidExpression, ValueError, RecursionError) as error:
            raise ExpressionError(str(error)) from error
        self._refuse_strange_nodes()
        self.sees_value, self.columns = self._sources()

    def _refuse_strange_nodes(self):
        nodes = list(ast.walk(self.node))
        if len(nodes) > MAX_NODES:
            raise ExpressionError("too long")
        for node in nodes:
            if not isinstance(node, _NODES):
                raise ExpressionError(type(node).__name__)
            if isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
                raise ExpressionError("Call")
            called = isinstance(node, ast.Call) and node.func.id
            if called and (called not in {*FUNCTIONS, "column"} or node.keywords):
                raise ExpressionError(called)
            if isinstance(node, ast.Name) and node.id not in {*FUNCTIONS, "column", "value"}:
                raise ExpressionError(node.id)

    def _sources(self):
        """(whether it sees the cell, names of the columns that it sees); None for the names where
        they are computed themselves."""
        nodes = list(ast.walk(self.node))
        sees_value = any(isinstance(node, ast.Name) and node.id == "value" for node in nodes)
        calls = [node for node in nodes if isinstance(node, ast.Call) and node.func.id == "column"]
        names = [call.args[0].value for call in calls if _is_plain_call(call)]
        return sees_value, names if len(names) == len(calls) else None

    def evaluate(self, value, cells):
        """What the formula gives for a row; the same for the same texts, and then remembered.

        :raise ExpressionError: it cannot be computed, or takes too long
        """
        if self.columns is None:
            return self._evaluate(value, cells)
        seen = [cells.get(name, "") for name in self.columns]
        if self.sees_value:
            seen.append(value)
        if not all(type(each) is str and len(each) <= MAX_KNOWN_TEXT for each in seen):
            return self._evaluate(value, cells)
        key = tuple(seen)
        if key not in self.known:
            if len(self.known) >= MAX_KNOWN:
                self.known.clear()
            self.known[key] = self._evaluate(value, cells)
        return self.known[key]

    def _evaluate(self, value, cells):
        self.evaluator.names = {"value": value}
        self.cells = cells
        self.evaluator.deadline = monotonic() + MAX_SECONDS
        try:
            return self.evaluator.eval(self.text, previously_parsed=self.node)
        except ExpressionError:
            raise
        except (
            simpleeval.InvalidExpression,
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            RecursionError,
            AttributeError,
        ) as error:
            raise ExpressionError(str(error)) from error


def _is_plain_call(call):
    """Whether `column(...)` names its column outright."""
    return (
        len(call.args) == 1
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    )
