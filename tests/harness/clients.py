"""Clients of Odoo's two outside APIs, as another system would write them."""

import json
import urllib.error
import urllib.request
import xmlrpc.client

SECONDS = 120


class ApiError(Exception):
    """What the server answered instead of a result."""

    def __init__(self, status, name, message):
        super().__init__(f"{status} {name}: {message}")
        self.status = status
        self.name = name


class JsonClient:
    """JSON-2: `client("res.partner", "search_read", domain=[], fields=["name"], limit=1)`."""

    def __init__(self, url, database, key):
        self.url = url
        self.database = database
        self.key = key

    def __call__(self, model, method, **arguments):
        """Call a public method; `ids` and `context` go beside its named parameters."""
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}",
            data=json.dumps(arguments).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {self.key}",
                "X-Odoo-Database": self.database,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise self._readable(error) from None

    @staticmethod
    def _readable(error):
        text = error.read().decode(errors="replace")
        try:
            body = json.loads(text)
        except ValueError:
            body = {}
        return ApiError(error.code, body.get("name", error.reason), body.get("message", text[:500]))


class XmlRpcClient:
    """XML-RPC: `client("res.partner", "search_read", [[]], {"fields": ["name"], "limit": 1})`."""

    def __init__(self, url, database, login, password):
        self.database = database
        self.password = password
        self.user = self._proxy(url, "common").authenticate(database, login, password, {})
        self.models = self._proxy(url, "object")

    def __call__(self, model, method, arguments=(), named=None):
        return self.models.execute_kw(
            self.database, self.user, self.password, model, method, list(arguments), named or {}
        )

    @staticmethod
    def _proxy(url, service):
        return xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/{service}", allow_none=True)
