"""Odoo's server with a recorder of its tests: one JSON line per event, as `tools/suite/verdict.py`
reads them. Odoo itself only counts, does not tell skipped tests from passed ones, and writes its
log for human eyes.
"""

import json
import os

import odoo.init  # noqa: F401  must come first
from odoo.tests.case import _SubTest
from odoo.tests.result import OdooTestResult


def record(event, test, text=""):
    while isinstance(test, _SubTest):
        test = test.test_case
    line = {"event": event, "test": test.id().removeprefix("odoo.addons."), "text": text}
    with open(os.environ["TEST_RECORD"], "a") as handle:
        handle.write(json.dumps(line) + "\n")


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


if __name__ == "__main__":
    listen("startTest", "start", lambda *_: "")
    listen("addSuccess", "success", lambda *_: "")
    listen("addError", "failure", traceback_text)
    listen("addFailure", "failure", traceback_text)
    listen("addSkip", "skip", lambda _result, _test, reason: reason)

    from odoo.cli.command import main

    main()
