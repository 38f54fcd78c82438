"""What a register counted between two values; a register that passed its end begins at zero."""

from decimal import Decimal

# more than half of what the register can count is never taken for a rollover
PLAUSIBLE_PART = Decimal("0.5")


class BackwardError(ValueError):
    """A register shows less than before, and nobody said why."""


def capacity(digits):
    """How much the register counts from zero to zero, in its units."""
    return Decimal(10) ** digits


def wrapped(previous, present, digits):
    """What was counted if the register passed its end once in between, in its units."""
    return present - previous + capacity(digits)


def judge(previous, present, digits, bound=None):
    """Tell a rollover from a misreading.

    :param previous, present: register values, Decimal
    :param digits: places before the decimal point: the register rolls over at 10 ** digits
    :param bound: the most that can have been used in between, in units of the register; None: not
        known, then half of what the register can count
    :return: "forward", "rollover" or "backward"
    """
    if present >= previous:
        return "forward"
    most = capacity(digits) * PLAUSIBLE_PART
    if bound is not None:
        most = min(most, bound)
    return "rollover" if wrapped(previous, present, digits) <= most else "backward"


def difference(previous, present, digits, decimals=0, rollover=False, rollback=False):
    """Present less previous value, in units of the register.

    :param rollover: it passed its end in between
    :param rollback: it was confirmed that it shows less than before: negative use
    :raise BackwardError: it shows less than before and nobody said why
    """
    if rollover:
        return wrapped(previous, present, digits).quantize(Decimal(1).scaleb(-decimals))
    if present < previous and not rollback:
        raise BackwardError(f"{present} after {previous}")
    return (present - previous).quantize(Decimal(1).scaleb(-decimals))
