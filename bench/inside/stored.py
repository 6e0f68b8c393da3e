"""The same Worker with its sessions in KV and in D1, in one isolate."""

from __future__ import annotations

import json
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from pyodide.code import run_js
from workers import WorkerEntrypoint

from api.app import create_app
from bench.inside.scene import FULL, Scene
from edge.bridge import respond
from edge.isolate import IsolateServices
from knowledge_bundle import DOCUMENTS
from settings import MAX_REQUEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

# Each store's binding.
BINDINGS = {"kv": "VOICE_SESSIONS", "d1": "VOICE_DB"}


async def exchanges(module: str, schema: str) -> dict[str, Callable[[], Awaitable[str]]]:
    """Return by the name of each store how to have another exchange in a full session.

    `module` is the URL of stores.mjs, and `schema` the SQL that makes D1's tables.
    """
    bindings: Any = (await run_js("(url) => import(url)")(module)).bindings(schema)
    found: dict[str, Callable[[], Awaitable[str]]] = {}
    for name, binding in BINDINGS.items():
        scene = Scene(**{binding: getattr(bindings, binding)})
        found[name] = partial(scene.exchange, _worker(), str(uuid.uuid4()))
        answers = [json.loads(await found[name]()) for _ in range(FULL)]
        assert answers[-1]["turn"] == FULL, answers  # noqa: S101 - it would measure something else
    return found


def _worker() -> type[WorkerEntrypoint]:
    """Return a Worker like the one in entry.py, which chooses its store with its first request."""
    app = create_app(IsolateServices(DOCUMENTS))

    class Stored(WorkerEntrypoint):
        async def fetch(self, request: Any) -> Any:
            return await respond(app, request.js_object, self.env, max_body_bytes=MAX_REQUEST_BYTES)

    return Stored
