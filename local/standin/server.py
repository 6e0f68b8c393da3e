"""uvicorn, with what the stand-in needs beyond ASGI: closing a connection, and notice of a shutdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from local.serving import ReadyServer

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Callable

    from local.standin.app import StandIn


class HangUpProtocol(H11Protocol):
    """HTTP/1.1 with `hang_up` and `is_closing` in `scope["state"]`.

    The first closes the connection immediately; the second says whether either side has closed it.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Put the transport's methods in the state that every request of this connection gets."""
        super().connection_made(transport)
        self.app_state = {
            **self.app_state,
            "hang_up": transport.close,
            "is_closing": transport.is_closing,
        }


class StandInServer(ReadyServer):
    """Serves a stand-in, and stops it before waiting for open connections."""

    def __init__(self, standin: StandIn, on_ready: Callable[[], object] | None = None) -> None:
        config = uvicorn.Config(
            standin, http=HangUpProtocol, ws="none", lifespan="off", log_config=None, log_level="warning"
        )
        super().__init__(config, on_ready)
        self._standin = standin

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop the stand-in, then wait for the connections that are still open."""
        self._standin.stop()
        await super().shutdown(sockets)
