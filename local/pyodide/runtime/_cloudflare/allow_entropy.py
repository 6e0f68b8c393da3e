"""How many calls for randomness start-up code may still make, and who made them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from _bench_entropy import budget as _budget  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# Emscripten's EIO, which the runtime raises.
EIO = 29
REFUSAL = "Randomness is not allowed while a Worker is starting"
# Modules that ask for randomness on behalf of others.
_GO_BETWEENS = {"contextlib", "importlib", "os", "random", "secrets", "uuid"}


class _Budget(Protocol):
    """The counter, which lies in JavaScript: WebAssembly's own calls go past Python. See entropy.mjs."""

    open: bool
    allowed: int
    asking: str

    def refused(self) -> None: ...


budget: _Budget = _budget


@contextmanager
def allow_bad_entropy_calls(n: int) -> Iterator[None]:
    """Let exactly `n` calls through, which get the same bytes in every isolate.

    One more is refused with an OSError; a call that was not made raises a RuntimeError at the end.
    """
    before, budget.allowed = budget.allowed, n
    try:
        yield
        left = budget.allowed
    finally:
        budget.allowed = before
    if left > 0:
        message = f"{left} unexpected leftover getentropy calls"
        raise RuntimeError(message)


def raise_unless_allowed() -> None:
    """Raise what the runtime raises, unless requests are served by now or a call has been allowed."""
    if budget.open:
        return
    budget.asking = asking_module()
    if budget.allowed <= 0:
        budget.refused()
        raise OSError(EIO, REFUSAL)


def asking_module() -> str:
    """The module whose code wants randomness, past those that fetch it for others."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - there is no public way to the caller's module
    while frame is not None:
        name = str(frame.f_globals.get("__name__", "?"))
        if name.partition(".")[0] not in _GO_BETWEENS and not name.startswith("_cloudflare"):
            return name
        frame = frame.f_back
    return "?"
