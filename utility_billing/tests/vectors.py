"""Published figures with their sources, as `utility_metering` reads its own."""

from pathlib import Path

from odoo.addons.utility_metering.tests import vectors

HERE = Path(__file__).resolve().parent / "fixtures" / "vectors.json"


def cases(topic):
    """{id: case} of a topic."""
    return vectors.cases(topic, HERE)
