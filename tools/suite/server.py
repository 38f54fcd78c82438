"""A serving Odoo: started, waited for, ended by the id of its process."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import layout, odoo
from .proxy import Proxy
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


class Server:
    """Odoo with workers and its job runner on `database`, at one address: `port`."""

    def __init__(self, database, port, log, workers=2):
        self.port = port
        self.log = odoo.log_file(log)
        http_port, websocket_port = free_port(), free_port()
        options = (f"--http-port={http_port}", f"--gevent-port={websocket_port}")
        jobs = {"ODOO_QUEUE_JOB_HOST": "localhost", "ODOO_QUEUE_JOB_PORT": str(http_port)}
        self.proxy = Proxy(port, http_port, websocket_port)
        with open(self.log, "w") as handle:
            self.process = subprocess.Popen(
                odoo.command(database, *options, f"--workers={workers}"),
                **{"cwd": layout.ROOT, "env": odoo.environment(**jobs), "start_new_session": True},
                **{"stdin": subprocess.DEVNULL, "stdout": handle, "stderr": subprocess.STDOUT},
            )

    def wait_until_it_answers(self):
        """Return when the log-in page is served; raises when Odoo dies or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://localhost:{self.port}/web/login", timeout=60):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        tail = self.log.read_text(errors="replace")[-3000:]
        raise SetupError(f"Odoo does not answer on port {self.port} ({self.log}):\n{tail}")

    def stop(self):
        end(self.process)
        self.proxy.close()


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
