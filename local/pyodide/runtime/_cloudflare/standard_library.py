"""Guards for standard library modules that need randomness when imported or used."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from .allow_entropy import allow_bad_entropy_calls, raise_unless_allowed
from .import_patch_manager import (
    block_calls,
    register_after_snapshot,
    register_before_first_request,
    register_exec_patch,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

# `import random` seeds the Mersenne Twister with 2,496 bytes, and getentropy returns at most 256.
CALLS_TO_SEED = 10
_seeded: dict[str, Any] = {}


def guard_urandom() -> None:
    """Make `os.urandom` raise a clear error where WebAssembly would raise an I/O error."""
    urandom = os.urandom

    @wraps(urandom)
    def guarded(size: int, /) -> bytes:
        raise_unless_allowed()
        return urandom(size)

    os.urandom = guarded


@register_exec_patch("_random")
@contextmanager
def _guard_seed(module: Any) -> Iterator[None]:
    yield
    # If getentropy fails, the C code silently seeds with the time instead.
    seed = module.Random.seed

    @wraps(seed)
    def guarded(self: Any, value: object = None) -> None:
        if value is None:
            raise_unless_allowed()
        seed(self, value)

    module.Random.seed = guarded


@register_exec_patch("random")
@contextmanager
def _guard_random(module: ModuleType) -> Iterator[None]:
    with allow_bad_entropy_calls(CALLS_TO_SEED):
        yield
    _seeded["state"] = module.getstate()
    block_calls(module, allowlist=("Random", "SystemRandom"))


@register_after_snapshot("random")
def _assert_unused(module: ModuleType) -> None:
    if module.getstate() != _seeded["state"]:
        message = "start-up code used random numbers from `random`"
        raise RuntimeError(message)


@register_before_first_request("random")
def _seed_anew(module: ModuleType) -> None:
    module.seed()


@register_exec_patch("multiprocessing.process")
@contextmanager
def _allow_authkey(_module: ModuleType) -> Iterator[None]:
    with allow_bad_entropy_calls(1):
        yield
