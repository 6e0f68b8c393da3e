"""The socket that a local server listens on."""

from __future__ import annotations

import socket


def listen(host: str = "127.0.0.1", port: int = 0, family: int = socket.AF_INET) -> socket.socket:
    """Listen on `host` (port 0 takes a free one), and send small pieces at once.

    asyncio sees to that only for sockets that it has made. Without it the first piece of a stream waits until
    the client has acknowledged the headers, 40 ms on Linux. Raises `OSError` where the port is taken.
    """
    listening = socket.create_server((host, port), family=family)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
