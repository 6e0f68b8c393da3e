"""miniflare's D1, which any number of Workers in Pyodide can share."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx2

from local.migrations import read_migrations
from local.pyodide.programs import spawn, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(__file__).parent / "serve_d1.mjs"
TIMEOUT_SECONDS = 60
# The tables that hold what the Worker stored: not SQLite's and D1's own, and no parts or views of an index.
TABLES = """
SELECT name FROM sqlite_schema AS one
WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND name NOT LIKE '@_cf@_%' ESCAPE '@'
AND sql NOT LIKE '%USING fts5vocab%' AND NOT EXISTS (
    SELECT 1 FROM sqlite_schema AS search_index
    WHERE search_index.sql LIKE 'CREATE VIRTUAL%'
    AND one.name LIKE search_index.name || '@_%' ESCAPE '@'
)
"""


class Database:
    """A database at `url`, to be passed to `PyodideWorker.start`, and to be looked into by tests."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, sql: str, *params: str | float | None) -> list[dict[str, Any]]:
        """Run a statement, or several of which the last one has the parameters, and return its rows.

        Raises `RuntimeError` with D1's message.
        """
        return cast("list[dict[str, Any]]", self.run(sql, *params)["results"])

    def run(self, sql: str, *params: str | float | None) -> dict[str, Any]:
        """Like `rows`, but return D1's whole result, with `meta`."""
        call = {"method": "all", "args": [], "statements": [{"sql": sql, "params": params}]}
        response = httpx2.post(self.url, json=call, timeout=TIMEOUT_SECONDS, trust_env=False)
        answer = response.raise_for_status().json()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return cast("dict[str, Any]", answer["result"])

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of each table."""
        names = [row["name"] for row in self.rows(TABLES)]
        return {name: self.rows(f'SELECT * FROM "{name}"') for name in names}  # noqa: S608 - its own tables

    def empty(self) -> None:
        """Delete all rows, and keep the tables."""
        for name in self.dump():
            self.run(f'DELETE FROM "{name}"')  # noqa: S608 - its own tables


@contextmanager
def running_database() -> Iterator[Database]:
    """Start an empty database with the tables that the migrations make; stop it at the end of the block."""
    process = spawn(PROGRAM, stderr=None)
    try:
        with process.stdout as lines:  # type: ignore[union-attr]
            database = Database(json.loads(lines.readline())["url"])
        for _, sql in sorted(read_migrations().items()):
            database.run(sql)
        yield database
    finally:
        stop(process)
