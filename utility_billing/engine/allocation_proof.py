"""The proof of a sharing: all that went in and each step, as JSON, to be computed again by hand."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

from . import VERSION
from .allocation_facts import Method, Participant, Pool, Step, User

SHOWN_DECIMALS = 12
_NUMBERS = {
    User: {"percent", "reading"},
    Participant: {"usage", "norm"},
    Pool: {"total"},
    Step: {"amount", "coefficient"},
    Method: {"minimum", "maximum", "cap_percent", "cut_percent"},
}


def proof_of(calculation):
    """The proof of a finished calculation."""
    return {
        "engine": VERSION,
        "inputs": {
            "pool": plain(calculation.pool),
            "method": plain(calculation.method),
            "participants": [plain(one) for one in calculation.building.participants],
        },
        "own": text(calculation.building.own),
        "cap": text(calculation.cap),
        "shared": text(calculation.to_share),
        "steps": [_step(taken) for taken in calculation.done],
        "limits": _limits(calculation.limits),
        "shares": [plain(share) for share in calculation.shares],
        "residuals": [plain(residual) for residual in calculation.residuals],
    }


def _step(taken):
    weights, parts = taken["weights"], taken["parts"]
    return {
        "name": taken["step"].name,
        "takes": taken["step"].takes,
        "pool": shown(taken["pool"]),
        "weights": shown(sum(weights.values(), Decimal(0))),
        "unit": shown(taken["unit"]),
        "rows": [[key, shown(weights[key]), shown(parts.get(key, 0))] for key in sorted(weights)],
    }


def _limits(limits):
    if not limits:
        return None
    before, areas = sum(limits["before"].values()), sum(limits["areas"].values())
    return {
        "average": shown(before / areas),
        "rows": [
            [key, shown(limits["before"][key]), shown(limits["after"][key])]
            for key in sorted(limits["before"])
        ],
    }


# -- to JSON and back ---------------------------------------------------------------------------


def text(value):
    return None if value is None else format(value, "f")


def shown(value):
    """A figure of an intermediate result, without more places than are read."""
    value = round(Decimal(value), SHOWN_DECIMALS)
    return format(value.normalize(), "f") if value else "0"


def plain(fact):
    """A dataclass without what it does not say, as JSON has it."""
    found = {}
    for known in fields(fact):
        value = getattr(fact, known.name)
        if value not in (None, "", (), {}, frozenset()):
            found[known.name] = _plain_value(value)
    return found


def _plain_value(value):
    if isinstance(value, Decimal):
        return text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain_value(one) for name, one in sorted(value.items())}
    if isinstance(value, (tuple, list)):
        return [_plain_value(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return plain(value) if hasattr(value, "__dataclass_fields__") else value


def inputs_of(proof):
    """(pool, participants, method) of a proof."""
    inputs = proof["inputs"]
    return (
        _pool(inputs["pool"]),
        [_participant(one) for one in inputs["participants"]],
        _method(inputs["method"]),
    )


def _pool(data):
    vals = _read(Pool, data)
    vals["values"] = _decimals(data.get("values"))
    return Pool(**_with_span(vals))


def _participant(data):
    vals = _read(Participant, data)
    vals["values"] = _decimals(data.get("values"))
    vals["users"] = tuple(_user(user) for user in data.get("users", ()))
    return Participant(**_with_span(vals))


def _user(data):
    vals = _read(User, data)
    for name in ("start", "end"):
        if name in vals:
            vals[name] = date.fromisoformat(vals[name])
    return User(**vals)


def _method(data):
    vals = _read(Method, data)
    vals["steps"] = tuple(_step_of(step) for step in data.get("steps", ()))
    vals["names"] = frozenset(data.get("names", ()))
    if "season" in vals:
        vals["season"] = tuple(map(Decimal, vals["season"]))
    return Method(**vals)


def _step_of(data):
    vals = _read(Step, data)
    vals["allowed"] = tuple(tuple(map(Decimal, pair)) for pair in data.get("allowed", ()))
    return Step(**vals)


def _read(kind, data):
    return {
        name: Decimal(value) if name in _NUMBERS[kind] else value for name, value in data.items()
    }


def _decimals(values):
    return {name: Decimal(value) for name, value in (values or {}).items()}


def _with_span(vals):
    if vals.get("span"):
        vals["span"] = tuple(map(date.fromisoformat, vals["span"]))
    return vals
