"""Build the asset bundles of a database, so that its copies serve their first page at once."""

from inside.environment import database_argument, odoo_environment

if __name__ == "__main__":
    with odoo_environment(database_argument()) as env:
        env["ir.qweb"]._pregenerate_assets_bundles()
