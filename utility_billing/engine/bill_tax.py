"""A bill's taxes, and each charge's part of them."""

from decimal import Decimal

from .allocation_rounding import by_largest_remainder


def tax_parts(lines, taxes, places=2):
    """What each charge is taxed with, so that its parts add up to the bill's tax.

    :param lines: [(ids of the line's taxes, {charge: amount})]
    :param taxes: {tax id: amount on the bill, as the bill's lines have it}
    :return: {charge: tax}
    """
    found = {}
    for tax_id, total in taxes.items():
        amounts = {
            charge: amount
            for tax_ids, charges in lines
            if tax_id in tax_ids
            for charge, amount in charges.items()
            if amount
        }
        base = sum(amounts.values())
        if not base or not total:
            continue
        exact = {charge: total * amount / base for charge, amount in amounts.items()}
        for charge, part in by_largest_remainder(exact, total, places).items():
            found[charge] = found.get(charge, Decimal(0)) + part
    return found
