"""The errors that a D1 binding raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

# From SQLite 3 as D1 runs it; Python checks the length itself, in words of its own.
TOO_LONG = "statement too long: SQLITE_TOOBIG"
TOO_BIG = "string or blob too big: SQLITE_TOOBIG"
WRONG_NUMBER = "Wrong number of parameter bindings for SQL query."


class D1Error(Exception):
    """What the shim raises where the Workers runtime raises a `JsException` with the same message."""


def failure(reason: str) -> D1Error:
    """Return the error of a query that D1 could not run."""
    return D1Error(f"D1_ERROR: {reason}")


def reason_of(error: sqlite3.Error) -> str:
    """Return D1's words for an error of SQLite's: `UNIQUE constraint failed: t.a: SQLITE_CONSTRAINT (…)`.

    D1 also says at which offset of the statement the error is. Python's `sqlite3` does not know.
    """
    text = str(error)
    if text.startswith("Incorrect number of bindings"):
        return WRONG_NUMBER
    if text == "query string is too large":
        return TOO_LONG
    extended = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    primary = "_".join(extended.split("_")[:2])
    return f"{text}: {primary}" + (f" (extended: {extended})" if extended != primary else "")
