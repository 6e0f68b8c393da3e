"""Workers KV's rules: what keys, values and options may be, and the errors that refuse the rest.

The limits are those of developers.cloudflare.com/kv/platform/limits. The texts, statuses and conversions were
read off Cloudflare's local runtime (miniflare 5.20261117, workerd 1.20261117); tests/contracts/kv_contract.py
holds both to the same behaviour.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

MAX_KEY_BYTES = 512
MAX_VALUE_BYTES = 25 * 1024 * 1024
MAX_METADATA_BYTES = 1024
MAX_LIST_KEYS = 1000
MAX_BULK_KEYS = 100
MIN_EXPIRATION_SECONDS = 60
MIN_CACHE_TTL_SECONDS = 30
INT32 = range(-(2**31), 2**31)


class KVError(Exception):
    """What the binding throws; in the Workers runtime it is a `JsException` with the same message.

    `name` is JavaScript's name for it: `Error` for what KV refuses, `TypeError` and `SyntaxError` for what is
    refused before or after the call to KV.
    """

    def __init__(self, message: str, name: str = "Error") -> None:
        """Take the whole message, such as `KV PUT failed: 429 Too Many Requests`."""
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class Entry:
    """What is stored under a key; `expiration` in seconds since the epoch, `metadata` as JSON."""

    value: bytes
    expiration: int | None
    metadata: str | None


def refuse(method: str, status: int, reason: str) -> NoReturn:
    """Raise the error of a call that KV answered with `status`; `method` is GET, GET_BULK, PUT or DELETE."""
    message = f"KV {method} failed: {status} {reason}"
    raise KVError(message)


def mistyped(message: str) -> NoReturn:
    """Raise the error of a call that the binding refused before it asked KV."""
    raise KVError(message, "TypeError")


def check_key(method: str, key: str) -> str:
    """`key` as KV stores it; raises KVError where it is empty, `.`, `..` or longer than 512 bytes."""
    if not key:
        mistyped("Key name cannot be empty.")
    if key in (".", ".."):
        mistyped(f'"{key}" is not allowed as a key name.')
    return _check_length(method, key)


def check_bulk_keys(keys: list[str]) -> list[str]:
    """The `keys` of one bulk read; its wording differs from that of a single read."""
    if not keys:
        refuse("GET_BULK", 400, "You must request a minimum of 1 key")
    if len(keys) > MAX_BULK_KEYS:
        refuse("GET_BULK", 400, f"You can request a maximum of {MAX_BULK_KEYS} keys")
    for key in keys:
        if not key:
            refuse("GET_BULK", 400, "Key names must not be empty")
        if key in (".", ".."):
            refuse("GET_BULK", 400, f'Illegal key name "{key}". Please use a different name.')
    return [_check_length("GET_BULK", key) for key in keys]


def check_read(method: str, options: Mapping[str, object]) -> object:
    """The type that a read asks for, `text` by default; raises KVError for a `cacheTtl` under 30 seconds."""
    if "cacheTtl" in options:
        cache_ttl = _int32(options["cacheTtl"])
        if cache_ttl < MIN_CACHE_TTL_SECONDS:
            reason = f"Invalid cache_ttl of {cache_ttl}. Cache TTL must be at least {MIN_CACHE_TTL_SECONDS}."
            refuse(method, 400, reason)
    return options.get("type", "text")


def new_entry(value: object, options: Mapping[str, object], now: int) -> Entry:
    """The entry that a put at `now` makes; raises KVError where value, expiry or metadata break a rule.

    Of `expirationTtl` and `expiration` the first counts where both are given.
    """
    stored = _value_bytes(value)
    expiration = _expiration(options, now)
    metadata = _metadata(options.get("metadata"))
    if len(stored) > MAX_VALUE_BYTES:
        refuse("PUT", 413, f"Value length of {len(stored)} exceeds limit of {MAX_VALUE_BYTES}.")
    return Entry(stored, expiration, metadata)


def render(value: bytes, kind: object) -> Any:
    """`value` as `text` (str), `json` (parsed), `arrayBuffer` or `stream`, as FakeKV.get says."""
    if kind == "text":
        return value.decode(errors="replace")
    if kind == "json":
        return parse_json(value)
    if kind == "arrayBuffer":
        return memoryview(value)
    if kind == "stream":
        return _stream(value)
    return mistyped('Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".')


def parse_json(value: bytes) -> Any:
    """The parsed value; raises KVError where it is not JSON (V8 has more wordings than the two used here)."""
    text = value.decode(errors="replace")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text)
        where = (
            "Unexpected end of JSON input" if at_end else f"Unexpected token in JSON at position {error.pos}"
        )
        raise KVError(where, "SyntaxError") from None


def list_page(options: Mapping[str, object]) -> tuple[str, int, str]:
    """Prefix, limit and the name after which the page starts; KV reports list errors as those of a GET.

    A limit under 1 means the default of 1,000, and so does what is no number.
    """
    limit = _int32(options.get("limit"))
    if limit > MAX_LIST_KEYS:
        reason = f"Invalid key_count_limit of {limit}. Please specify an integer less than {MAX_LIST_KEYS}."
        refuse("GET", 400, reason)
    prefix = _check_length("GET", str(options.get("prefix") or ""))
    return prefix, limit if limit > 0 else MAX_LIST_KEYS, _decode_cursor(str(options.get("cursor") or ""))


def encode_cursor(name: str) -> str:
    """The cursor of a page that ends with `name`."""
    return b64encode(name.encode()).decode()


def _decode_cursor(cursor: str) -> str:
    try:
        return b64decode(cursor).decode(errors="replace")
    except ValueError:
        return ""


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:  # JavaScript replaces lone surrogates where it encodes
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _check_length(method: str, key: str) -> str:
    encoded = _utf8(key)
    if len(encoded) > MAX_KEY_BYTES:
        reason = f"UTF-8 encoded length of {len(encoded)} exceeds key length limit of {MAX_KEY_BYTES}."
        refuse(method, 414, reason)
    return encoded.decode()


def _int32(value: object) -> int:
    """`value` as JavaScript hands it to KV: cut to a whole number, and 0 where it is no number."""
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0
    whole = int(number) if isfinite(number) else 0
    if whole not in INT32:
        mistyped(f"Value out of range. Must be between {INT32.start} and {INT32.stop - 1} (inclusive).")
    return whole


def _value_bytes(value: object) -> bytes:
    if isinstance(value, str):
        return _utf8(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if value is None or isinstance(value, int):  # stored as JavaScript writes them: null, true, 5
        return json.dumps(value).encode()
    mistyped("KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.")


def _expiration(options: Mapping[str, object], now: int) -> int | None:
    if "expirationTtl" in options:
        return now + _check_ttl(_int32(options["expirationTtl"]))
    if "expiration" in options:
        return _check_expiration(_int32(options["expiration"]), now)
    return None


def _check_ttl(ttl: int) -> int:
    if ttl <= 0:
        reason = "Please specify integer greater than 0."
    elif ttl < MIN_EXPIRATION_SECONDS:
        reason = f"Expiration TTL must be at least {MIN_EXPIRATION_SECONDS}."
    else:
        return ttl
    refuse("PUT", 400, f"Invalid expiration_ttl of {ttl}. {reason}")


def _check_expiration(expiration: int, now: int) -> int:
    if expiration <= now:
        reason = "Please specify integer greater than the current number of seconds since the UNIX epoch."
    elif expiration < now + MIN_EXPIRATION_SECONDS:
        reason = f"Expiration times must be at least {MIN_EXPIRATION_SECONDS} seconds in the future."
    else:
        return expiration
    refuse("PUT", 400, f"Invalid expiration of {expiration}. {reason}")


def _metadata(metadata: object) -> str | None:
    if metadata is None:
        return None
    encoded = _utf8(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")))
    if len(encoded) > MAX_METADATA_BYTES:
        reason = f"Metadata length of {len(encoded)} exceeds limit of {MAX_METADATA_BYTES}."
        refuse("PUT", 413, reason)
    return encoded.decode()


def _refuse_constant(constant: str) -> NoReturn:
    message = f'"{constant}" is not valid JSON'
    raise KVError(message, "SyntaxError")


async def _stream(value: bytes) -> AsyncIterator[bytes]:
    if value:
        yield value
