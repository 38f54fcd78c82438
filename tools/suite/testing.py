"""`make test`: Odoo's tests of every module, then the black-box tests, then one verdict."""

import os
import shutil
import subprocess
import time
from contextlib import ExitStack, contextmanager

from . import databases, expected, layout, odoo, prepare, server
from .shell import SetupError, lock, say
from .verdict import Verdict

# All tests together: only a hanging one reaches it, on a slow machine, too.
SECONDS = 82 * 60
# Odoo's tests run in that many processes, each with a database of its own.
PROCESSES = max(1, min(4, os.cpu_count() or 1))


def run(modules=None, tags=None):
    """Run the tests; returns the exit code.

    :param modules: names of modules: only their Odoo tests run, no black-box tests
    :param tags: Odoo's --test-tags instead of the modules' own: at least one test has to match
    """
    folders = _chosen(modules)
    deadline = time.monotonic() + SECONDS
    layout.make_local()
    (layout.LOGS / "verdict.txt").unlink(missing_ok=True)
    verdict = Verdict()
    try:
        prepare.browser()
        prepare.everything()
        with lock(f"test-{layout.clone_key()}"), _scratch_databases() as prefix:
            _odoo_phase(verdict, folders, tags, f"{prefix}_odoo", deadline)
            if not modules and not tags:
                _black_box_phase(verdict, deadline)
    except SetupError as error:
        verdict.fail("set-up", str(error))
    verdict.close()
    (layout.LOGS / "verdict.txt").write_text(f"{verdict.line}\n")
    verdict.show()
    return 0 if verdict.passed and not verdict.failed else 1


def _chosen(modules):
    folders = {folder.name: folder for folder in layout.module_folders()}
    unknown = set(modules or ()) - set(folders)
    if unknown:
        raise SetupError(f"No such module: {', '.join(sorted(unknown))}")
    return [folders[name] for name in modules or folders]


@contextmanager
def _scratch_databases():
    """A name prefix of this clone; databases that carry it are gone before and after."""
    prefix = f"utility_test_{layout.clone_key()}"
    databases.drop_like(prefix)
    try:
        yield prefix
    finally:
        if not os.environ.get("KEEP"):
            databases.drop_like(prefix)


def _odoo_phase(verdict, folders, tags, prefix, deadline):
    wanted = tags or ",".join(f"/{folder.name}" for folder in folders)
    say(f"Odoo tests: {wanted}")
    record = _fresh_record("odoo")
    names = [f"{prefix}_{number}" for number in range(1 if tags else PROCESSES)]
    for name in names:
        databases.copy(databases.suite(), name)
    logs = [odoo.log_file(f"test-odoo-{number}") for number in range(len(names))]
    with _share() as share, ExitStack() as stack:
        runs = [
            stack.enter_context(
                _begun(_odoo_tests(name, wanted), log, TEST_RECORD=record, TEST_SHARE=share)
            )
            for name, log in zip(names, logs, strict=True)
        ]
        codes = [_end_of(process, deadline) for process in runs]
    verdict.read(record)
    verdict.close()
    if tags:
        if not verdict.started:
            verdict.fail(wanted, "no test matches these tags")
    else:
        verdict.expect(set().union(*(expected.odoo_tests(folder) for folder in folders)))
    for code, log in zip(codes, logs, strict=True):
        _blame_on_the_rest(verdict, "Odoo", code, log)


@contextmanager
def _share():
    """A folder in which the processes say which classes of tests they have taken."""
    folder = layout.LOGS / "taken"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def _odoo_tests(database, wanted):
    """The arguments of a process that runs Odoo's tests on a database."""
    quiet = ("--stop-after-init", "--workers=0", "--max-cron-threads=0", "--test-enable")
    where = (
        f"--http-port={server.free_port()}",
        f"--screenshots={layout.LOGS / 'screenshots'}",
    )
    return odoo.command(database, *quiet, *where, f"--test-tags={wanted}", program="odoo_tests.py")


def _black_box_phase(verdict, deadline):
    databases.suite(demo=True)
    say("black-box tests")
    record = _fresh_record("pytest")
    arguments = [layout.venv_python(), "-m", "pytest", "-q", "-p", "no:cacheprovider", layout.TESTS]
    log = odoo.log_file("test-pytest")
    with _begun(arguments, log, TEST_RECORD=record) as process:
        code = _end_of(process, deadline)
    verdict.read(record)
    verdict.close()
    verdict.expect(expected.pytest_tests())
    _blame_on_the_rest(verdict, "pytest", code, log)


def _blame_on_the_rest(verdict, name, code, log):
    """Fail for what no single test answers for: the runner's own end, errors it has logged."""
    text = log.read_text(errors="replace")
    if code and not verdict.failures:
        verdict.fail(name, f"ended with {code} ({log}):\n{text[-3000:]}")
    errors = [line for line in text.splitlines() if odoo.is_bad(line)]
    if errors and not verdict.failures:
        verdict.fail(f"{name}'s log", f"has errors ({log}):\n" + "\n".join(errors[:10]))


def _fresh_record(name):
    record = layout.LOGS / f"test-{name}.jsonl"
    record.unlink(missing_ok=True)
    return record


@contextmanager
def _begun(arguments, log, **variables):
    """A process with the output in `log`; it is ended with the block."""
    variables = {name: str(value) for name, value in variables.items()}
    with open(log, "w") as handle:
        process = subprocess.Popen(
            [str(part) for part in arguments],
            **{"cwd": layout.ROOT, "env": odoo.environment(**variables)},
            **{"stdin": subprocess.DEVNULL, "stdout": handle, "stderr": subprocess.STDOUT},
        )
    try:
        yield process
    finally:
        server.end(process)


def _end_of(process, deadline):
    """Wait for the end; the exit code, or text if it took too long."""
    try:
        return process.wait(timeout=max(1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return f"a time-out: all tests together may take {SECONDS // 60} minutes"
