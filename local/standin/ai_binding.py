"""The binding `AI` for local runs and tests: an httpx2 transport like the one at the edge, to a stand-in."""

from __future__ import annotations

import json

import httpx2

from local.standin.workers_ai import MODEL_HEADER, PATH


class StandInAI(httpx2.AsyncBaseTransport):
    """Sends the stand-in what Cloudflare's own binding would send to Workers AI."""

    def __init__(self, origin: str) -> None:
        """`origin` is where the stand-in is served."""
        self._url = f"{origin}{PATH}?version=3"
        self._http = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Run the model that the JSON of `request` names; see `edge.ai_binding.AITransport`."""
        inputs = json.loads(await request.aread())
        model = inputs.pop("model")
        body = {"inputs": inputs, "options": {"returnRawResponse": True}}
        headers = {MODEL_HEADER: model, "cf-consn-sdk-version": "2.0.0"}
        extensions = request.extensions
        sent = httpx2.Request("POST", self._url, headers=headers, json=body, extensions=extensions)
        return await self._http.handle_async_request(sent)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()
