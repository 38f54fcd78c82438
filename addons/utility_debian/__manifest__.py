{
    "name": "Utility: Debian's Odoo package",
    "summary": "Leave out files that Debian's package of Odoo lacks",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["mail"],
    "auto_install": True,
}
