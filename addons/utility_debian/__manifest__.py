{
    "name": "Utility: Odoo as Debian packs it, and nothing from outside",
    "summary": "Leave out files that Debian's package lacks and fonts that lie on other servers",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["mail"],
    "auto_install": True,
}
