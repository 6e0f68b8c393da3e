"""The local server: the API, the widget and the demo page, with sessions in memory."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from api.app import create_app
from clock import Clock, SystemClock
from errors import ConfigurationError
from local.assets import Assets
from local.bundle_knowledge import KnowledgeFolderError, load_directory
from local.environment import ROOT
from local.listening import listen
from services import Services, build_services

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from local.background import BackgroundTasks
    from settings import Settings

KNOWLEDGE = ROOT / "knowledge"
PUBLIC = ROOT / "public"


def local_services(
    settings: Settings, background: BackgroundTasks, knowledge: Path = KNOWLEDGE, clock: Clock | None = None
) -> Services:
    """An agent that knows what the folder `knowledge` says and keeps sessions in this process.

    Raises `ConfigurationError` where a setting or the knowledge is missing or wrong.
    """
    try:
        documents = load_directory(knowledge)
    except KnowledgeFolderError as error:
        raise ConfigurationError(str(error)) from error
    return build_services(
        settings=settings,
        env=None,
        documents=documents,
        clock=clock or SystemClock(),
        background=background,
    )


def local_app(agent: Services, background: BackgroundTasks, public: Path = PUBLIC) -> Starlette:
    """The API and the files of `public`, as one ASGI application; it ends with its background work done."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await background.drain()

    return Starlette(
        routes=[Mount("/", _by_path(create_app(lambda _scope: agent), Assets(public)))], lifespan=lifespan
    )


def _by_path(api: ASGIApp, assets: ASGIApp) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        app = api if scope["path"].startswith("/api/") else assets
        await app(scope, receive, send)

    return serve


class ReadyServer(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        """`ready` is called once, when the first request can come."""
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(app: ASGIApp, *, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve `app` until it is interrupted; `ready` is told the port (port 0 takes a free one).

    Raises `OSError` where the port is taken.
    """
    with listen(host, port) as listening:
        taken: int = listening.getsockname()[1]
        config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
        ReadyServer(config, lambda: ready(taken)).run([listening])
