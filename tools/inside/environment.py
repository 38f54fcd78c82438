"""Open an Odoo environment in this process: for programs that run in the virtual environment."""

import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def odoo_environment(database):
    """An environment of the superuser on `database`; committed at the end, rolled back on error.

    :param database: name of a database with the suite installed; PG* say on which server
    """
    import odoo.init  # noqa: F401  must come first
    from odoo import SUPERUSER_ID, api, tools
    from odoo.modules.registry import Registry

    options = ["-c", str(ROOT / "odoo.conf"), "-d", database, "--no-http", "--workers=0"]
    options += ["--data-dir", str(ROOT / ".local" / "data"), "--log-level", "warn"]
    tools.config.parse_config(options, setup_logging=True)
    with Registry(database).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})


def database_argument():
    """The database that the command line names first."""
    return sys.argv[1]
