"""What is fed in covers what is taken out, zone by zone."""

from decimal import Decimal

from .quantities import zones_of

ZERO = Decimal(0)


def net(bands, order):
    """Net metering of one period.

    :param bands: {`import:ZONE` or `export`: quantity}
    :param order: zones in the order in which they are covered; empty: nothing is covered
    :return: ({`import:ZONE`: what is left, `export`: all fed in, `excess`: what covered nothing},
        {"netted": {zone: covered quantity as text}})
    """
    export = sum((q for band, q in bands.items() if band.partition(":")[0] == "export"), ZERO)
    taken, left, covered = zones_of(bands), export, {}
    ranked = [zone for zone in order if zone in taken]
    for zone in ranked + [zone for zone in taken if zone not in ranked] if order else ():
        matched = min(max(taken[zone], ZERO), left)
        taken[zone] -= matched
        left -= matched
        covered[zone or "all"] = str(matched)
    found = {f"import:{zone}" if zone else "import": quantity for zone, quantity in taken.items()}
    return {**found, "export": export, "excess": left}, {"netted": covered} if covered else {}
