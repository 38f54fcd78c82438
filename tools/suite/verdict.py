"""What ran, what failed and what is missing: read from the recorders of both test runners."""

import json
from dataclasses import dataclass, field

WHY_ODOO_LEAVES_OUT = (
    ": does tests/__init__.py import its file, is its class tagged post_install, and did its "
    "setUpClass work?"
)


@dataclass
class Verdict:
    """The outcome of one or more phases of `make test`.

    A test has passed when it started, said so and nothing bad was heard of it. A skipped test and
    one that was expected but never started have not, so both count as failed.
    """

    started: set = field(default_factory=set)
    succeeded: set = field(default_factory=set)
    failures: dict = field(default_factory=dict)

    def read(self, record):
        """Take in the JSON lines of one runner: {"event", "test", "text"}."""
        lines = record.read_text().splitlines() if record.is_file() else []
        for line in lines:
            event = json.loads(line)
            test, text = event["test"], event["text"]
            if event["event"] == "start":
                self.started.add(test)
            elif event["event"] == "success":
                self.succeeded.add(test)
            elif event["event"] == "skip":
                self.fail(test, f"skipped: {text}")
            else:
                self.fail(test, text)

    def fail(self, test, text):
        self.failures.setdefault(test, []).append(text)

    def expect(self, tests):
        """Fail for each of `tests` that never started; parametrised ones count by their stem."""
        ran = self.started | {test.split("[", 1)[0] for test in self.started}
        for test in sorted(tests - ran - set(self.failures)):
            self.fail(test, f"did not run{'' if '::' in test else WHY_ODOO_LEAVES_OUT}")

    def close(self):
        """Fail for each test that started and never ended: its process died under it."""
        for test in sorted(self.started - self.succeeded - set(self.failures)):
            self.fail(test, "started but never ended")

    @property
    def passed(self):
        return len(self.succeeded - set(self.failures))

    @property
    def failed(self):
        return len(self.failures)

    @property
    def line(self):
        return f"{self.passed} passed, {self.failed} failed"

    def show(self):
        """Print every failure with its traceback, then the line that counts."""
        for test, texts in self.failures.items():
            print(f"\n{'=' * 78}\nFAILED {test}\n" + "\n".join(text.rstrip() for text in texts))
        if self.failures:
            print(f"\n{'=' * 78}")
        print(self.line, flush=True)
