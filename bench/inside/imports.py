"""How long each module takes to import."""

from __future__ import annotations

import time
from importlib.machinery import ExtensionFileLoader, SourceFileLoader
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import ModuleType


class ImportTimes:
    """A context in which each import is timed, without the modules that it imports in turn."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._inner: list[float] = []
        self._own: list[tuple[Any, Any]] = []

    def __enter__(self) -> Self:
        for loader in (SourceFileLoader, ExtensionFileLoader):
            self._own.append((loader, vars(loader).get("exec_module")))
            setattr(loader, "exec_module", self._timed(loader.exec_module))  # noqa: B010 - a method of its base
        return self

    def __exit__(self, *_: object) -> None:
        for loader, own in self._own:
            if own is None:
                del loader.exec_module
            else:
                loader.exec_module = own

    def shares(self) -> dict[str, float]:
        """Return each module's share of the total time, by name."""
        whole = sum(self._seconds.values())
        return {name: seconds / whole for name, seconds in self._seconds.items()}

    def _timed(self, execute: Any) -> Any:
        def timed(loader: Any, module: ModuleType) -> None:
            self._inner.append(0.0)
            begin = time.perf_counter()
            try:
                execute(loader, module)
            finally:
                took = time.perf_counter() - begin
                inner = self._inner.pop()
                self._seconds[module.__name__] = took - inner
                if self._inner:
                    self._inner[-1] += took

        return timed
