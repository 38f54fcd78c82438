"""Print a new API key of the user whose login is named after the database."""

import sys

from inside.environment import database_argument, odoo_environment

if __name__ == "__main__":
    with odoo_environment(database_argument()) as env:
        user = env["res.users"].search([("login", "=", sys.argv[2])])
        if not user:
            sys.exit(f"There is no user {sys.argv[2]}")
        keys = env["res.users.apikeys"].with_user(user).sudo()
        print(keys._generate(None, "black-box tests", None))
