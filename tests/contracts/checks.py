"""What the contract suites share: the registry of checks, and assertions that something raises."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

Binding: TypeAlias = Any  # an implementation, or a JavaScript object behind a proxy
Check: TypeAlias = Callable[[Binding], Awaitable[None]]

UNSUPPORTED_VALUE = (
    "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."
)


def register(checks: dict[str, Check]) -> Callable[[Check], Check]:
    """Return a decorator that adds a check to `checks` by its name without the leading `check_`."""

    def add(check: Check) -> Check:
        checks[getattr(check, "__name__").removeprefix("check_")] = check  # noqa: B009 - Callable has no __name__
        return check

    return add


@contextmanager
def raised(expected: type[Exception]) -> Iterator[None]:
    """Expect this error; `pytest` is not in the Worker."""
    try:
        yield
    except expected:
        return
    raise AssertionError(f"{expected.__name__} was not raised")


async def raises(awaitable: Awaitable[Any], message: str) -> None:
    """Assert that `awaitable` raises an error of any type whose text contains `message`.

    The runtime raises JsExceptions and the fakes raise Python exceptions, so only the text is the same.
    """
    try:
        result = await awaitable
    except Exception as error:  # noqa: BLE001 - the type depends on the implementation
        assert message in str(error), (  # noqa: PT017 - pytest is not available in Pyodide
            f"expected an error with {message!r}, got {error!r}"
        )
    else:
        text = f"expected an error with {message!r}, got {result!r}"
        raise AssertionError(text)
