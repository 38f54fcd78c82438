"""Calling Odoo from the virtual environment, with the suite's odoo.conf."""

import os
import subprocess

from . import layout
from .shell import SetupError, run

# What Odoo logs below ERROR although the installation is not what was asked for.
HIDDEN_FAILURES = ("demo data failed to install", "invalid module names, ignored")


def command(database, *options, program="serve.py"):
    """The argument list that starts Odoo, through one of the programs in tools/inside."""
    return [
        *(str(layout.venv_python()), str(layout.INSIDE / program)),
        *("-c", str(layout.ROOT / "odoo.conf")),
        *("-d", database, "--db-filter", f"^{database}$", "--data-dir", str(layout.DATA_DIR)),
        *options,
    ]


def environment(**more):
    """Odoo finds its database through PG*, which `postgres.ensure` has set."""
    return dict(os.environ, PYTHONUNBUFFERED="1", **more)


def call(database, *options, log):
    """Run Odoo without serving; raises with the errors of its log when it fails or logs some."""
    path = log_file(log)
    quiet = ("--stop-after-init", "--no-http", "--workers=0", "--max-cron-threads=0")
    with open(path, "w") as handle:
        done = subprocess.run(
            command(database, *quiet, *options),
            **{"cwd": layout.ROOT, "env": environment(), "check": False},
            **{"stdin": subprocess.DEVNULL, "stdout": handle, "stderr": subprocess.STDOUT},
        )
    text = path.read_text(errors="replace")
    bad = [line for line in text.splitlines() if is_bad(line)]
    if done.returncode or bad:
        shown = "\n".join([*bad[:10], "...", text[-3000:]])
        raise SetupError(f"Odoo failed ({path}):\n{shown}")


def inside(program, database, *arguments):
    """Run the module `program` of tools/inside on `database`; returns what it prints. Its log goes
    to a file, of which the end is shown when it fails."""
    path = log_file(f"inside-{program}")
    with open(path, "w") as handle:
        try:
            done = run(
                *(layout.venv_python(), "-m", f"inside.{program}", database, *arguments),
                **{"cwd": layout.ROOT, "env": environment(PYTHONPATH=str(layout.INSIDE.parent))},
                **{"stdout": subprocess.PIPE, "stderr": handle},
            )
        except SetupError as error:
            raise SetupError(f"{error}\n{path.read_text(errors='replace')[-3000:]}") from None
    return done.stdout


def log_file(name):
    layout.LOGS.mkdir(parents=True, exist_ok=True)
    return layout.LOGS / f"{name}.log"


def is_bad(line):
    """Whether a line of Odoo's log says that something is not as it was asked for."""
    return (
        " ERROR " in line or " CRITICAL " in line or any(text in line for text in HIDDEN_FAILURES)
    )
