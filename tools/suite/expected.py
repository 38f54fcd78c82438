"""Which tests have to run, read from their source without importing it.

Odoo runs a class of a module's `tests/test_*.py` only if `tests/__init__.py` imports the file, and
exits 0 when a tag matches nothing; so what ran is compared with what is written. Only what surely
is a test is listed: a class with its own `test*` methods that descends from something that is not
a plain mixin. Tests that Odoo leaves out by design (tagged `-standard`) are left out here too.
"""

import ast
from dataclasses import dataclass, field

from . import layout

MIXIN_ENDINGS = ("Mixin", "object")


@dataclass
class TestClass:
    """One class statement: what its body and its head say."""

    name: str
    bases: list
    methods: list
    own_setting: dict = field(default_factory=dict)


def odoo_tests(folder):
    """Ids like `utility_base.tests.test_x.TestX.test_y` of the module in `folder`."""
    sources = {path: _classes(path) for path in sorted((folder / "tests").rglob("*.py"))}
    known = {found.name: found for classes in sources.values() for found in classes}
    expected = set()
    for path, classes in sources.items():
        if not path.name.startswith("test_"):
            continue
        module = ".".join(path.relative_to(folder.parent).with_suffix("").parts)
        for found in classes:
            if _is_case(found, known) and _is_standard(found, known):
                names = _methods(found, known)
                expected.update(f"{module}.{found.name}.{name}" for name in names)
    return expected


def pytest_tests(folder=None):
    """Ids like `tests/test_x.py::TestX::test_y`: functions, and methods of Test* classes."""
    folder = folder or layout.TESTS
    expected = set()
    for path in sorted(folder.rglob("test_*.py")):
        name = path.relative_to(folder.parent).as_posix()
        body = ast.parse(path.read_text()).body
        expected.update(f"{name}::{method}" for method in _functions(body, "test_"))
        for node in body:
            if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                methods = _functions(node.body, "test_")
                expected.update(f"{name}::{node.name}::{method}" for method in methods)
    return expected


def _classes(path):
    return [
        _read_class(node)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    ]


def _read_class(node):
    found = TestClass(
        name=node.name,
        bases=[_last_name(base) for base in node.bases],
        methods=_functions(node.body, "test"),
    )
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _last_name(decorator.func) == "tagged":
            tags = {tag.value for tag in decorator.args if isinstance(tag, ast.Constant)}
            if "-standard" in tags:
                found.own_setting["standard"] = False
            elif "standard" in tags:
                found.own_setting["standard"] = True
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            names = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            if "allow_inherited_tests_method" in names:
                found.own_setting["inherits_tests"] = bool(statement.value.value)
    return found


def _functions(body, prefix):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in body if isinstance(node, kinds) and node.name.startswith(prefix)]


def _last_name(node):
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _ancestors(found, known, seen=()):
    """The class and what it descends from, as far as it is written in the same module's tests."""
    yield found
    for name in found.bases:
        base = known.get(name)
        if base and base is not found and name not in seen:
            yield from _ancestors(base, known, (*seen, found.name))


def _is_case(found, known):
    """Whether some ancestor comes from outside (Odoo's, another module's) and is no mere mixin."""
    return any(
        name and name not in known and not name.endswith(MIXIN_ENDINGS)
        for ancestor in _ancestors(found, known)
        for name in ancestor.bases
    )


def _setting(found, known, name, default):
    for ancestor in _ancestors(found, known):
        if name in ancestor.own_setting:
            return ancestor.own_setting[name]
    return default


def _is_standard(found, known):
    return _setting(found, known, "standard", True)


def _methods(found, known):
    if not _setting(found, known, "inherits_tests", False):
        return set(found.methods)
    return {name for ancestor in _ancestors(found, known) for name in ancestor.methods}
