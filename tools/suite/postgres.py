"""A PostgreSQL to work on: the one that PG* variables name, else a private cluster of ours.

The private cluster listens on a Unix socket only and runs with fsync off: it holds demo and test
data that can be made again, never a company's books.
"""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from . import layout
from .shell import SetupError, is_root, lock, need_debian_packages, output, run, say

ROLE = "odoo"
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "random_page_cost": "1.1",
}
START_ATTEMPTS = 3


def ensure():
    """Start what is needed; PGHOST, PGPORT and PGUSER are set in this process afterwards."""
    if is_given():
        os.environ.setdefault("PGPORT", "5432")
        os.environ.setdefault("PGUSER", ROLE)
        need_debian_packages({"postgresql-client": "psql"})
        _check_given_role()
        return
    need_debian_packages({"postgresql": str(_binaries() or "/nonexistent")})
    home = _home()
    with lock("postgres"):
        if not (home / "data" / "PG_VERSION").is_file():
            _create(home)
        if not _runs(home):
            _start(home)
    os.environ.update(PGHOST=str(home / "socket"), PGPORT="5432", PGUSER=ROLE)


def is_given():
    """Whether the user named a server of their own."""
    return bool(os.environ.get("PGHOST"))


def stop():
    """Stop the private cluster; a server that was given is left alone."""
    home = _home()
    if not is_given() and (home / "data" / "postmaster.pid").is_file() and _runs(home):
        say("stopping the private PostgreSQL")
        stop_command = ("-D", home / "data", "-m", "fast", "-w", "stop")
        _as_server_user(_binaries() / "pg_ctl", *stop_command, quiet=True)


def remove():
    """Delete the private cluster with all its databases."""
    if _binaries():
        stop()
    shutil.rmtree(_home(), ignore_errors=True)


def psql(sql, database="postgres"):
    """Rows of the answer, fields separated by |."""
    options = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
    silent = dict(os.environ, PGOPTIONS="-c client_min_messages=warning")
    return output("psql", *options, "-d", database, "-c", sql, env=silent).splitlines()


def _check_given_role():
    if os.environ["PGUSER"] == "postgres":
        raise SetupError(
            "Odoo refuses to work as PostgreSQL's role `postgres`: set PGUSER to another role that "
            "may create databases, for example after\n    CREATE ROLE odoo LOGIN CREATEDB;"
        )


def _binaries():
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    usable = [folder for folder in folders if (folder / "initdb").exists()]
    return usable[-1] if usable else None


def _home():
    """Folder of the cluster: ours, unless the server's user cannot get there or the path is too
    long for a socket (107 bytes)."""
    home = layout.LOCAL.resolve() / "postgres"
    if len(str(home)) < 80 and (not is_root() or _others_may_enter(home.parent)):
        return home
    return Path("/var/tmp") / f"utility-suite-{layout.fingerprint(str(home))}"


def _others_may_enter(folder):
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents) if path.exists())


def _server_user():
    """initdb refuses root: there, Debian's own account for the server does it."""
    return "postgres" if is_root() else None


def _as_server_user(*command, **options):
    user = _server_user()
    options["cwd"] = "/"
    if user:
        options.update(user=user, group=pwd.getpwnam(user).pw_gid, extra_groups=[], umask=0o077)
    return run(*command, **options)


def _create(home):
    say("creating a private PostgreSQL cluster")
    shutil.rmtree(home, ignore_errors=True)
    (home / "socket").mkdir(parents=True)
    user = _server_user()
    for folder in (home, home / "socket"):
        folder.chmod(0o700)
        if user:
            shutil.chown(folder, user)
    _as_server_user(
        *(_binaries() / "initdb", "-D", home / "data", "-U", ROLE, "-A", "trust"),
        *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        quiet=True,
    )
    lines = [f"{name} = {value}" for name, value in SETTINGS.items()]
    lines.append(f"unix_socket_directories = '{home / 'socket'}'")
    with open(home / "data" / "postgresql.auto.conf", "a") as settings:
        settings.write("\n".join(lines) + "\n")


def _start(home):
    """Start the cluster. After a kill the backends of the dead server need a moment to go, and
    its pid file may name a process that is something else by now."""
    _drop_stale_pid_file(home / "data" / "postmaster.pid")
    start = ("-D", home / "data", "-l", home / "log", "-w", "-t", "60", "start")
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for attempt in range(START_ATTEMPTS):
        try:
            _as_server_user(_binaries() / "pg_ctl", *start, **silent)
        except SetupError:
            if _runs(home):
                return
            if attempt == START_ATTEMPTS - 1:
                tail = (home / "log").read_text(errors="replace")[-2000:]
                raise SetupError(f"PostgreSQL does not start ({home / 'log'}):\n{tail}") from None
            time.sleep(2)
        else:
            return


def _drop_stale_pid_file(pid_file):
    if not pid_file.is_file():
        return
    pid = pid_file.read_text().split("\n", 1)[0].strip()
    try:
        program = Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        program = ""
    if program != "postgres":
        pid_file.unlink(missing_ok=True)


def _runs(home):
    """Whether the cluster answers; one that is just starting or recovering gets its time."""
    for _second in range(60):
        done = subprocess.run(
            [_binaries() / "pg_isready", "-q", "-h", home / "socket", "-p", "5432"], check=False
        )
        if done.returncode != 1:
            break
        time.sleep(1)
    return done.returncode == 0
