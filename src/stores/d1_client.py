"""Running statements in D1 within a timeout, with its errors as ours."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import to_json

from errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from stores.d1 import D1Database, D1Statement

Rows: TypeAlias = list[dict[str, Any]]

NO_TABLES = (
    "The database VOICE_DB lacks tables. Create them with: "
    "uv run --group deploy pywrangler d1 migrations apply VOICE_DB --env production --remote"
)

logger = logging.getLogger("voice_agent.storage")


class D1Client:
    """A database whose statements take one parameter each: `fields` as a JSON object.

    A statement reads them as `?1 ->> 'name'`, and a list as `json_each(?1 -> 'name')`. D1 has no parameters
    with names, and each further one would cross from Python to JavaScript by itself. Every call raises
    `StorageError` if D1 fails or takes longer than `timeout` seconds; that is logged.
    """

    def __init__(self, database: D1Database, timeout: float) -> None:
        self._database = database
        self._timeout = timeout

    async def query(self, statement: str, **fields: object) -> Rows:
        """Run one statement, in a transaction of its own, and return its rows."""
        result = await self._call("query", self._bound(statement, _json(fields)).all())
        rows: Rows = result["results"]
        return rows

    async def batch(self, statements: Sequence[str], **fields: object) -> list[Rows]:
        """Run `statements` in one transaction, and return the rows of each."""
        text = _json(fields)
        bound = [self._bound(statement, text) for statement in statements]
        return [result["results"] for result in await self._call("batch", self._database.batch(bound))]

    def _bound(self, statement: str, text: str) -> D1Statement:
        return self._database.prepare(statement).bind(text)

    async def _call(self, operation: str, call: Awaitable[Any]) -> Any:
        try:
            async with asyncio.timeout(self._timeout):
                return await call
        except TimeoutError as error:
            logger.warning("D1 %s took longer than %g s", operation, self._timeout)
            raise StorageError from error
        except Exception as error:
            # D1's errors are JavaScript errors, whose type only the runtime knows. They quote no values.
            if "no such table" in str(error):
                logger.error(NO_TABLES)  # noqa: TRY400 - a traceback would add nothing
            else:
                logger.warning("%s", error)
            raise StorageError from error


def _json(fields: dict[str, object]) -> str:
    return to_json(fields).decode()
