{
    "name": "Utility Integrations",
    "summary": "Bank statements and registers of other systems: camt, MT940, 1C, LITAS-ESIS, DBF",
    "version": "19.0.1.0.0",
    "category": "Services/Utilities",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["utility_billing", "account_statement_import_camt54"],
    "external_dependencies": {"python": ["dbfread", "lxml", "mt-940"]},
    "data": [
        "security/ir.model.access.csv",
        "security/import_position_rules.xml",
        "data/payment_import_profiles.xml",
        "views/import_profile_formats_views.xml",
        "views/import_batch_statement_views.xml",
    ],
    "demo": ["demo/demo_statement.xml"],
    "installable": True,
}
