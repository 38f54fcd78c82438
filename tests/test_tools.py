"""The project's own tools: what counts as a test, what counts as passed, what lint forbids."""

import json
import urllib.request
from textwrap import dedent

import pytest
import websocket

from suite import expected, layout, lint_rules, server
from suite.verdict import Verdict


@pytest.fixture
def module(tmp_path):
    """`module(file=source, ...)` is the folder of a made-up module with these tests."""

    def write(**sources):
        folder = tmp_path / "utility_made_up"
        (folder / "tests").mkdir(parents=True)
        for name, source in sources.items():
            (folder / "tests" / f"{name}.py").write_text(dedent(source))
        return folder

    return write


def names(tests):
    return sorted(test.removeprefix("utility_made_up.tests.") for test in tests)


def test_methods_of_cases_are_expected(module):
    folder = module(
        test_one="""
            class TestOne(TransactionCase):
                def test_a(self): ...
                def test_b(self): ...
                def helper(self): ...
        """
    )
    assert names(expected.odoo_tests(folder)) == [
        "test_one.TestOne.test_a",
        "test_one.TestOne.test_b",
    ]


def test_a_mixin_and_a_common_case_are_not_expected(module):
    folder = module(
        common="""
            class Common(TransactionCase):
                def test_never_loaded_from_here(self): ...
        """,
        test_one="""
            class ReadingMixin:
                def test_inherited_but_odoo_skips_it(self): ...
            class TestOne(ReadingMixin, Common):
                def test_a(self): ...
        """,
    )
    assert names(expected.odoo_tests(folder)) == ["test_one.TestOne.test_a"]


def test_inherited_tests_are_expected_where_odoo_runs_them(module):
    folder = module(
        test_one="""
            class CaseMixin:
                def test_shared(self): ...
            class TestOne(CaseMixin, HttpCase):
                allow_inherited_tests_method = True
                def test_own(self): ...
        """
    )
    assert names(expected.odoo_tests(folder)) == [
        "test_one.TestOne.test_own",
        "test_one.TestOne.test_shared",
    ]


def test_cases_outside_the_standard_run_are_not_expected(module):
    folder = module(
        test_one="""
            @tagged("post_install", "-at_install", "-standard", "external")
            class TestOutside(TransactionCase):
                def test_a(self): ...
        """
    )
    assert expected.odoo_tests(folder) == set()


def test_functions_and_classes_of_pytest_are_expected(tmp_path):
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_one.py").write_text(
        "def test_a(): ...\nclass TestB:\n    def test_c(self): ...\ndef helper(): ...\n"
    )
    assert expected.pytest_tests(folder) == {
        "tests/test_one.py::test_a",
        "tests/test_one.py::TestB::test_c",
    }


def verdict_of(tmp_path, *events):
    record = tmp_path / "record.jsonl"
    lines = [{"event": event, "test": test, "text": "why"} for event, test in events]
    record.write_text("".join(json.dumps(line) + "\n" for line in lines))
    verdict = Verdict()
    verdict.read(record)
    verdict.close()
    return verdict


def test_a_test_that_says_so_has_passed(tmp_path):
    verdict = verdict_of(tmp_path, ("start", "a"), ("success", "a"))
    verdict.expect({"a"})
    assert verdict.line == "1 passed, 0 failed"


@pytest.mark.parametrize("event", ["failure", "skip"])
def test_failed_and_skipped_tests_have_not(tmp_path, event):
    verdict = verdict_of(tmp_path, ("start", "a"), ("success", "a"), ("start", "b"), (event, "b"))
    assert verdict.line == "1 passed, 1 failed"


def test_one_failure_in_parts_counts_once(tmp_path):
    verdict = verdict_of(tmp_path, ("start", "a"), ("failure", "a"), ("failure", "a"))
    assert verdict.line == "0 passed, 1 failed"


def test_a_test_that_never_ended_has_failed(tmp_path):
    assert verdict_of(tmp_path, ("start", "a")).line == "0 passed, 1 failed"


def test_a_test_that_never_started_has_failed(tmp_path):
    verdict = verdict_of(tmp_path, ("start", "a[1]"), ("success", "a[1]"))
    verdict.expect({"a", "b"})
    assert verdict.line == "1 passed, 1 failed"
    assert list(verdict.failures) == ["b"]


@pytest.mark.parametrize(
    "text",
    [
        "pip install --index-url https://" + "pypi" + ".org/simple",
        "see /" + "home/someone/notes",
        f"cd {layout.ROOT}",
    ],
)
def test_lint_finds_hosts_and_paths(text):
    assert list(lint_rules.forbidden("docs/page.md", text))


def test_lint_lets_ordinary_text_pass():
    text = "Open http://localhost:8069/web/login, or see /usr/bin/chromium and /my/home/page."
    assert list(lint_rules.forbidden("docs/page.md", text)) == []


def test_every_file_keeps_our_rules():
    assert lint_rules.check() == []


def test_pages_and_live_notifications_share_one_address(served, visit):
    """A browser's websocket reaches Odoo's second port through the same address."""
    cookies = visit("admin").context.cookies()
    session = next(cookie["value"] for cookie in cookies if cookie["name"] == "session_id")
    version = _websocket_version(served.url, session)
    address = served.url.replace("http:", "ws:") + f"/websocket?version={version}"
    connection = websocket.create_connection(
        address, cookie=f"session_id={session}", origin=served.url, timeout=20
    )
    try:
        connection.send(
            json.dumps({"event_name": "subscribe", "data": {"channels": [], "last": 0}})
        )
        connection.ping()
        _frame, data = connection.recv_data(control_frame=True)
    finally:
        connection.close()
    assert data is not None


def _websocket_version(url, session):
    request = urllib.request.Request(f"{url}/odoo", headers={"Cookie": f"session_id={session}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        page = answer.read().decode()
    return page.split('"websocket_worker_version": "', 1)[1].split('"', 1)[0]


def test_a_free_port_is_free():
    assert not server.is_taken(server.free_port())
