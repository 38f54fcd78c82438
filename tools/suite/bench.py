"""`make bench`: the set-up, then the runner in the virtual environment."""

import subprocess

from . import databases, layout, odoo, prepare


def run(parts):
    """Run the benchmarks whose name contains one of `parts`, or all; returns the exit code."""
    prepare.everything()
    databases.suite()
    runner = layout.TESTS / "bench" / "runner.py"
    target = layout.LOCAL / "bench.json"
    try:
        done = subprocess.run(
            [str(part) for part in (layout.venv_python(), runner, runner.parent, target, *parts)],
            **{"cwd": layout.ROOT, "env": odoo.environment(), "check": False},
        )
    finally:
        databases.drop_like(f"utility_bench_{layout.clone_key()}")
    return done.returncode
