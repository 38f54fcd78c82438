"""Checks of our own: what no ready-made linter knows about this project's files."""

import re
from xml.etree import ElementTree

from . import layout
from .shell import output

# Written in pieces, so that this file keeps the rule that it checks.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(f"{name}.{ending}")
        for name, ending in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("debian", "org"),
            ("ubuntu", "com"),
            ("docker", "io"),
            ("docker", "com"),
            ("ghcr", "io"),
            ("quay", "io"),
            ("golang", "org"),
            ("crates", "io"),
            ("nightly.odoo", "com"),
        )
    )
)
HOME_PATHS = re.compile(r"(?<![\w.:-])/(?:home|root|Users)/\w")
LONGEST_FILE = 500
LEFTOVERS = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b|^(?:<{7}|>{7}) ", re.MULTILINE)
# Files about which the rules above say nothing: other people's texts, machine-made ones.
EXEMPT = re.compile(r"(^|/)(static/lib|tests/samples|i18n|LICENSE)|package-lock\.json$")


def files():
    """The files that git knows or would add, as paths from the root."""
    listed = output("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=layout.ROOT)
    return [name for name in listed.split("\0") if name and (layout.ROOT / name).is_file()]


def check():
    """Everything that breaks a rule, as lines `file:line: what`."""
    found = []
    for name in files():
        path = layout.ROOT / name
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += forbidden(name, text)
        if path.suffix == ".py" and not EXEMPT.search(name):
            found += _too_long(name, text)
        if path.suffix in (".xml", ".svg"):
            found += _ill_formed(name, text)
    return found


def forbidden(name, text):
    rules = [(REGISTRY_HOSTS, "names a registry's host"), (HOME_PATHS, "names a machine's path")]
    if len(layout.ROOT.parts) > 2:
        rules.append((re.compile(re.escape(str(layout.ROOT))), "names this machine's path"))
    if not EXEMPT.search(name) and name.endswith((".py", ".xml", ".js", ".scss")):
        rules.append((LEFTOVERS, "leaves something to do"))
    for rule, what in rules:
        for match in rule.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group()}"


def _too_long(name, text):
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{name}:{lines}: more than {LONGEST_FILE} lines"


def _ill_formed(name, text):
    try:
        ElementTree.fromstring(text.encode())
    except ElementTree.ParseError as error:
        yield f"{name}:{error.position[0]}: {error}"
