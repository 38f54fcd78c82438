"""A PostgreSQL to work on: the one that PG* variables name, else a private cluster of ours.

The private cluster listens on a Unix socket only and runs with fsync off: it holds demo and test
data that can be made again, never a company's books.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from . import layout
from .shell import is_root, need_debian_packages, output, run, say

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


def ensure():
    """Start what is needed; PGHOST, PGPORT and PGUSER are set in this process afterwards."""
    if os.environ.get("PGHOST"):
        os.environ.setdefault("PGPORT", "5432")
        os.environ.setdefault("PGUSER", ROLE)
        return
    need_debian_packages({"postgresql": str(_binaries() or "/nonexistent")})
    home = _home()
    if not (home / "data" / "PG_VERSION").is_file():
        _create(home)
    if not _runs(home):
        _as_server_user(
            _binaries() / "pg_ctl", "-D", home / "data", "-l", home / "log", "-w", "-t", "60", "start"
        )
    os.environ.update(PGHOST=str(home / "socket"), PGPORT="5432", PGUSER=ROLE)


def stop():
    home = _home()
    if not os.environ.get("PGHOST") and (home / "data").is_dir() and _runs(home):
        _as_server_user(_binaries() / "pg_ctl", "-D", home / "data", "-m", "fast", "-w", "stop")


def remove():
    stop()
    shutil.rmtree(_home(), ignore_errors=True)


def psql(sql, database="postgres"):
    """Rows of the answer, fields separated by |."""
    return output(
        "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql
    ).splitlines()


def _binaries():
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    usable = [folder for folder in folders if (folder / "initdb").exists()]
    return usable[-1] if usable else None


def _home():
    """Folder of the cluster: ours, unless the server's user cannot get there or the path is too
    long for a socket (107 bytes)."""
    home = layout.LOCAL / "postgres"
    if len(str(home)) < 80 and (not is_root() or _others_may_enter(layout.ROOT)):
        return home
    return Path("/var/tmp") / f"utility-suite-{layout.fingerprint(home)}"


def _others_may_enter(folder):
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _server_user():
    """initdb refuses root: there, Debian's own account for the server does it."""
    return "postgres" if is_root() else None


def _as_server_user(*command):
    user = _server_user()
    options = {"cwd": "/"}
    if user:
        options["user"] = user
        options["group"] = pwd.getpwnam(user).pw_gid
        options["extra_groups"] = []
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} if "start" in command else {}
    return run(*command, **quiet, **options)


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
        _binaries() / "initdb", "-D", home / "data", "-U", ROLE, "-A", "trust",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
    )
    lines = [f"{name} = {value}" for name, value in SETTINGS.items()]
    lines.append(f"unix_socket_directories = '{home / 'socket'}'")
    with open(home / "data" / "postgresql.auto.conf", "a") as settings:
        settings.write("\n".join(lines) + "\n")


def _runs(home):
    done = subprocess.run(
        [_binaries() / "pg_isready", "-q", "-h", home / "socket"], check=False
    )
    return done.returncode == 0

