"""A serving Odoo: started, waited for, ended by the id of its process."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import layout, odoo
from .shell import SetupError

START_SECONDS = 180
END_SECONDS = 20


def free_port():
    """A TCP port on the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_taken(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(database, port, log, workers=2):
    """Start Odoo with its job runner on `port`; returns the process, which may not answer yet."""
    options = (f"--http-port={port}", f"--gevent-port={free_port()}", f"--workers={workers}")
    variables = {"ODOO_QUEUE_JOB_HOST": "localhost", "ODOO_QUEUE_JOB_PORT": str(port)}
    with open(odoo.log_file(log), "w") as handle:
        return subprocess.Popen(
            odoo.command(database, *options),
            **{"cwd": layout.ROOT, "env": odoo.environment(**variables)},
            **{"stdin": subprocess.DEVNULL, "stdout": handle, "stderr": subprocess.STDOUT},
        )


def wait_until_it_answers(process, port, log):
    """Return when the log-in page is served; raises when the process dies or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/web/login", timeout=60):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    tail = odoo.log_file(log).read_text(errors="replace")[-3000:]
    raise SetupError(f"Odoo does not answer on port {port} ({odoo.log_file(log)}):\n{tail}")


def end(process):
    """Ask the process to end, wait, and kill it if it does not listen."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_by_id(pid):
    """The same for a process that is not our child; unknown ids are no error."""
    for sign, seconds in ((signal.SIGTERM, END_SECONDS), (signal.SIGKILL, 5)):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and os.path.exists(f"/proc/{pid}"):
            time.sleep(0.1)
