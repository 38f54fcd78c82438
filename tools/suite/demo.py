"""`make run`: the demo town's database, kept up with the code, and a server on it."""

import json
import signal
from contextlib import contextmanager
from pathlib import Path

from . import databases, layout, odoo, postgres, prepare, server
from .shell import SetupError, say

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(database, port):
    """Bring the database up to date, do its main job, say what it holds, serve until Ctrl-C."""
    if server.is_taken(port):
        raise SetupError(f"Port {port} is taken: end what listens there, or set PORT=")
    prepare.everything()
    refresh(database)
    with _interrupted_by_signals():
        _serve_until_interrupted(database, port)
    return 0


def _serve_until_interrupted(database, port):
    """The main job and the summary are done while the server starts: both take seconds."""
    serving = server.Server(database, port, log="server")
    try:
        _pid_file().write_text(str(serving.process.pid))
        summary = json.loads(odoo.inside("demo", database))
        serving.wait_until_it_answers()
        _show(summary, port)
        serving.process.wait()
        say("the server has ended")
    except KeyboardInterrupt:
        print(flush=True)
        say("stopping")
    finally:
        _answer_signals(signal.SIG_IGN)
        serving.stop()
        _pid_file().unlink(missing_ok=True)


def stop():
    """End the server that this clone's `make run` has started, if it is still there."""
    try:
        pid = int(_pid_file().read_text())
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if str(layout.ROOT / "odoo.conf").encode() in arguments:
        say("stopping the server")
        server.end_by_id(pid)
    _pid_file().unlink(missing_ok=True)


def refresh(database):
    """Make the database if it is missing or stands on another foundation; otherwise install and
    update what has changed since, which keeps what was typed into it."""
    now = {"template": databases.template_key(), "modules": layout.module_fingerprints()}
    before = _remembered(database)
    gone = set(before["modules"]) - set(now["modules"])
    if before["template"] != now["template"] or gone:
        _remake(database)
    elif before["modules"] != now["modules"]:
        _update(database, before["modules"], now["modules"])
    _remember(database, now)


def _remake(database):
    source = databases.suite(demo=True)
    databases.drop(database)
    databases.copy(source, database)


def _update(database, before, now):
    new = sorted(set(now) - set(before))
    changed = sorted(name for name in now if name in before and now[name] != before[name])
    say(f"updating {', '.join(new + changed)}")
    options = ["--with-demo"]
    options += ["-i", ",".join(new)] if new else []
    options += ["-u", ",".join(changed)] if changed else []
    try:
        odoo.call(database, *options, log="update-demo")
    except SetupError as error:
        say(f"the update failed, so the database is made anew\n{error}")
        _remake(database)


def _remembered(database):
    """What the database was made from: kept as its comment in PostgreSQL."""
    texts = postgres.psql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{database}'"
    )
    nothing = {"template": None, "modules": {}}
    return json.loads(texts[0]) if texts and texts[0] else nothing


def _remember(database, state):
    postgres.psql(f"COMMENT ON DATABASE \"{database}\" IS '{json.dumps(state)}'")


def _show(summary, port):
    print("\nThe demo town is ready.")
    for label, value in summary["figures"]:
        print(f"  {label:<10} {value}")
    print(f"  {'URL':<10} http://localhost:{port}")
    print("\nLog in as (the password is the same word):")
    width = max(len(login) for login, _role in summary["logins"])
    for login, role in summary["logins"]:
        print(f"  {login:<{width}}  {role}")
    print("\nCtrl-C stops it.", flush=True)


def _pid_file():
    return layout.LOCAL / f"server-{layout.clone_key()}.pid"


@contextmanager
def _interrupted_by_signals():
    """Ctrl-C, a closed terminal and a polite kill all end the block in the same way, also where
    the shell that started us in the background had SIGINT ignored."""
    before = _answer_signals(_interrupt)
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _answer_signals(handler):
    return {sign: signal.signal(sign, handler) for sign in ENDING_SIGNALS}


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt
