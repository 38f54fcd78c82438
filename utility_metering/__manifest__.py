{
    "name": "Utility Metering",
    "summary": "Meters, readings, validation and estimation, usage, network losses",
    "version": "19.0.1.0.0",
    "category": "Services/Utilities",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["utility_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/decimal_precision.xml",
        "data/units.xml",
        "security/usage_rules.xml",
        "data/usage_crons.xml",
    ],
    "assets": {
        "web.assets_backend": ["utility_metering/static/src/**/*"],
        "web.assets_unit_tests": ["utility_metering/static/tests/*.test.js"],
        "web.assets_tests": ["utility_metering/static/tests/tours/*.js"],
    },
    "installable": True,
}
