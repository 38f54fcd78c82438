"""What a newcomer reads and what an operator deploys holds together."""

import re
import subprocess
import sys

import pytest

from suite import layout

DOCUMENTS = sorted(
    path for path in (*layout.ROOT.glob("*.md"), *(layout.ROOT / "docs").rglob("*.md"))
)


def test_compose_file_keeps_the_specification():
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
        + [layout.ROOT / "docker-compose.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []


def test_readme_names_every_module_and_verb():
    readme = (layout.ROOT / "README.md").read_text()
    makefile = (layout.ROOT / "Makefile").read_text()
    verbs = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split()
    wanted = [*layout.module_names(), *(f"make {verb}" for verb in verbs)]
    assert [name for name in wanted if name not in readme] == []
