"""`make pictures`: the documents' pictures, taken while the story of the month is played."""

import subprocess

from . import layout, odoo, prepare

STORY = layout.TESTS / "journeys" / "test_the_month.py"
FOLDER = layout.ROOT / "docs" / "images"


def run():
    """Returns the exit code."""
    prepare.browser()
    prepare.everything()
    command = [layout.venv_python(), "-m", "pytest", "-q", "-p", "no:cacheprovider", STORY]
    done = subprocess.run(
        [str(part) for part in command],
        **{"cwd": layout.ROOT, "env": odoo.environment(PICTURES=str(FOLDER)), "check": False},
    )
    return done.returncode
