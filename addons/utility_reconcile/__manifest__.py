{
    "name": "Utility: Bank Clearing",
    "summary": "Bank statements clear what collectors have taken, in OCA's reconciliation",
    "version": "19.0.1.0.0",
    "category": "Services/Utilities",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["utility_billing", "account_reconcile_oca"],
    "data": [
        "views/bank_statement_line_views.xml",
        "views/payment_collector_views.xml",
        "views/payment_batch_views.xml",
        "views/menus.xml",
    ],
    "auto_install": True,
}
