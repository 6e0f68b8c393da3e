"""What contract suites share: the registry of checks, and errors by their message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

Binding: TypeAlias = Any  # what is checked: an implementation, or a JavaScript object behind a proxy
Check: TypeAlias = Callable[[Binding], Awaitable[None]]


def register(checks: dict[str, Check]) -> Callable[[Check], Check]:
    """A decorator that puts a check into `checks` under its name, without the leading `check_`."""

    def add(check: Check) -> Check:
        checks[getattr(check, "__name__").removeprefix("check_")] = check  # noqa: B009 - Callable has no __name__
        return check

    return add


async def raises(awaitable: Awaitable[Any], message: str) -> None:
    """Assert that `awaitable` raises an error whose text contains `message`, whatever its type.

    The runtime's errors are JsExceptions, the fakes' are Python's own: their text is what they share.
    """
    try:
        result = await awaitable
    except Exception as error:  # noqa: BLE001 - the type depends on the implementation
        assert message in str(error), (  # noqa: PT017 - pytest is not there in Pyodide
            f"expected an error with {message!r}, got {error!r}"
        )
    else:
        text = f"expected an error with {message!r}, got {result!r}"
        raise AssertionError(text)
