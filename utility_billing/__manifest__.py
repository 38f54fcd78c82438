{
    "name": "Utility Billing",
    "summary": "Rates, sharing in buildings, benefits, rating that explains itself, recalculation",
    "version": "19.0.1.0.0",
    "category": "Services/Utilities",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["utility_metering"],
    "external_dependencies": {"python": ["simpleeval"]},
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/decimal_precision.xml",
        "views/menus.xml",
    ],
    "demo": [],
    "assets": {},
    "installable": True,
}
