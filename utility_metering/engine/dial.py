"""What a register counted between two values; a register that passed its end begins at zero."""

from decimal import Decimal

from .facts import FactsError


def difference(previous, present, digits, decimals=0, rollover=False, rollback=False):
    """Present less previous value, in units of the register.

    :param digits: places before the decimal point: the register rolls over at 10 ** digits
    :param rollover: it passed its end in between
    :param rollback: it was confirmed that it shows less than before: negative use
    :raise FactsError: it shows less than before and nobody said why
    """
    if rollover:
        return present - previous + Decimal(10) ** digits
    if present < previous and not rollback:
        raise FactsError("backward", previous=str(previous), present=str(present))
    return present - previous
