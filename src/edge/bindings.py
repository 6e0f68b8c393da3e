"""The Worker's bindings as the rest of the program uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edge.ai_binding import AITransport
from edge.d1_binding import D1Binding
from providers import BINDING as AI
from session_storage import DATABASE

if TYPE_CHECKING:
    from collections.abc import Callable

WRAPPERS: dict[str, Callable[[Any], object]] = {DATABASE: D1Binding, AI: AITransport}


class Bindings:
    """The Worker's `env`, in which the database is a `D1Binding` and `AI` an `AITransport`."""

    def __init__(self, env: Any) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        binding = getattr(self._env, name)
        return WRAPPERS[name](binding) if name in WRAPPERS else binding
