"""Serving ASGI applications with uvicorn: on a socket of our own, in the foreground or in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

from api.errors import ResponseBrokenOff

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

STARTUP_SECONDS = 30.0  # far longer than a start takes, so that a failure does not hang


def is_news(record: logging.LogRecord) -> bool:
    """Whether uvicorn's log record is about something that has not been logged already."""
    return not (record.exc_info and isinstance(record.exc_info[1], ResponseBrokenOff))


class ReadyServer(uvicorn.Server):
    """A server that says when it accepts connections: it calls `on_ready`, then sets the event `ready`."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], object] | None = None) -> None:
        super().__init__(config)
        logging.getLogger("uvicorn.error").addFilter(is_news)
        self.ready = threading.Event()
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then report that the server is ready."""
        await super().startup(sockets)
        if self._on_ready:
            self._on_ready()
        self.ready.set()


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A socket that listens on `host`, an IPv4 or IPv6 address or a name; port 0 takes a free port.

    It sets TCP_NODELAY, which asyncio sets only on sockets that it creates itself. Without it, the first
    piece of a stream waits until the client has acknowledged the headers: 40 ms on Linux. Raises `OSError` if
    the address is unavailable.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def url_of(host: str, port: int) -> str:
    """The URL for a browser on this machine; loopback and wildcard addresses become localhost."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if address.is_loopback or address.is_unspecified:
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def serving_in_thread(
    server: ReadyServer, listening: socket.socket, close: Callable[[], Awaitable[object]] | None = None
) -> Iterator[None]:
    """Run `server` in a thread until the block ends; the block begins when the server is ready.

    `close` is awaited at the end, in the server's event loop. Raises `RuntimeError` if the server is not
    ready within `STARTUP_SECONDS`.
    """

    async def serve() -> None:
        await server.serve([listening])
        if close:
            await close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="local server", daemon=True)
    thread.start()
    if not server.ready.wait(STARTUP_SECONDS):
        raise RuntimeError(f"The local server did not start within {STARTUP_SECONDS:g} s.")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
