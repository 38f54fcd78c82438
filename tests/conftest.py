"""What the black-box tests share: databases, a serving Odoo, clients and a browser."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

from harness.browser import Browser  # noqa: E402
from harness.serving import Serving  # noqa: E402


@pytest.fixture(scope="session")
def serving():
    """Makes scratch databases and serves them; all of it is gone at the end."""
    with Serving() as made:
        yield made


@pytest.fixture(scope="session")
def served(serving):
    """The demo town, served; shared by all tests, so they add to it and take nothing away."""
    return serving.serve(serving.database(demo=True))


@pytest.fixture
def json2(served):
    """`json2("admin")` is a client of the JSON-2 API as that user."""
    return served.json2


@pytest.fixture
def xmlrpc(served):
    """`xmlrpc("admin")` is a client of the XML-RPC API as that user."""
    return served.xmlrpc


@pytest.fixture(scope="session")
def browser():
    with Browser() as opened:
        yield opened


@pytest.fixture
def visit(browser, served, request):
    """`visit("clerk")` is a tab where that user is logged in; `visit(None)` one where nobody is.
    When the test fails its tabs are kept as pictures in .local/log/screenshots."""
    visits = []

    def open_tab(login, phone=False):
        visits.append(browser.visit(served.url, login, phone=phone))
        return visits[-1]

    yield open_tab
    report = getattr(request.node, "call_report", None)
    for number, opened in enumerate(visits):
        if report is None or report.failed:
            opened.picture(f"{request.node.name}-{number}")
        opened.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.call_report = report
    return report


def pytest_runtest_logreport(report):
    """Tell `make test` what happened; the same lines as from Odoo's own tests."""
    if report.when == "setup":
        _record("start", report.nodeid)
    if report.failed:
        _record("failure", report.nodeid, report.longreprtext)
    elif report.skipped:
        _record("skip", report.nodeid, report.longreprtext)
    elif report.when == "call":
        _record("success", report.nodeid)


def pytest_collectreport(report):
    if report.failed:
        _record("failure", report.nodeid, report.longreprtext)


def _record(event, test, text=""):
    if "TEST_RECORD" in os.environ:
        line = {"event": event, "test": test, "text": text, "at": round(time.time(), 1)}
        with open(os.environ["TEST_RECORD"], "a") as handle:
            handle.write(json.dumps(line) + "\n")
