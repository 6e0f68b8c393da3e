"""Connections to a stand-in, or to a function that plays the server."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx2

from responders.openai_connection import OpenAIConnection
from settings import Settings
from tests.clocks import AutoClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from clock import Clock


@asynccontextmanager
async def connected(
    server: str | Callable[[httpx2.Request], httpx2.Response], clock: Clock | None = None, **settings: str
) -> AsyncIterator[OpenAIConnection]:
    """A connection to `server`, a base URL or a function, with `settings` on top of a key and no retries."""
    variables = {"OPENAI_API_KEY": "sk-test", "OPENAI_MAX_RETRIES": "0", **settings}
    transport = None
    if isinstance(server, str):
        variables["OPENAI_BASE_URL"] = server
    else:
        transport = httpx2.MockTransport(server)
    connection = OpenAIConnection(Settings.read(variables.get), clock or AutoClock(), transport)
    try:
        yield connection
    finally:
        await connection.aclose()
