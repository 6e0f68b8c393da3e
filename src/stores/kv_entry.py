"""What is stored under a key: the entry that a put makes, and its value in the types that a get offers.

The order of the checks and the wording of the errors are those of Cloudflare's local runtime; see kv_rules.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from stores.kv_errors import KVError, rejection, type_error
from stores.kv_rules import to_int32, to_utf8

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

MAX_VALUE_BYTES = 25 * 1024 * 1024
MAX_METADATA_BYTES = 1024
MIN_EXPIRATION_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored value, with its `expiration` in seconds since the epoch and its `metadata` as JSON."""

    value: bytes
    expiration: int | None
    metadata: str | None

    def render(self, kind: object) -> Any:
        """Return the value as `text` (str), `json` (parsed), `arrayBuffer` (memoryview) or `stream`.

        Raises `KVError` if the value is not JSON, or if there is no such type.
        """
        if kind == "text":
            return self.value.decode(errors="replace")
        if kind == "json":
            return _parse_json(self.value)
        if kind == "arrayBuffer":
            return memoryview(self.value)
        if kind == "stream":
            return _stream(self.value)
        raise type_error(
            'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".'
        )

    def parsed_metadata(self) -> Any:
        """Return the metadata as it was given to put, or None."""
        return None if self.metadata is None else json.loads(self.metadata)


def new_entry(value: object, options: Mapping[str, object], now: int) -> Entry:
    """Return the entry that a put at `now` makes. Raises `KVError` if value, expiry or metadata break a rule.

    If both `expirationTtl` and `expiration` are given, the former takes precedence.
    """
    stored = _value_bytes(value)
    expiration = _expiration(options, now)
    metadata = _metadata_json(options.get("metadata"))
    if len(stored) > MAX_VALUE_BYTES:
        raise rejection("PUT", 413, f"Value length of {len(stored)} exceeds limit of {MAX_VALUE_BYTES}.")
    return Entry(stored, expiration, metadata)


def _value_bytes(value: object) -> bytes:
    if isinstance(value, str):
        return to_utf8(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if value is None or isinstance(value, int):  # stored as JavaScript writes them: null, true, 5
        return json.dumps(value).encode()
    raise type_error(
        "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."
    )


def _expiration(options: Mapping[str, object], now: int) -> int | None:
    if "expirationTtl" in options:
        return now + _check_ttl(to_int32(options["expirationTtl"]))
    if "expiration" in options:
        return _check_expiration(to_int32(options["expiration"]), now)
    return None


def _check_ttl(ttl: int) -> int:
    if ttl <= 0:
        reason = "Please specify integer greater than 0."
    elif ttl < MIN_EXPIRATION_SECONDS:
        reason = f"Expiration TTL must be at least {MIN_EXPIRATION_SECONDS}."
    else:
        return ttl
    raise rejection("PUT", 400, f"Invalid expiration_ttl of {ttl}. {reason}")


def _check_expiration(expiration: int, now: int) -> int:
    if expiration <= now:
        reason = "Please specify integer greater than the current number of seconds since the UNIX epoch."
    elif expiration < now + MIN_EXPIRATION_SECONDS:
        reason = f"Expiration times must be at least {MIN_EXPIRATION_SECONDS} seconds in the future."
    else:
        return expiration
    raise rejection("PUT", 400, f"Invalid expiration of {expiration}. {reason}")


def _metadata_json(metadata: object) -> str | None:
    if metadata is None:
        return None
    encoded = to_utf8(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")))
    if len(encoded) > MAX_METADATA_BYTES:
        reason = f"Metadata length of {len(encoded)} exceeds limit of {MAX_METADATA_BYTES}."
        raise rejection("PUT", 413, reason)
    return encoded.decode()


def _parse_json(value: bytes) -> Any:
    """Return the parsed value. Raises `KVError` if it is not JSON, with one of the messages that V8 has."""
    text = value.decode(errors="replace")
    try:
        return json.loads(text, parse_constant=_reject_constant)
    except json.JSONDecodeError as error:
        if error.pos >= len(text):
            message = "Unexpected end of JSON input"
        else:
            message = f"Unexpected token in JSON at position {error.pos}"
        raise KVError(message, "SyntaxError") from None


def _reject_constant(constant: str) -> NoReturn:
    """Reject NaN and Infinity, which Python's parser accepts."""
    message = f'"{constant}" is not valid JSON'
    raise KVError(message, "SyntaxError")


async def _stream(value: bytes) -> AsyncIterator[bytes]:
    if value:
        yield value
