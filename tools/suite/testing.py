"""`make test`: Odoo's tests of every module, then the black-box tests, then one verdict."""

import os
import subprocess
from contextlib import contextmanager

from . import databases, expected, layout, odoo, prepare, server
from .shell import SetupError, lock, say
from .verdict import Verdict

# Hard limits that only a hanging test reaches.
ODOO_SECONDS = 45 * 60
PYTEST_SECONDS = 30 * 60


def run(modules=None, tags=None):
    """Run the tests; returns the exit code.

    :param modules: names of modules: only their Odoo tests run, no black-box tests
    :param tags: Odoo's --test-tags instead of the modules' own: at least one test has to match
    """
    folders = _chosen(modules)
    layout.make_local()
    (layout.LOGS / "verdict.txt").unlink(missing_ok=True)
    verdict = Verdict()
    try:
        prepare.browser()
        prepare.everything()
        with lock(f"test-{layout.clone_key()}"), _scratch_databases() as prefix:
            _odoo_phase(verdict, folders, tags, f"{prefix}_odoo")
            if not modules and not tags:
                _black_box_phase(verdict)
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


def _odoo_phase(verdict, folders, tags, database):
    databases.copy(databases.suite(), database)
    wanted = tags or ",".join(f"/{folder.name}" for folder in folders)
    say(f"Odoo tests: {wanted}")
    record = _fresh_record("odoo")
    port = server.free_port()
    quiet = ("--stop-after-init", "--workers=0", "--max-cron-threads=0", "--test-enable")
    where = (f"--http-port={port}", f"--screenshots={layout.LOGS / 'screenshots'}")
    arguments = odoo.command(
        database, *quiet, *where, f"--test-tags={wanted}", program="odoo_tests.py"
    )
    log = odoo.log_file("test-odoo")
    code = _run(arguments, log, ODOO_SECONDS, TEST_RECORD=str(record))
    verdict.read(record)
    verdict.close()
    if tags:
        if not verdict.started:
            verdict.fail(wanted, "no test matches these tags")
    else:
        verdict.expect(set().union(*(expected.odoo_tests(folder) for folder in folders)))
    _blame_on_the_rest(verdict, "Odoo", code, log)


def _black_box_phase(verdict):
    databases.suite(demo=True)
    say("black-box tests")
    record = _fresh_record("pytest")
    arguments = [layout.venv_python(), "-m", "pytest", "-q", "-p", "no:cacheprovider", layout.TESTS]
    log = odoo.log_file("test-pytest")
    code = _run(arguments, log, PYTEST_SECONDS, TEST_RECORD=str(record))
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


def _run(arguments, log, seconds, **variables):
    """Run to the end with the output in `log`; the exit code, or text if it took too long."""
    with open(log, "w") as handle:
        process = subprocess.Popen(
            [str(part) for part in arguments],
            **{"cwd": layout.ROOT, "env": odoo.environment(**variables)},
            **{"stdin": subprocess.DEVNULL, "stdout": handle, "stderr": subprocess.STDOUT},
        )
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return f"a time-out of {seconds} seconds"
        finally:
            server.end(process)
