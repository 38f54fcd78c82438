"""Odoo's server with a recorder of its tests: one JSON line per event, as `tools/suite/verdict.py`
reads them. Odoo itself only counts, does not tell skipped tests from passed ones, and writes its
log for human eyes. Several such processes, each on a database of its own, share the work: a class
of tests is run by whoever comes to it first.
"""

import json
import os
import time
from itertools import groupby
from pathlib import Path

from hypothesis import HealthCheck, settings

import odoo.init  # noqa: F401  must come first
from odoo.tests.case import _SubTest
from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite


def record(event, test, text=""):
    while isinstance(test, _SubTest):
        test = test.test_case
    name = test.id().removeprefix("odoo.addons.")
    line = {
        "event": event,
        "test": name,
        "text": text,
        "at": round(time.clock_gettime(time.CLOCK_REALTIME), 1),
    }
    with open(os.environ["TEST_RECORD"], "ab", buffering=0) as handle:
        handle.write(f"{json.dumps(line)}\n".encode())


def listen(name, event, describe):
    """Record `event` whenever Odoo's result object is told through its method `name`."""
    original = getattr(OdooTestResult, name)

    def method(self, test, *details):
        if not getattr(self, "_soft_fail", False):
            record(event, test, describe(self, test, *details))
        return original(self, test, *details)

    setattr(OdooTestResult, name, method)


def traceback_text(result, test, error):
    return result._exc_info_to_string(error, test)


def share_the_work():
    """Let `OdooSuite.run` leave out the classes that another process has taken."""
    original = OdooSuite.run

    def run(self, result, debug=False):
        self._tests = not_taken(self._tests)
        return original(self, result, debug)

    OdooSuite.run = run


def not_taken(tests):
    """The tests of each class that is still to be had when its turn comes."""
    for test_class, members in groupby(tests, key=type):
        if take(f"{test_class.__module__}.{test_class.__qualname__}"):
            yield from members


def take(name):
    try:
        (Path(os.environ["TEST_SHARE"]) / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


if __name__ == "__main__":
    # a slow machine is no failure: no test is timed
    settings.register_profile(
        "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("untimed")
    share_the_work()
    listen("startTest", "start", lambda *_: "")
    listen("addSuccess", "success", lambda *_: "")
    listen("addError", "failure", traceback_text)
    listen("addFailure", "failure", traceback_text)
    listen("addSkip", "skip", lambda _result, _test, reason: reason)

    from odoo.cli.command import main

    main()
