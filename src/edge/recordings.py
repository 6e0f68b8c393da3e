"""Recordings at the edge: JavaScript holds them from the visitor's form to the form for the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import js
from pydantic_core import to_json
from pyodide.ffi import JsProxy
from starlette.requests import ClientDisconnect

from api.route import request_cut_off
from edge.fetch_transport import FORM
from edge.request_body import BODY
from speech.upload import MAX_FIELD_BYTES, MAX_FIELDS, MAX_FILES, Upload, file_required, invalid_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from edge.request_body import RequestBody

# The extension of a request that holds the `JsFile` to be sent with its JSON.
AUDIO = "voice_agent.audio"


class JsFile:
    """A `File` of JavaScript. Only what `read` returns is copied into Python."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.size = int(file.size)
        self.content_type = str(file.type)

    async def read(self, start: int, stop: int) -> bytes:
        return bytes((await self._file.slice(start, stop).arrayBuffer()).to_bytes())

    def form(self, fields: Mapping[str, str], filename: str, media_type: str) -> dict[str, Any]:
        form = js.FormData.new()
        for name, value in fields.items():
            form.append(name, value)
        form.append("file", self._file.slice(0, self.size, media_type), filename)
        return {"extensions": {FORM: form}}

    def inputs(self, fields: Mapping[str, str]) -> dict[str, Any]:
        return {"content": to_json(fields), "extensions": {AUDIO: self}}

    async def base64(self) -> str:
        """The file in base64, encoded by JavaScript."""
        return str(js.Uint8Array.new(await self._file.arrayBuffer()).toBase64())


async def read_js_upload(request: Request, *, max_bytes: int) -> Upload:
    """The form of the JavaScript request behind `request`; no byte of it is read through ASGI."""
    body: RequestBody = request.scope[BODY]
    try:
        form = await body.form(max_bytes)
    except ClientDisconnect as error:
        raise request_cut_off() from error
    if form is None or not _is_within_limits(form):
        raise invalid_form()
    file, language = _last(form, "file"), _last(form, "language")
    if not isinstance(file, JsProxy):
        raise file_required()
    return Upload(JsFile(file), str(language or ""))


def _last(form: Any, name: str) -> Any:
    """The last value of this name; None if there is none."""
    return form.getAll(name).at(-1) if form.has(name) else None


def _is_within_limits(form: Any) -> bool:
    values = list(form.values())
    fields = [value for value in values if isinstance(value, str)]
    return (
        len(values) - len(fields) <= MAX_FILES
        and len(fields) <= MAX_FIELDS
        and all(len(value.encode("utf-8", "replace")) <= MAX_FIELD_BYTES for value in fields)
    )
