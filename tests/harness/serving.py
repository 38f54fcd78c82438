"""Scratch databases and Odoo processes that serve them."""

import os
from itertools import count

from suite import databases, layout, odoo, prepare, server

from .clients import JsonClient, XmlRpcClient


class Served:
    """One running Odoo on a database of its own."""

    def __init__(self, database, server):
        self.database = database
        self.server = server
        self.keys = {}

    @property
    def url(self):
        return f"http://localhost:{self.server.port}"

    def json2(self, login="admin"):
        """A JSON-2 client as `login`, with an API key made for it."""
        if login not in self.keys:
            self.keys[login] = odoo.inside("api_key", self.database, login).strip()
        return JsonClient(self.url, self.database, self.keys[login])

    def xmlrpc(self, login="admin", password=None):
        return XmlRpcClient(self.url, self.database, login, password or login)

    def stop(self):
        self.server.stop()


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
        started = server.Server(database, port, f"test-server-{port}", workers)
        served = Served(database, started)
        self.running.append(served)
        started.wait_until_it_answers()
        return served
