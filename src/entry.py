"""The Worker's entry point: requests of the Workers runtime go to the API."""

from __future__ import annotations

from typing import Any

from edge import openai_at_startup  # noqa: F401 - has to come before anything that imports openai

# isort: split
from api.app import create_app
from edge.bridge import respond
from edge.isolate import IsolateServices, WorkerEntrypoint
from edge.warm_up import warm_up
from knowledge_bundle import DOCUMENTS, PROBLEM, SIZE
from settings import MAX_REQUEST_BYTES


class Default(WorkerEntrypoint):
    """The Worker."""

    async def fetch(self, request: Any) -> Any:
        """Answer one HTTP request."""
        return await on_fetch(request, self.env, self.ctx)


async def on_fetch(request: Any, env: Any, ctx: Any) -> Any:
    """Answer the JavaScript `request` with the API; `env` holds settings, secrets and bindings."""
    del ctx  # background work is registered through `workers.wait_until`, which needs no context
    return await respond(app, getattr(request, "js_object", request), env, max_body_bytes=MAX_REQUEST_BYTES)


app = create_app(IsolateServices(DOCUMENTS, PROBLEM, SIZE))
if not PROBLEM:
    warm_up(DOCUMENTS)
