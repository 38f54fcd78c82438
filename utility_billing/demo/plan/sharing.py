"""How the buildings are shared."""

from odoo.addons.utility_base.demo.plan import buildings

# source, what is shared, method, since when only if not from the start
SHARED = (
    ("HT-ZVE-14", "quantity", "AREA"),
    ("HT-SVY-7", "quantity", "LT_MINIMUM"),
    ("HT-UOS-21", "quantity", "UOS21"),
    ("HT-JUR-5", "quantity", "AREA"),
    ("CW-ZVE-14", "common", "COMMON_AREA"),
    ("CW-SVY-7", "common", "TOTAL_AREA"),
    ("CW-UOS-21", "common", "TOTAL_AREA"),
)
# what the methods ask of the buildings: m², m³ a m² and month, kWh a flat and month
VALUES = {
    buildings.OLD: {"common_area": 186.3, "common_norm": 0.05},
    buildings.SHOPS: {"circulation_heat": 12.0},
}
# a method of the house itself: the circulation of hot water, then 70 % by units, 30 % by area
CIRCULATION = {
    "name": "Uosto g. 21: circulation, then 70 % by units and 30 % by area",
    "code": "UOS21",
    "pool_kind": "quantity",
    "missing": "average_area",
    "sequence": 200,
    "description": "Decided by the owners. The heat that the circulation of hot water takes is "
    "borne by each flat alike; it is a value of the building.",
}
STEPS = (
    {
        "name": "Circulation of hot water",
        "takes": "each",
        "formula": "min(building_circulation_heat, total / count)",
        "among": "residential",
        "limited": False,
    },
    {
        "name": "By units",
        "takes": "percent_rest",
        "percent": 70,
        "weight": "units",
        "split": "reading",
    },
    {"name": "By area", "weight": "attribute", "split": "degree_days"},
)
