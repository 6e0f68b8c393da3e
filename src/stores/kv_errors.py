"""The errors that a Workers KV binding raises."""

from __future__ import annotations


class KVError(Exception):
    """What the fake raises where the Workers runtime raises a `JsException` with the same message.

    `name` is the error's name in JavaScript: `Error` for a call that KV rejected, `TypeError` for one that
    the binding rejected before asking KV, and `SyntaxError` for a value that is not JSON.
    """

    def __init__(self, message: str, name: str = "Error") -> None:
        super().__init__(message)
        self.name = name


def rejection(method: str, status: int, reason: str) -> KVError:
    """Return the error of a call that KV rejected; `method` is GET, GET_BULK, PUT or DELETE."""
    return KVError(f"KV {method} failed: {status} {reason}")


def type_error(message: str) -> KVError:
    """Return the error of a call that the binding rejected before asking KV."""
    return KVError(message, "TypeError")
