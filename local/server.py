"""The local server: the API, the widget and the demo page, with conversations in SQLite."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from api.app import create_app
from clock import Clock, SystemClock
from errors import ConfigurationError
from knowledge.retrieval import BYTES_PER_TOKEN, size_of
from local.assets import SOURCES, Assets, Site
from local.bundle_knowledge import KNOWLEDGE, KnowledgeFolder, KnowledgeFolderError, read_folder
from local.data_file import LocalBindings, open_database
from local.knowledge_plan import push
from local.knowledge_targets import DatabaseTarget
from local.serving import ReadyServer, listen
from services import Services, build_services
from stores.fake_d1 import FakeD1

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from local.background import BackgroundTasks
    from settings import Settings


def local_knowledge(folder: Path = KNOWLEDGE) -> KnowledgeFolder:
    """The Markdown files in `folder`. Raises `ConfigurationError` if they cannot be used."""
    try:
        return read_folder(folder)
    except KnowledgeFolderError as error:
        raise ConfigurationError(str(error)) from error


def local_services(
    settings: Settings,
    background: BackgroundTasks,
    knowledge: KnowledgeFolder | None = None,
    clock: Clock | None = None,
    data: Path | None = None,
) -> Services:
    """Services that answer from `knowledge`, or from that in `KNOWLEDGE`, with the D1 shim as their store.

    Its database is the file `data`, or in memory; knowledge that is too large for prompts is put there.
    Raises `ConfigurationError` if a setting, the knowledge or the file is missing or invalid.
    """
    clock, database = clock or SystemClock(), open_database(data)
    documents = (knowledge or local_knowledge()).documents
    if size_of(documents) // BYTES_PER_TOKEN > settings.knowledge_tokens:
        push(documents, DatabaseTarget(database))
    return build_services(
        settings=settings,
        env=LocalBindings(FakeD1(database, clock)),
        documents=documents,
        clock=clock,
        background=background,
    )


def local_app(services: Services, background: BackgroundTasks, site: Site = SOURCES) -> Starlette:
    """One ASGI application for the API and the files of `site`; at shutdown it waits for `background`."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await background.drain()

    app = _by_path(create_app(lambda _scope: services), Assets(site))
    return Starlette(routes=[Mount("/", app)], lifespan=lifespan)


def _by_path(api: ASGIApp, assets: ASGIApp) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        app = api if scope["path"].startswith("/api/") else assets
        await app(scope, receive, send)

    return serve


def serve(app: ASGIApp, *, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve `app` until interrupted; port 0 takes a free port, and `ready` is called with the one taken.

    Forwarding headers are not trusted: anybody can send them. Raises `OSError` if the address is unavailable.
    """
    with listen(host, port) as listening:
        taken: int = listening.getsockname()[1]
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False
        )
        ReadyServer(config, lambda: ready(taken)).run([listening])
