{
    "name": "Utility: Reports for Accountants",
    "summary": "OCA's trial balance, general ledger, open items and partner statements, for bills",
    "version": "19.0.1.0.0",
    "category": "Services/Utilities",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["utility_billing", "account_financial_report", "partner_statement"],
    "data": [
        "security/groups.xml",
        "data/ledger_actions.xml",
        "views/res_partner_views.xml",
        "views/menus.xml",
    ],
    "auto_install": True,
}
