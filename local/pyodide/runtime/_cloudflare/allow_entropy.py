"""How many calls for randomness start-up code may still make, and which modules made them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from _entropy_budget import budget as _budget  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# Emscripten's EIO, the error that the runtime raises.
EIO = 29
REFUSAL = "Randomness is not allowed while a Worker is starting"
# Modules that request randomness on behalf of others.
_GO_BETWEENS = {"contextlib", "importlib", "os", "random", "secrets", "uuid"}


class _Budget(Protocol):
    """The counter, kept in entropy.mjs because WebAssembly's calls bypass Python."""

    open: bool
    allowed: int
    asking: str

    def refused(self) -> None: ...


budget: _Budget = _budget


@contextmanager
def allow_bad_entropy_calls(n: int) -> Iterator[None]:
    """Allow exactly `n` calls for randomness, which return the same bytes in every isolate.

    One more call raises OSError; fewer calls raise RuntimeError at the end of the block.
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
    """Raise the runtime's OSError unless start-up is over or a call is allowed."""
    if budget.open:
        return
    budget.asking = asking_module()
    if budget.allowed <= 0:
        budget.refused()
        raise OSError(EIO, REFUSAL)


def asking_module() -> str:
    """Return the module whose code requests randomness, skipping modules that do so for others."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - documented in the standard library
    while frame is not None:
        name = str(frame.f_globals.get("__name__", "?"))
        if name.partition(".")[0] not in _GO_BETWEENS and not name.startswith("_cloudflare"):
            return name
        frame = frame.f_back
    return "?"
