"""uvicorn with what the stand-in needs of it and ASGI does not offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Callable

    from starlette.types import ASGIApp


class HangUpProtocol(H11Protocol):
    """HTTP/1.1 with `scope["state"]["hang_up"]()`, which closes the connection where it stands."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Hand the connection's own way to close it to the app."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "hang_up": transport.close}


class StandInServer(uvicorn.Server):
    """A server that says when it is ready, and when it is about to wait for open connections."""

    def __init__(self, app: ASGIApp, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        """Serve `app`; `ready` and `stopping` are called in the server's own thread."""
        config = uvicorn.Config(
            app, http=HangUpProtocol, ws="none", lifespan="off", log_config=None, log_level="warning"
        )
        super().__init__(config)
        self._ready, self._stopping = ready, stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so once connections are accepted."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say so, then wait for the connections that are still open."""
        self._stopping()
        await super().shutdown(sockets)
