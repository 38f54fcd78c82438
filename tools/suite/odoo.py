"""Calling Odoo from the virtual environment, with the suite's odoo.conf."""

import os
import subprocess

from . import layout
from .shell import SetupError


def command(database, *options):
    """The argument list that starts Odoo on `database`."""
    return [
        str(layout.venv_python()), "-m", "odoo", "-c", str(layout.ROOT / "odoo.conf"),
        "-d", database, "--db-filter", f"^{database}$", "--data-dir", str(layout.DATA_DIR), *options,
    ]


def environment():
    """Odoo finds its database through PG*, which `postgres.ensure` has set; ours wins over conf."""
    return dict(os.environ, PYTHONUNBUFFERED="1")


def call(database, *options, log):
    """Run Odoo to its end; raises with the tail of its log when it fails or logs an ERROR."""
    path = log_file(log)
    arguments = command(database, "--no-http", "--workers=0", "--max-cron-threads=0", *options)
    with open(path, "w") as handle:
        done = subprocess.run(
            arguments, cwd=layout.ROOT, env=environment(), check=False,
            stdout=handle, stderr=subprocess.STDOUT,
        )
    text = path.read_text(errors="replace")
    bad = [line for line in text.splitlines() if " ERROR " in line or " CRITICAL " in line]
    if done.returncode or bad:
        shown = "\n".join(bad[:5]) or text[-3000:]
        raise SetupError(f"Odoo failed ({path}):\n{shown}")


def log_file(name):
    layout.LOGS.mkdir(parents=True, exist_ok=True)
    return layout.LOGS / f"{name}.log"
