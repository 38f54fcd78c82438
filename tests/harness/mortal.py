"""A town whose server may be killed."""

import os
import signal


class Town:
    """The demo town on servers of its own, one after the other."""

    def __init__(self, serving):
        self.serving = serving
        self.database = serving.database(demo=True)
        self.start()

    def start(self):
        self.served = self.serving.serve(self.database)
        self.admin = self.served.json2("admin")

    def kill(self):
        """End all processes of the server at once, as a power failure would."""
        os.killpg(self.served.server.process.pid, signal.SIGKILL)
        self.served.server.process.wait()
        self.served.stop()

    def call(self, model, method, **arguments):
        return self.admin(f"utility.{model}", method, **arguments)

    def find(self, model, domain, fields):
        return self.call(model, "search_read", domain=domain, fields=fields)
