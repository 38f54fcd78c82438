"""Factors from what a gas meter counts to kWh.

Sources of the formulas: DVGW G 685 (calorific value × state number); the UK's Gas (Calculation of
Thermal Energy) Regulations (volume × 1.02264 × calorific value ÷ 3.6). Pressures in hPa.
"""

from decimal import Decimal

STANDARD_KELVIN = Decimal("273.15")
STANDARD_PRESSURE = Decimal("1013.25")
MJ_IN_KWH = Decimal("3.6")


def air_pressure(height):
    """Mean air pressure in hPa at `height` metres above the sea."""
    return Decimal(1016) - Decimal("0.12") * height


def state_number(temperature, air, gauge):
    """Volume at standard conditions for a volume in the meter, dry gas, 4 places as printed.

    :param temperature: of the gas, °C
    :param air: air pressure, hPa
    :param gauge: pressure above it, hPa
    """
    kelvin = STANDARD_KELVIN + temperature
    number = STANDARD_KELVIN / kelvin * (air + gauge) / STANDARD_PRESSURE
    return number.quantize(Decimal("0.0001"))


def by_state_number(calorific_value, number):
    """kWh for a m³ in the meter.

    :param calorific_value: kWh/m³ at standard conditions
    """
    return calorific_value * number


def by_correction(volume_factor, correction, calorific_value):
    """kWh for a unit of the register.

    :param volume_factor: m³ a unit: 2.83 for 100 cubic feet
    :param calorific_value: MJ/m³
    """
    return volume_factor * correction * calorific_value / MJ_IN_KWH


def transformer_factor(ct_primary=0, ct_secondary=0, vt_primary=0, vt_secondary=0):
    """What a reading on the secondary side is multiplied by: 200:5 is 40."""
    factor = Decimal(1)
    for primary, secondary in ((ct_primary, ct_secondary), (vt_primary, vt_secondary)):
        if primary and secondary:
            factor *= Decimal(primary) / Decimal(secondary)
    return factor
