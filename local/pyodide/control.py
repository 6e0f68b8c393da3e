"""The control interface of a Worker in Pyodide: its bindings, its errors, and what its requests did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import httpx2

TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Control:
    """A client of the control server at `url`; no call takes longer than `TIMEOUT_SECONDS`."""

    url: str

    def call(self, operation: str, /, **arguments: object) -> Any:
        """Run one of the operations listed in main.mjs and return its result, parsed from JSON."""
        answer = httpx2.post(
            f"{self.url}/{operation}", json=arguments, timeout=TIMEOUT_SECONDS, trust_env=False
        )
        answer.raise_for_status()
        return answer.json()

    def counts(self) -> dict[str, int]:
        """Return how often the Worker has called each KV operation since the last `reset`."""
        return cast("dict[str, int]", self.call("kv/counts"))

    def await_count(self, operation: str, count: int) -> None:
        """Wait until the Worker has completed `count` calls of the KV operation `operation`."""
        self.call("kv/awaitCount", operation=operation, count=count)

    def reset(self) -> None:
        """Empty the KV namespace and clear counts and planned failures."""
        self.call("kv/reset")

    def fail_next(self, operation: str, message: str) -> None:
        """Make the Worker's next call of `operation` throw a JavaScript error with this message."""
        self.call("kv/failNext", operation=operation, message=message)

    def stored_keys(self) -> list[dict[str, Any]]:
        """Return every key's `name`, `expiration` (seconds since the epoch) and `metadata`."""
        return cast("list[dict[str, Any]]", self.call("kv/keys"))

    def get(self, key: str) -> str | None:
        """Return the value stored under `key`, or None."""
        return cast("str | None", self.call("kv/get", key=key))

    def put(self, key: str, value: str, **options: object) -> None:
        """Store `value` under `key`; `options` are KV's own, such as expirationTtl."""
        self.call("kv/put", key=key, value=value, options=options)

    def d1_counts(self) -> dict[str, float]:
        """Return the Worker's calls of D1 by operation since `reset_d1`, and what they took.

        That is `milliseconds`, and `rows_read` and `rows_written`, which D1 does not tell of the operations
        `first`, `raw` and `exec`.
        """
        return cast("dict[str, float]", self.call("d1/counts"))

    def fail_next_d1(self, operation: str, message: str, *, afterwards: bool = False) -> None:
        """Make the Worker's next call of `operation` throw a JavaScript error with this message.

        With `afterwards`, the call is carried out before, as if only its reply were lost.
        """
        self.call("d1/failNext", operation=operation, message=message, afterwards=afterwards)

    def reset_d1(self) -> None:
        """Clear the counts and planned failures of D1; what is stored stays."""
        self.call("d1/reset")

    def randomness(self) -> list[dict[str, Any]]:
        """Return requests for randomness at start-up: the module `asking`, and whether it was `granted`."""
        return cast("list[dict[str, Any]]", self.call("randomness"))

    def background_failures(self) -> list[str]:
        """Return the errors of all work passed to `waitUntil` since the start."""
        return cast("list[str]", self.call("backgroundFailures"))

    def await_abandoned(self, number: int) -> int:
        """Wait until the visitor of request `number` has left; return how many tasks were cancelled."""
        return int(self.call("awaitAbandoned", number=number))

    def bytes_taken(self, number: int) -> int:
        """Return how many bytes of the body of request `number` the Worker has read."""
        return int(self.call("bytesTaken", number=number))

    def log(self, line: str) -> None:
        """Append `line` to the log, after everything written so far."""
        self.call("log", line=line)

    def errors(self) -> list[str]:
        """Return the errors thrown by the Worker or the server around it since the last call."""
        return cast("list[str]", self.call("errors"))
