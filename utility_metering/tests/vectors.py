"""Published figures with their sources; the same cases beside the project are read in addition."""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent / "fixtures" / "vectors.json"
BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "vectors.json"


def cases(topic):
    """{id: case} of a topic."""
    found = {case["id"]: case for case in json.loads(HERE.read_text())[topic]}
    if BESIDE.exists():
        others = json.loads(BESIDE.read_text())["vectors"]
        found.update((case["id"], case) for case in others if case["topic"] == topic)
    return found
