"""A recording as a visitor uploads it: a form with a file and perhaps a language."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pydantic_core import to_json
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

# A recording and a language; a few more fields do no harm.
MAX_FILES, MAX_FIELDS, MAX_FIELD_BYTES = 1, 8, 1024


class AudioFile(Protocol):
    """An uploaded file, wherever its bytes are held: in Python locally, in JavaScript at the edge."""

    @property
    def size(self) -> int:
        """Its length in bytes."""
        ...

    @property
    def content_type(self) -> str:
        """The media type that the form gives it, or an empty string."""
        ...

    async def read(self, start: int, stop: int) -> bytes:
        """The bytes from `start` up to `stop`, or up to the end if that comes first."""
        ...

    def form(self, fields: Mapping[str, str], filename: str, media_type: str) -> dict[str, Any]:
        """Arguments of `httpx2.Request` for a form of `fields` and this file, as `file`."""
        ...

    def inputs(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Arguments of `httpx2.Request` for JSON of `fields` and this file, as `audio`, in base64."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """What the form holds; `language` is as the client wrote it, or empty."""

    file: AudioFile
    language: str


class ReadUpload(Protocol):
    """Reads the form that a request carries."""

    async def __call__(self, request: Request, *, max_bytes: int) -> Upload:
        """The form. Raises `InvalidRequest` for one that is malformed or has no file.

        For a body longer than `max_bytes`, or one that is not complete because the client has left, it
        raises an error with the status 413 or 400.
        """
        ...


@dataclass(frozen=True, slots=True)
class MemoryFile:
    """An uploaded file in Python's memory."""

    data: bytes
    content_type: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    async def read(self, start: int, stop: int) -> bytes:
        return self.data[start:stop]

    def form(self, fields: Mapping[str, str], filename: str, media_type: str) -> dict[str, Any]:
        return {"data": fields, "files": {"file": (filename, self.data, media_type)}}

    def inputs(self, fields: Mapping[str, str]) -> dict[str, Any]:
        return {"content": to_json({**fields, "audio": b64encode(self.data).decode()})}


async def read_upload(request: Request, *, max_bytes: int) -> Upload:
    """The form in the body of an ASGI request, read into memory; the route caps the body at `max_bytes`."""
    del max_bytes
    if not _is_complete(request.headers["content-type"], await request.body()):
        raise invalid_form()
    limits = {"max_files": MAX_FILES, "max_fields": MAX_FIELDS, "max_part_size": MAX_FIELD_BYTES}
    try:
        async with request.form(**limits) as form:
            file, language = form.get("file"), form.get("language")
            if not isinstance(file, UploadFile) or not file.filename:
                raise file_required()
            return Upload(MemoryFile(await file.read(), file.content_type or ""), str(language or ""))
    except HTTPException as error:
        raise invalid_form() from error


def invalid_form() -> InvalidRequest:
    """The error for a form that is malformed or has too many or too long fields."""
    return InvalidRequest("The form is invalid.", code="invalid_form")


def file_required() -> InvalidRequest:
    """The error for a form without a file in the field 'file'."""
    return InvalidRequest("Send the recording in the field 'file'.", code="audio_required")


def _is_complete(content_type: str, body: bytes) -> bool:
    """Whether the closing boundary is there; the parser takes a form that breaks off for an empty one."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    return bool(boundary) and b"--" + boundary + b"--" in body
