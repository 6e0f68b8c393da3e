"""The body of a JavaScript request: read into Python, kept in JavaScript, or read to its end and dropped."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import js
from pyodide.ffi import JsException, to_js
from starlette.requests import ClientDisconnect

from edge.js_object import js_object
from errors import BodyTooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where the bridge puts the `RequestBody` in the ASGI scope.
BODY = "voice_agent.body"
# How long a client may go on sending a body that has been refused.
DRAIN_SECONDS = 10

logger = logging.getLogger("voice_agent.worker")


class RequestBody:
    """The body of `request`, which can be read once, in one of two ways.

    Both raise `ClientDisconnect` if the client leaves before it has sent all of it.
    """

    def __init__(self, request: Any, headers: Mapping[str, str]) -> None:
        self._request = request
        self._content_type = headers.get("content-type", "")
        announced = headers.get("content-length", "")
        self._announced = int(announced) if announced.isdecimal() else None
        self._is_over = False

    async def read(self, max_bytes: int) -> bytes:
        """The body as bytes; of one longer than `max_bytes` the beginning, which is also longer than that."""
        try:
            if self._announced is not None and self._announced <= max_bytes:
                body = bytes((await self._request.arrayBuffer()).to_bytes())
                self._is_over = True
                return body
            return b"".join([piece.to_bytes() for piece in await self._pieces(max_bytes)])
        except JsException as error:
            raise self._disconnect() from error

    async def form(self, max_bytes: int) -> Any:
        """JavaScript's FormData of the body, no byte of which enters Python; None if it is not a form.

        Raises `BodyTooLarge` if it is longer than `max_bytes`.
        """
        if self._announced is not None and self._announced > max_bytes:
            raise BodyTooLarge
        try:
            source = self._request if self._announced is not None else await self._capped(max_bytes)
            form = await source.formData()
        except JsException as error:
            if error.name != "TypeError":
                raise self._disconnect() from error
            form = None
        self._is_over = True
        return form

    async def drain(self) -> None:
        """Read what is left of the body and drop it, for `DRAIN_SECONDS` at most.

        If the runtime sends a response before it has received the whole request, it resets the connection,
        and the client never sees the response. Nothing can be read once the response has been returned.
        """
        if self._is_over or not self._request.body:
            return
        options = {"signal": js.AbortSignal.timeout(DRAIN_SECONDS * 1000)}
        try:
            await self._request.body.pipeTo(js.WritableStream.new(), js_object(options))
        except JsException:
            logger.info("A visitor left while sending a request")
        self._is_over = True

    async def _capped(self, max_bytes: int) -> Any:
        pieces = await self._pieces(max_bytes)
        if sum(piece.byteLength for piece in pieces) > max_bytes:
            raise BodyTooLarge
        headers = {"headers": {"content-type": self._content_type}}
        return js.Response.new(js.Blob.new(to_js(pieces)), js_object(headers))

    async def _pieces(self, max_bytes: int) -> list[Any]:
        """JavaScript's arrays of the body, up to the one with which it is longer than `max_bytes`."""
        pieces: list[Any] = []
        if not self._request.body:
            return pieces
        reader, size = self._request.body.getReader(), 0
        while size <= max_bytes:
            piece = await reader.read()
            if piece.done:
                self._is_over = True
                break
            pieces.append(piece.value)
            size += piece.value.byteLength
        reader.releaseLock()
        return pieces

    def _disconnect(self) -> ClientDisconnect:
        self._is_over = True
        return ClientDisconnect()
