"""A charge calculated again from its trace alone, and two ratings compared."""

from decimal import Decimal

from .terms import rounded, term_of

ZERO = Decimal(0)


def recompute(trace):
    """The amount of a charge by its trace.

    :return: Decimal, rounded as the trace says
    :raise KeyError: the trace was written by an engine that this one does not know
    """
    return _READERS[trace["engine"]](trace)


def _recompute_1(trace):
    terms = [term_of(data) for part in trace["parts"] for data in part["terms"]]
    how, unit = trace["rounding"]
    return rounded(sum((term.amount for term in terms), ZERO), Decimal(unit), how)


_READERS = {"1": _recompute_1}
