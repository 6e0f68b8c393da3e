"""The databases that knowledge is pushed to: that of a local run, or D1 through wrangler."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stores.d1_sqlite import Query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stores.d1_sqlite import SqliteDatabase

# Statements that are run together, in one transaction.
_BATCH = 500
WRANGLER = ("uv", "run", "--group", "deploy", "pywrangler")


class WranglerError(Exception):
    """`wrangler` failed; the message is what it said."""


class DatabaseTarget:
    """The database of a local run."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def query(self, statement: str) -> list[Mapping[str, Any]]:
        """Run one statement and return its rows."""
        (outcome,) = self._database.run([Query(statement)])
        return [dict(zip(outcome.columns, row, strict=True)) for row in outcome.rows]

    def run(self, statements: Sequence[str]) -> None:
        """Run `statements` in order."""
        for start in range(0, len(statements), _BATCH):
            self._database.run([Query(one) for one in statements[start : start + _BATCH]])


class WranglerTarget:
    """A D1 database, through `wrangler d1 execute`. Every call may raise `WranglerError`."""

    def __init__(self, *options: str, command: Sequence[str] = WRANGLER) -> None:
        """`options` say which: `--remote` or `--local`, and `--env`."""
        self._command = (*command, "d1", "execute", "VOICE_DB", *options, "--yes", "--json")

    def query(self, statement: str) -> list[Mapping[str, Any]]:
        """Run one statement and return its rows."""
        rows: list[Mapping[str, Any]] = json.loads(self._execute("--command", statement))[0]["results"]
        return rows

    def run(self, statements: Sequence[str]) -> None:
        """Run `statements` in order, all from one file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "knowledge.sql"
            path.write_text("\n".join(statements), encoding="utf-8")
            self._execute("--file", str(path))

    def _execute(self, *arguments: str) -> str:
        command = [*self._command, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        if done.returncode:
            raise WranglerError((done.stderr or done.stdout).strip())
        return done.stdout[done.stdout.find("[") :]
