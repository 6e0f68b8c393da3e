"""Responses that are complete before they are sent, so that a behaviour can delay or break them anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.standin.errors import SERVER_ERROR, error_of_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class PlannedResponse:
    """A response, in the order in which it is sent: headers, opening, pieces, closing."""

    media_type: str
    pieces: Iterable[bytes]
    opening: bytes = b""
    closing: bytes = b""
    garbage: bytes = b""
    """Sent in place of a piece that is to be malformed."""
    error_event: bytes = b""
    """How a stream reports that it failed halfway; empty if there is no such event."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    has_length: bool = False
    """Whether the headers state the length of the body, which is then sent without pauses."""
    thinking_pieces: int = 0
    """The response starts after the time that a stream of so many pieces would take; 0 for no such delay."""


def json_response(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None, thinking_pieces: int = 0
) -> PlannedResponse:
    """`body` as JSON."""
    return whole_response(
        _encoded(body), "application/json", status=status, headers=headers, thinking_pieces=thinking_pieces
    )


def whole_response(
    data: bytes,
    media_type: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    thinking_pieces: int = 0,
) -> PlannedResponse:
    """`data` with its length in the headers; it is sent in two halves, so that it can break in between."""
    middle = len(data) // 2
    return PlannedResponse(
        media_type,
        [data[:middle]],
        closing=data[middle:],
        garbage=b'{"choices": [{',
        status=status,
        headers=headers or {},
        has_length=True,
        thinking_pieces=thinking_pieces,
    )


def event_stream(opening: bytes, pieces: list[bytes], closing: bytes) -> PlannedResponse:
    """A stream of server-sent events, as `event` makes them."""
    return PlannedResponse(
        "text/event-stream; charset=utf-8",
        pieces,
        opening=opening,
        closing=closing,
        garbage=b'data: {"id": "chatcmpl-\n\n',
        error_event=event(error_of_status(SERVER_ERROR).body()),
        headers={"cache-control": "no-cache"},
    )


def event(data: object) -> bytes:
    """One server-sent event with `data` as JSON."""
    return b"data: " + _encoded(data) + b"\n\n"


def _encoded(data: object) -> bytes:
    """`data` as JSON in UTF-8; a lone surrogate, which UTF-8 cannot encode, becomes a question mark."""
    return json.dumps(data, ensure_ascii=False).encode(errors="replace")
