"""One address for both of Odoo's ports, as a company's reverse proxy would do it.

With workers, Odoo answers pages on one port and live notifications (`/websocket`) on another. A
browser opens a connection of its own for the latter, so the first line of a connection decides.
"""

import asyncio
import threading

CHUNK = 65536


class Proxy:
    """Listens on `port` of the loopback interface in a thread of its own until `close`."""

    def __init__(self, port, http_port, websocket_port):
        self.port = port
        self.http_port = http_port
        self.websocket_port = websocket_port
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        # in the proxy's own thread: the caller's may run a loop already, as a driven browser does
        listen = asyncio.start_server(self._connect, "127.0.0.1", port)
        self.listening = asyncio.run_coroutine_threadsafe(listen, self.loop).result(timeout=10)

    def close(self):
        self.loop.call_soon_threadsafe(self.listening.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=5)

    async def _connect(self, reader, writer):
        try:
            first_line = await reader.readuntil(b"\n")
            is_websocket = first_line.startswith((b"GET /websocket?", b"GET /websocket "))
            port = self.websocket_port if is_websocket else self.http_port
            odoo_reader, odoo_writer = await asyncio.open_connection("127.0.0.1", port)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.close()
            return
        odoo_writer.write(first_line)
        await asyncio.gather(_pass_on(reader, odoo_writer), _pass_on(odoo_reader, writer))


async def _pass_on(reader, writer):
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
