"""The local server in a thread, for programs that need one for a while: screenshots, tests, figures."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

import uvicorn

from local.background import BackgroundTasks
from local.listening import listen
from local.server import ReadyServer, local_app, local_services

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from starlette.types import ASGIApp

    from settings import Settings

STARTUP_SECONDS = 30.0  # far beyond the second it takes, so that a failure ends


async def _nothing() -> None:
    """Close nothing."""


@contextlib.contextmanager
def running_app(app: ASGIApp, close: Callable[[], Awaitable[object]] = _nothing) -> Iterator[str]:
    """Serve `app` on a free port of 127.0.0.1 until the block ends; gives the URL.

    `close` is called last, in the event loop that has served the app.
    """
    ready = threading.Event()
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = ReadyServer(config, ready.set)
    with listen() as listening:

        async def serve() -> None:
            await server.serve([listening])
            await close()

        thread = threading.Thread(target=lambda: asyncio.run(serve()), name="voice-agent", daemon=True)
        thread.start()
        if not ready.wait(STARTUP_SECONDS):
            message = f"The local server did not start within {STARTUP_SECONDS} s."
            raise RuntimeError(message)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextlib.contextmanager
def running_server(settings: Settings) -> Iterator[str]:
    """Serve the agent for `settings`, as `voice-agent dev` does, until the block ends; gives the URL.

    Raises `ConfigurationError` as `local_services` does.
    """
    background = BackgroundTasks()
    with running_app(local_app(local_services(settings, background), background)) as url:
        yield url
