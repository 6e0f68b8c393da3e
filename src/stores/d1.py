"""The part of Cloudflare D1's interface that the agent uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

# What can be bound. D1 is given all numbers as JavaScript's, so integers beyond 2^53 cannot.
D1Value: TypeAlias = str | int | float | bytes | None
# `results`, a list of dicts by column; `success`; and `meta`, with `changes` and `last_row_id` among others.
D1Result: TypeAlias = dict[str, Any]


class D1Statement(Protocol):
    """A prepared statement. It is immutable and can be run any number of times."""

    def bind(self, *values: D1Value) -> D1Statement:
        """Return the same statement with values for its parameters `?` or `?1`, `?2` and so on.

        Raises `D1_TYPE_ERROR` if a value is of a type that D1 does not have.
        """
        ...

    async def all(self) -> D1Result:
        """Run the statement in a transaction of its own and return its rows."""
        ...


class D1Database(Protocol):
    """A D1 binding, as `env.VOICE_DB` gives it to a Python Worker.

    Every call may raise: `JsException` in the Workers runtime and `D1Error` from the shim, both with messages
    like `D1_ERROR: D1 DB is overloaded. Too many requests queued.`
    """

    def prepare(self, query: str) -> D1Statement:
        """Return a statement. Mistakes in `query` are reported when it is run."""
        ...

    async def batch(self, statements: Sequence[Any]) -> Sequence[D1Result]:
        """Run all `statements`, which `prepare` made, in order and in one transaction; return their results.

        If one fails, the others have no effect.
        """
        ...
