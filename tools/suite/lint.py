"""`make lint`: every linter on every file of the suite; all of them run, then one verdict.
`make format`: the formatters write what they would only complain about."""

import subprocess

from . import layout, lint_rules, node, prepare
from .shell import run as run_command
from .shell import say

FORMATTED = (".xml", ".js", ".css", ".scss", ".json")


def run():
    """Returns the exit code: 0 when no linter found anything."""
    prepare.environment()
    node.ensure()
    names = lint_rules.files()
    clean = [_runs_clean(name, command) for name, command in _linters(names)]
    clean.append(_keeps_our_rules())
    print("lint: clean" if all(clean) else "lint: see above", flush=True)
    return 0 if all(clean) else 1


def reformat():
    """Write the formatters' idea of every file; returns the exit code."""
    prepare.environment()
    node.ensure()
    python = (layout.venv_python(), "-m")
    run_command(*python, "ruff", "check", "--no-cache", "--fix-only", "-q", ".", cwd=layout.ROOT)
    run_command(*python, "ruff", "format", "--no-cache", ".", cwd=layout.ROOT)
    names = _formatted_by_prettier(lint_rules.files())
    if names:
        write = ("--write", "--list-different", "--ignore-unknown")
        run_command(*node.prettier(*write, *names), cwd=layout.ROOT)
    return 0


def _formatted_by_prettier(names):
    return [name for name in names if name.endswith(FORMATTED) and "package-lock" not in name]


def _linters(names):
    """[(name, command)]; one without files to look at is left out."""
    python = [str(layout.venv_python()), "-m"]
    modules = [folder.relative_to(layout.ROOT) for folder in layout.module_folders()]
    formatted = _formatted_by_prettier(names)
    found = [
        ("ruff", [*python, "ruff", "check", "--no-cache", "."]),
        ("ruff format", [*python, "ruff", "format", "--no-cache", "--check", "."]),
        ("pylint-odoo", [*python, "pylint", "--rcfile=.pylintrc", "-j2", *modules]),
    ]
    if formatted:
        check = ("--check", "--ignore-unknown", "--log-level=warn")
        found.append(("prettier", node.prettier(*check, *formatted)))
    if "docker-compose.yml" in names:
        schema = ("check_jsonschema", "--builtin-schema", "vendor.compose-spec")
        found.append(("compose schema", [*python, *schema, "docker-compose.yml"]))
    return found


def _runs_clean(name, command):
    say(name)
    done = subprocess.run(
        [str(part) for part in command],
        **{"cwd": layout.ROOT, "text": True, "check": False, "stdin": subprocess.DEVNULL},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT},
    )
    if done.returncode:
        print(done.stdout.rstrip())
    return not done.returncode


def _keeps_our_rules():
    say("our own rules")
    found = lint_rules.check()
    print("\n".join(found), end="\n" if found else "")
    return not found
