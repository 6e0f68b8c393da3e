"""The bench as tests hold it: a Node.js process that serves a Python Worker from Pyodide."""

from __future__ import annotations

import json
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, cast
from uuid import uuid4

import httpx2

from tests.node_tools import CACHE, PROJECT, node_tools
from tests.vendor import vendored_modules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RING = Path(__file__).parent
# A start takes about 6 s on two cores, 10 s with a cold cache of compiled modules.
START_SECONDS = 120
CONTROL_SECONDS = 20


class StartupFailed(Exception):
    """The Worker's top-level code raised: the text is Python's traceback.

    `randomness` lists the calls for randomness until then, as `Control.randomness` does.
    """

    def __init__(self, traceback: str, randomness: list[dict[str, Any]]) -> None:
        """Take what the bench printed."""
        super().__init__(traceback)
        self.randomness = randomness


@dataclass(frozen=True, slots=True)
class Control:
    """What tests see and do behind the Worker's back. It never waits longer than `CONTROL_SECONDS`."""

    url: str

    def call(self, operation: str, /, **arguments: object) -> Any:
        """The result of one of the operations that bench.mjs lists."""
        answer = httpx2.post(
            f"{self.url}/{operation}", json=arguments, timeout=CONTROL_SECONDS, trust_env=False
        )
        answer.raise_for_status()
        return answer.json()

    def counts(self) -> dict[str, int]:
        """How often the Worker called each operation of KV since the last `reset`."""
        return cast("dict[str, int]", self.call("kv/counts"))

    def await_count(self, operation: str, count: int) -> None:
        """Return once the Worker has ended `count` calls of `operation`."""
        self.call("kv/awaitCount", operation=operation, count=count)

    def reset(self) -> None:
        """Empty the KV namespace and forget counts and planned failures."""
        self.call("kv/reset")

    def fail_next(self, operation: str, message: str) -> None:
        """Let the Worker's next call of `operation` throw a JavaScript error with this message."""
        self.call("kv/failNext", operation=operation, message=message)

    def stored_keys(self) -> list[dict[str, Any]]:
        """All keys with their `name`, `expiration` (seconds since the epoch) and `metadata`."""
        return cast("list[dict[str, Any]]", self.call("kv/keys"))

    def get(self, key: str) -> str | None:
        """The value stored under `key`, or None."""
        return cast("str | None", self.call("kv/get", key=key))

    def put(self, key: str, value: str, **options: object) -> None:
        """Store `value` with KV's own options, such as expirationTtl."""
        self.call("kv/put", key=key, value=value, options=options)

    def check(self, suite: str, name: str) -> None:
        """Run one check of `tests.contracts.<suite>` inside Pyodide; where it fails, so does this."""
        failure = self.call("check", suite=suite, name=name)
        assert failure is None, failure

    def randomness(self) -> list[dict[str, Any]]:
        """The calls for randomness at start-up: each the module `asking`, and whether it was `granted`."""
        return cast("list[dict[str, Any]]", self.call("randomness"))

    def background_failures(self) -> list[str]:
        """The errors of work that was given to `waitUntil`, since the start."""
        return cast("list[str]", self.call("backgroundFailures"))

    def await_abandoned(self, number: int) -> int:
        """Return once the visitor of request `number` has left; how many tasks that ended."""
        return int(self.call("awaitAbandoned", number=number))

    def bytes_taken(self, number: int) -> int:
        """How much of the body of request `number` the Worker has read."""
        return int(self.call("bytesTaken", number=number))

    def log(self, line: str) -> None:
        """Let the bench write `line` to its log, after all that it has written before."""
        self.call("log", line=line)

    def errors(self) -> list[str]:
        """What was thrown by the Worker or by the bench itself since the last look."""
        return cast("list[str]", self.call("errors"))


@dataclass
class PyodideBench:
    """A running bench: the Worker answers at `base_url`."""

    process: subprocess.Popen[str]
    base_url: str = ""
    control: Control = field(default_factory=lambda: Control(""))
    _lines: list[str] = field(default_factory=list)
    _line_came: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def fresh(self) -> Iterator[Self]:
        """The bench with an empty KV namespace; at the end nothing must have been thrown in it."""
        self.control.reset()
        yield self
        assert self.control.errors() == []

    @classmethod
    def start(
        cls,
        *,
        env: Mapping[str, str],
        entry: str = "entry",
        folder: Path = PROJECT / "src",
        modules: Path | None = None,
        compiled: bool = True,
    ) -> Self:
        """Start an isolate of the module `entry` in `folder`, with `env` as vars and secrets.

        `modules` holds the vendored packages, those of uv.lock if it is not given; what is imported is kept
        `compiled` for the next start. The KV binding VOICE_SESSIONS is empty at first. One process is one
        isolate: other settings need another.
        Raises `StartupFailed` where the Worker's top-level code raises, and `node_tools.Unavailable` where
        this machine cannot run the bench.
        """
        bench = cls(
            _spawn({"entry": entry, "vars": dict(env), **_folders(folder, modules, compiled=compiled)})
        )
        threading.Thread(target=bench._read_log, daemon=True).start()
        try:
            bench._await_start()
        except BaseException:
            bench.stop()
            raise
        return bench

    def log(self) -> list[str]:
        """All lines that the Worker has written until now."""
        until_here = f"-- {uuid4()}"
        self.control.log(until_here)
        self.await_logged(until_here)
        return [line for line in self._lines if not line.startswith("-- ")]

    def await_logged(self, text: str) -> None:
        """Return once there is a line with `text`; raises `AssertionError` after `CONTROL_SECONDS`."""
        with self._line_came:
            came = self._line_came.wait_for(
                lambda: any(text in line for line in self._lines), CONTROL_SECONDS
            )
        assert came, f"{text!r} was not logged"

    def stop(self) -> None:
        """End the process, and workerd with it."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def _await_start(self) -> None:
        report = self._first_line()
        if "failed" in report:
            raise StartupFailed(report["failed"], report["randomness"])
        self.base_url = report["worker"]
        self.control = Control(report["control"])

    def _first_line(self) -> dict[str, Any]:
        timer = threading.Timer(START_SECONDS, self.process.kill)
        timer.start()
        line = cast("IO[str]", self.process.stdout).readline()
        timer.cancel()
        if not line:
            message = "\n".join(["The bench ended before it was ready:", *self._lines])
            raise RuntimeError(message)
        return cast("dict[str, Any]", json.loads(line))

    def _read_log(self) -> None:
        with cast("IO[str]", self.process.stderr) as lines:
            for line in lines:
                with self._line_came:
                    self._lines.append(line.rstrip("\n"))
                    self._line_came.notify_all()


def _folders(worker: Path, modules: Path | None, *, compiled: bool) -> dict[str, str]:
    folders = {"worker": worker, "modules": modules or vendored_modules(), "tests": PROJECT / "tests"}
    if compiled:
        folders["cache"] = CACHE / "pyodide_pycache"
        folders["cache"].mkdir(parents=True, exist_ok=True)
    return {name: str(folder) for name, folder in folders.items()}


def _spawn(options: dict[str, Any]) -> subprocess.Popen[str]:
    tools = node_tools()
    command = [str(tools.node), str(RING / "bench.mjs"), json.dumps(options)]
    return subprocess.Popen(
        command,
        env=tools.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
