"""A Worker that tries every source of randomness, at start-up and in requests, and reports the results."""

from __future__ import annotations

import json
import os
import random
import secrets
import uuid
from pathlib import Path
from random import choice
from typing import TYPE_CHECKING, Any

import js
from _cloudflare.allow_entropy import allow_bad_entropy_calls
from workers import Response, WorkerEntrypoint

if TYPE_CHECKING:
    from collections.abc import Callable


def spend(allowed: int, drawn: int) -> Callable[[], object]:
    """Return a function that makes `drawn` calls for randomness of which `allowed` are allowed."""

    def draw() -> object:
        with allow_bad_entropy_calls(allowed):
            return [os.urandom(4).hex() for _ in range(drawn)]

    return draw


def from_device() -> str:
    """Read eight bytes from the device file, bypassing all Python code."""
    with Path("/dev/urandom").open("rb", buffering=0) as device:
        return device.read(8).hex()


WAYS: dict[str, Callable[[], object]] = {
    "os.urandom": lambda: os.urandom(8).hex(),
    "secrets.token_hex": secrets.token_hex,
    "uuid.uuid4": uuid.uuid4,
    "random.random": random.random,
    "random.seed": random.seed,
    "random.choice": lambda: choice("abcdefgh"),  # noqa: S311 - expected to be refused
    "random.Random": lambda: random.Random().random(),  # noqa: S311 - expected to be refused
    "random.SystemRandom": lambda: random.SystemRandom().random(),
    "/dev/urandom": from_device,
    "crypto.randomUUID": lambda: js.crypto.randomUUID(),  # noqa: PLW0108 - looked up when called
}
BUDGETS: dict[str, Callable[[], object]] = {
    "as many as allowed": spend(2, 2),
    "more than allowed": spend(1, 2),
    "fewer than allowed": spend(2, 1),
    "an explicit seed": lambda: random.Random(7).random(),  # noqa: S311 - not secret
}


def tried(ways: dict[str, Callable[[], object]]) -> dict[str, str]:
    """Call each function and return its result or error as text, by name."""
    return {name: _tried(way) for name, way in ways.items()}


def _tried(way: Callable[[], object]) -> str:
    try:
        return str(way())
    except Exception as error:  # noqa: BLE001 - each fails differently
        return f"{type(error).__name__}: {error}"


AT_STARTUP = tried(WAYS)
BUDGETS_AT_STARTUP = tried(BUDGETS)


class Default(WorkerEntrypoint):
    """Reports the results at start-up, and those of two tries in the request."""

    async def fetch(self, _request: Any) -> Any:
        """Respond to any request with JSON."""
        found = {"startup": AT_STARTUP, "budgets": BUDGETS_AT_STARTUP, "request": [tried(WAYS), tried(WAYS)]}
        return Response(json.dumps(found), headers={"content-type": "application/json"})
