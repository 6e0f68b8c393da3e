"""Workers KV's rules for keys and options, and the errors for whatever breaks them.

The limits are those of developers.cloudflare.com/kv/platform/limits. The messages, statuses and conversions
are what Cloudflare's local runtime was observed to use (miniflare 5.20261117, workerd 1.20261117);
tests/contracts/kv_contract.py holds the fake and the runtime to the same behaviour.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from math import isfinite
from typing import TYPE_CHECKING

from stores.kv_errors import rejection, type_error

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_KEY_BYTES = 512
MAX_LIST_KEYS = 1000
MAX_BULK_KEYS = 100
MIN_CACHE_TTL_SECONDS = 30
INT32 = range(-(2**31), 2**31)


def check_key(method: str, key: str) -> str:
    """Return `key` as KV stores it. Raises `KVError` if it is empty, `.`, `..` or longer than 512 bytes."""
    if not key:
        raise type_error("Key name cannot be empty.")
    if key in (".", ".."):
        raise type_error(f'"{key}" is not allowed as a key name.')
    return _check_length(method, key)


def check_bulk_keys(keys: list[str]) -> list[str]:
    """Return the `keys` of a bulk read as KV stores them; the errors are worded differently from a get's."""
    if not keys:
        raise rejection("GET_BULK", 400, "You must request a minimum of 1 key")
    if len(keys) > MAX_BULK_KEYS:
        raise rejection("GET_BULK", 400, f"You can request a maximum of {MAX_BULK_KEYS} keys")
    for key in keys:
        if not key:
            raise rejection("GET_BULK", 400, "Key names must not be empty")
        if key in (".", ".."):
            raise rejection("GET_BULK", 400, f'Illegal key name "{key}". Please use a different name.')
    return [_check_length("GET_BULK", key) for key in keys]


def check_read_options(method: str, options: Mapping[str, object]) -> object:
    """Return the requested type, `text` by default. Raises `KVError` if `cacheTtl` is under 30 seconds."""
    if "cacheTtl" in options:
        cache_ttl = to_int32(options["cacheTtl"])
        if cache_ttl < MIN_CACHE_TTL_SECONDS:
            reason = f"Invalid cache_ttl of {cache_ttl}. Cache TTL must be at least {MIN_CACHE_TTL_SECONDS}."
            raise rejection(method, 400, reason)
    return options.get("type", "text")


def check_bulk_type(options: Mapping[str, object]) -> object:
    """Return the requested type of a bulk read. Raises `KVError` unless it is `text` or `json`."""
    kind = options.get("type", "text")
    if kind not in ("text", "json"):
        raise rejection("GET_BULK", 400, f'"{kind}" is not a valid type. Use "json" or "text"')
    return kind


def list_range(options: Mapping[str, object]) -> tuple[str, int, str]:
    """Return the prefix, the limit and the key after which the page of a list call starts.

    A limit that is not a positive number means the default of 1,000. KV reports the errors of list as those
    of a GET.
    """
    limit = to_int32(options.get("limit"))
    if limit > MAX_LIST_KEYS:
        reason = f"Invalid key_count_limit of {limit}. Please specify an integer less than {MAX_LIST_KEYS}."
        raise rejection("GET", 400, reason)
    prefix = _check_length("GET", str(options.get("prefix") or ""))
    return prefix, limit if limit > 0 else MAX_LIST_KEYS, _decode_cursor(str(options.get("cursor") or ""))


def encode_cursor(key: str) -> str:
    """Return the cursor of a page whose last key is `key`."""
    return b64encode(key.encode()).decode()


def to_utf8(text: str) -> bytes:
    """Encode `text` as JavaScript does, which replaces unpaired surrogates."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def to_int32(value: object) -> int:
    """Convert an option as JavaScript does: fractions are cut off, and what is not a number becomes 0.

    Raises `KVError` if the number does not fit into 32 bits.
    """
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0
    whole = int(number) if isfinite(number) else 0
    if whole not in INT32:
        raise type_error(
            f"Value out of range. Must be between {INT32.start} and {INT32.stop - 1} (inclusive)."
        )
    return whole


def _check_length(method: str, key: str) -> str:
    encoded = to_utf8(key)
    if len(encoded) > MAX_KEY_BYTES:
        reason = f"UTF-8 encoded length of {len(encoded)} exceeds key length limit of {MAX_KEY_BYTES}."
        raise rejection(method, 414, reason)
    return encoded.decode()


def _decode_cursor(cursor: str) -> str:
    try:
        return b64decode(cursor).decode(errors="replace")
    except ValueError:
        return ""
