"""Published figures with their sources; the same cases beside the project are read in addition."""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent / "fixtures" / "vectors.json"
BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "vectors.json"


def cases(topic, here=HERE):
    """{id: case} of a topic.

    :param here: file of a project's own cases, {topic: [case]}
    """
    found = {case["id"]: case for case in json.loads(here.read_text()).get(topic, ())}
    if BESIDE.exists():
        others = json.loads(BESIDE.read_text())["vectors"]
        found.update((case["id"], case) for case in others if case["topic"] == topic)
    return found
