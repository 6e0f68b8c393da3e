"""A Python Worker served from Pyodide by a Node.js process."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, cast
from uuid import uuid4

from local.environment import ROOT
from local.node_tools import CACHE
from local.pyodide.control import Control
from local.pyodide.programs import spawn, stop
from local.pyodide.vendor import vendored_modules

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence

SOURCES = ROOT / "src"
PROGRAM = Path(__file__).parent / "main.mjs"
# A start takes about 6 s on two cores, 10 s if the packages have not been compiled yet.
START_SECONDS = 120
LOG_SECONDS = 20
_MARK = "-- "


class StartupFailed(Exception):
    """The Worker's top-level code raised; the message is Python's traceback.

    `randomness` lists the requests for randomness up to that point, as `Control.randomness` does.
    """

    def __init__(self, traceback: str, randomness: list[dict[str, Any]]) -> None:
        super().__init__(traceback)
        self.randomness = randomness


@dataclass
class PyodideWorker:
    """A running Worker that answers HTTP requests at `base_url`. One process is one isolate."""

    process: subprocess.Popen[str]
    base_url: str = ""
    control: Control = field(default_factory=lambda: Control(""))
    _lines: list[str] = field(default_factory=list)
    _line_came: threading.Condition = field(default_factory=threading.Condition)

    @classmethod
    def start(
        cls,
        *,
        env: Mapping[str, str],
        entry: str = "entry",
        folders: Sequence[Path] = (SOURCES,),
        modules: Path | None = None,
        compiled: bool = True,
        kv: bool = True,
        database: str | None = None,
        ai: str | None = None,
    ) -> Self:
        """Start an isolate of the module `entry` with `env` as vars and secrets.

        With `kv`, an empty namespace is bound as VOICE_SESSIONS; `database`, the URL of a `Database`, is
        bound as VOICE_DB, and `ai`, where a stand-in is served, as AI. `folders` is the Worker's import path,
        before `modules`, the folder of vendored packages (those pinned in uv.lock by default). With
        `compiled`, bytecode is cached for the next start. Raises `StartupFailed` if the Worker's top-level
        code raises, and `node_tools.Unavailable` if a required tool is missing.
        """
        options = {
            "entry": entry,
            "vars": dict(env),
            "folders": [str(folder) for folder in folders],
            "modules": str(modules or vendored_modules()),
            "cache": str(_bytecode_cache()) if compiled else None,
            "kv": kv,
            "database": database,
            "ai": ai,
        }
        worker = cls(spawn(PROGRAM, json.dumps(options)))
        threading.Thread(target=worker._read_log, daemon=True).start()
        try:
            worker._await_start()
        except BaseException:
            worker.stop()
            raise
        return worker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the process."""
        self.stop()

    def log(self) -> list[str]:
        """Return every line the Worker has logged so far."""
        mark = f"{_MARK}{uuid4()}"
        self.control.log(mark)
        self.await_logged(mark)
        return [line for line in self._lines if not line.startswith(_MARK)]

    def await_logged(self, text: str) -> None:
        """Wait for a log line that contains `text`; raises `TimeoutError` after `LOG_SECONDS`."""
        with self._line_came:
            came = self._line_came.wait_for(lambda: any(text in line for line in self._lines), LOG_SECONDS)
        if not came:
            message = f"{text!r} was not logged within {LOG_SECONDS} s"
            raise TimeoutError(message)

    def stop(self) -> None:
        """Stop the process, and with it the workerd it started for KV."""
        stop(self.process)

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
            message = "\n".join(["Node.js exited before the Worker was ready:", *self._lines])
            raise RuntimeError(message)
        return cast("dict[str, Any]", json.loads(line))

    def _read_log(self) -> None:
        with cast("IO[str]", self.process.stderr) as lines:
            for line in lines:
                with self._line_came:
                    self._lines.append(line.rstrip("\n"))
                    self._line_came.notify_all()


def _bytecode_cache() -> Path:
    folder = CACHE / "pyodide_pycache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
