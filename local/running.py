"""The local server in a thread, for programs that need it for a while: screenshots, tests, benchmarks."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import uvicorn

from local.assets import SOURCES, Site
from local.background import BackgroundTasks
from local.server import local_app, local_services
from local.serving import ReadyServer, listen, serving_in_thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from starlette.types import ASGIApp

    from settings import Settings

HOST = "127.0.0.1"


@contextlib.contextmanager
def running_app(app: ASGIApp, close: Callable[[], Awaitable[object]] | None = None) -> Iterator[str]:
    """Serve `app` on a free port until the block ends; yields its URL.

    `close` is awaited at the end, in the event loop that served the app.
    """
    config = uvicorn.Config(
        app, log_config=None, access_log=False, proxy_headers=False, timeout_graceful_shutdown=1
    )
    with listen(HOST) as listening:
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        with serving_in_thread(ReadyServer(config), listening, close):
            yield url


@contextlib.contextmanager
def running_server(settings: Settings, site: Site = SOURCES) -> Iterator[str]:
    """Serve the agent for `settings`, as `voice-agent dev` does, until the block ends; yields its URL.

    Raises `ConfigurationError` as `local_services` does.
    """
    background = BackgroundTasks()
    with running_app(local_app(local_services(settings, background), background, site)) as url:
        yield url
