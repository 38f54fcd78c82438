"""Scratch databases and Odoo processes that serve them."""

import os
from itertools import count

from suite import databases, layout, odoo, prepare, server

from .clients import JsonClient, XmlRpcClient


class Served:
    """One running Odoo on a database of its own."""

    def __init__(self, database, port, process, log):
        self.database = database
        self.port = port
        self.process = process
        self.log = log
        self.keys = {}

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def json2(self, login="admin"):
        """A JSON-2 client as `login`, with an API key made for it."""
        if login not in self.keys:
            self.keys[login] = odoo.inside("api_key.py", self.database, login).strip()
        return JsonClient(self.url, self.database, self.keys[login])

    def xmlrpc(self, login="admin", password=None):
        return XmlRpcClient(self.url, self.database, login, password or login)

    def stop(self):
        server.end(self.process)


class Serving:
    """Makes databases and servers, and takes them all away at the end."""

    def __enter__(self):
        prepare.everything()
        self.numbers = count(1)
        self.made = []
        self.running = []
        return self

    def __exit__(self, *_error):
        for served in self.running:
            served.stop()
        for database in self.made:
            databases.drop(database)

    def database(self, demo=False):
        """A fresh copy with the suite installed, with the demo town if `demo`; 0.2 seconds."""
        name = f"utility_test_{layout.clone_key()}_{os.getpid()}_{next(self.numbers)}"
        databases.copy(databases.suite(demo=demo), name)
        self.made.append(name)
        return name

    def serve(self, database, workers=2):
        """Start Odoo with its job runner on a free port and wait until it answers."""
        port = server.free_port()
        log = f"test-server-{port}"
        process = server.start(database, port, log, workers)
        served = Served(database, port, process, odoo.log_file(log))
        self.running.append(served)
        server.wait_until_it_answers(process, port, log)
        return served
