"""The binding `AI` as an httpx2 transport, so that Workers AI is reached like any other server.

`run(model, inputs, {returnRawResponse, signal})` gives the HTTP response as it is
(https://developers.cloudflare.com/workers-ai/configuration/bindings/, `AiOptions` in
`@cloudflare/workers-types` 5.20261117, and workerd's `src/cloudflare/internal/ai-api.ts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import js
from workers import python_to_rpc

from edge.fetch_transport import Call, received
from edge.js_object import js_object
from edge.recordings import AUDIO

if TYPE_CHECKING:
    from edge.recordings import JsFile


class AITransport(httpx2.AsyncBaseTransport):
    """Runs the model that the JSON of a request names. Timeouts and errors are those of `FetchTransport`."""

    def __init__(self, binding: Any) -> None:
        """`binding` is the SDK's, whose conversions are not used."""
        self._ai: Any = python_to_rpc(binding)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response of the model. A recording in the extension `AUDIO` is sent as `audio`, in base64."""
        call = Call(request.extensions.get("timeout") or {})
        inputs = js.JSON.parse((await request.aread()).decode())
        model = inputs.model
        js.Reflect.deleteProperty(inputs, "model")
        recording: JsFile | None = request.extensions.get(AUDIO)
        if recording:
            inputs.audio = await recording.base64()
        options = js_object({"returnRawResponse": True, "signal": call.signal})
        return await received(call, self._ai.run(model, inputs, options))
