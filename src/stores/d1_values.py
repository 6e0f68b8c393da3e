"""How values travel between Python and D1: through JavaScript and JSON, whose only number is a double.

The conversions and errors are those of Cloudflare's local runtime (miniflare 5.20261117, workerd 1.20261117)
and of the Python SDK (workers-runtime-sdk 1.9.5); tests/contracts/d1_contract.py holds the shim to them.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, TypeAlias

from stores.d1_errors import D1Error

MAX_SAFE_INTEGER = 2**53 - 1
SqliteValue: TypeAlias = str | float | bytes | None


class Fields(dict[str, Any]):
    """A dict whose items are attributes too, as the Python SDK makes of JavaScript's objects."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def to_sqlite(value: object) -> SqliteValue:
    """Return what SQLite is given when `value` is bound.

    Booleans and integers become floats, which columns of type INTEGER store as integers. NaN and infinities
    become None. A list of integers from 0 to 255 is a BLOB. Raises `D1Error` for what D1 has no type for, and
    `TypeError` for what the SDK does not convert.
    """
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return _well_formed(value)
    if isinstance(value, int | float):
        return _to_double(value)
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, tuple | bytearray):
        message = f"{type(value)} cannot be sent over RPC."
        raise TypeError(message)
    if isinstance(value, list) and all(isinstance(one, int) and 0 <= one < 256 for one in value):
        return bytes(value)
    raise _unsupported("object", value)


def to_python(value: SqliteValue) -> Any:
    """Return what the Worker receives for a value from SQLite.

    A BLOB is a list of integers. A number is an int if it is a whole one within ±(2^53 - 1), whatever its
    column's type, and a float otherwise; infinities are None.
    """
    if isinstance(value, bytes):
        return list(value)
    if not isinstance(value, int | float):
        return value
    number = float(value)
    if not isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) <= MAX_SAFE_INTEGER else number


def _to_double(value: float) -> float | None:
    if isinstance(value, int) and abs(value) >= MAX_SAFE_INTEGER:  # Pyodide makes BigInts of them
        raise _unsupported("bigint", value)
    number = float(value)
    return number if isfinite(number) else None


def _well_formed(text: str) -> str:
    """Replace each byte of an unpaired surrogate, as SQLite's text has no room for them."""
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return joined.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _unsupported(kind: str, value: object) -> D1Error:
    shown = "[object Object]" if isinstance(value, dict) else _joined(value)
    return D1Error(f"D1_TYPE_ERROR: Type '{kind}' not supported for value '{shown}'")


def _joined(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
