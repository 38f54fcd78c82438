{
    "name": "Utility Base",
    "summary": "Premises, people, accounts, services, agreements and imports of a utility company",
    "version": "19.0.1.0.0",
    "category": "Services/Utilities",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["account", "contacts", "mail", "product", "uom", "queue_job", "base_user_role", "web_timeline", "partner_identification"],
    "installable": True,
    "application": True,
}
