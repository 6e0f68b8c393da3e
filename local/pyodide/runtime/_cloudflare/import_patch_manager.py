"""Patches around the import of single modules, with the interface that the Workers SDK uses."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import wraps
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from .allow_entropy import REFUSAL, budget

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from importlib.machinery import ModuleSpec

Context: TypeAlias = "Callable[[Any], AbstractContextManager[Any]]"
Handler: TypeAlias = "Callable[[ModuleType], None]"
_Function = TypeVar("_Function", bound="Callable[..., Any]")


@dataclass
class _Patches:
    """The contexts around a module's creation and execution, and handlers for later."""

    create: Context = nullcontext
    execute: Context = nullcontext
    after_snapshot: Handler | None = None
    before_first_request: Handler | None = None


_registered: dict[str, _Patches] = {}
_imported: list[tuple[_Patches, ModuleType]] = []
_blocked: dict[str, ModuleType] = {}


class _Registrar(Protocol):
    """Returns a decorator that registers a function for the module `name`."""

    def __call__(self, name: str, /) -> Callable[[_Function], _Function]: ...


def _registrar(kind: str) -> _Registrar:
    def register(name: str, /) -> Callable[[_Function], _Function]:
        def decorate(function: _Function) -> _Function:
            setattr(_registered.setdefault(name, _Patches()), kind, function)
            return function

        return decorate

    return register


register_create_patch = _registrar("create")
register_exec_patch = _registrar("execute")
register_after_snapshot = _registrar("after_snapshot")
register_before_first_request = _registrar("before_first_request")


def block_calls(module: ModuleType, *, allowlist: Collection[str] = ()) -> None:
    """Refuse calls of functions in `module` until requests are served, except names in `allowlist`."""
    _blocked[module.__name__] = module
    sys.modules[module.__name__] = _Blocked(module, allowlist)


class _Blocked(ModuleType):
    def __init__(self, module: ModuleType, allowed: Collection[str]) -> None:
        super().__init__(module.__name__)
        vars(self).update({name: value for name, value in vars(module).items() if name.startswith("__")})
        self._blocked_module = module
        self._blocked_allowlist = allowed

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._blocked_module, name)
        if not callable(value) or name in self._blocked_allowlist:
            return value

        @wraps(value)
        def guarded(*args: Any, **options: Any) -> Any:
            if not budget.open:
                message = f"Cannot use {self.__name__}.{name}() outside of request context. {REFUSAL}"
                raise RuntimeError(message)
            return value(*args, **options)

        return guarded


class _PatchedLoader(Loader):
    def __init__(self, loader: Any, patches: _Patches) -> None:
        self._loader = loader
        self._patches = patches

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        budget.asking = spec.name
        with self._patches.create(spec):
            module: ModuleType | None = self._loader.create_module(spec)
            return module

    def exec_module(self, module: ModuleType) -> None:
        _imported.append((self._patches, module))
        budget.asking = module.__name__
        with self._patches.execute(module):
            self._loader.exec_module(module)


class PatchFinder(MetaPathFinder):
    """Finds modules through the other finders, and wraps the loaders of those that have patches."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the module's spec with a wrapped loader, or None if there are no patches for it."""
        patches = _registered.get(fullname)
        if patches is None:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        specs = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in specs if spec is not None), None)
        if spec is not None:
            spec.loader = _PatchedLoader(spec.loader, patches)
        return spec


def install() -> None:
    """Patch imports from now on; patched modules that are already imported are imported again."""
    for name in _registered:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, PatchFinder())


def take_snapshot() -> None:
    """Stop patching imports, unblock calls, and run the handlers for the end of start-up."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PatchFinder)]
    sys.modules.update(_blocked)
    for patches, module in _imported:
        if patches.after_snapshot is not None:
            patches.after_snapshot(module)


def serve_requests() -> None:
    """Run the handlers for the first request."""
    for patches, module in _imported:
        if patches.before_first_request is not None:
            patches.before_first_request(module)
