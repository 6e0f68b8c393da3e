"""What was said with a known visitor before: list, search, read, rename, go on with, and delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from accounts import history_sql as sql
from accounts.errors import ConversationNotFound, SessionInUse
from accounts.records import Messages, Summaries, Summary, messages_of
from accounts.search import clauses_for, words_of
from clock import MILLISECOND
from errors import InvalidRequest
from session_id import fingerprint
from stores.d1_turns import milliseconds

if TYPE_CHECKING:
    from datetime import timedelta

    from clock import Clock
    from stores.d1_client import D1Client

_HANDLE = re.compile("[0-9a-f]{64}")
# Where a page ended: when its last conversation was last used, in milliseconds, and the handle.
_CURSOR = re.compile(rf"([0-9]{{1,15}})\.({_HANDLE.pattern})")


class History:
    """The conversations of known visitors. `owner` is always the visitor's key (see `Visitor`).

    Raises `ConversationNotFound` for a handle that does not exist, has expired or is another visitor's,
    `InvalidRequest` for a cursor of anything else, and what `D1Client` raises.
    """

    def __init__(self, client: D1Client, clock: Clock, closed: timedelta) -> None:
        """`closed` is how long a deleted conversation's sessions are refused."""
        self._client = client
        self._clock = clock
        self._closed = closed // MILLISECOND

    async def list(self, owner: str, *, limit: int, cursor: str | None = None) -> Summaries:
        """A page of the visitor's conversations, the one that was used last first."""
        return await self._page(sql.PAGE.format(texts="", conditions=""), owner, limit, cursor)

    async def search(self, owner: str, text: str, *, limit: int, cursor: str | None = None) -> Summaries:
        """Those whose title, questions or answers contain every word of `text`, in any letter case."""
        words = words_of(text)
        statement = sql.PAGE.format(**clauses_for(words))
        return await self._page(statement, owner, limit, cursor, words=words)

    async def read(self, owner: str, handle: str, *, limit: int, before: int | None = None) -> Messages:
        """The conversation's last `limit` turns, or the last before turn number `before`."""
        fields = self._fields_of_one(owner, handle, limit=limit + 1, before=before)
        summary, turns = await self._client.batch([sql.SUMMARY, sql.TURNS], **fields)
        return _messages(summary, turns, limit)

    async def rename(self, owner: str, handle: str, title: str) -> Summary:
        """Call the conversation `title`."""
        rows = await self._client.query(sql.RENAME, **self._fields_of_one(owner, handle, title=title))
        return _summary(rows)

    async def go_on(self, owner: str, handle: str, session_id: str, *, limit: int) -> Messages:
        """Let `session_id` go on with the conversation; returns what `read` does.

        Repeating it changes nothing. Raises `SessionInUse` if the session has another conversation.
        """
        session = fingerprint(session_id)
        fields = self._fields_of_one(owner, handle, session=session, limit=limit + 1, before=None)
        statements = [sql.MAKE_ROOM, sql.ADD_SESSION, sql.CONVERSATION_OF_SESSION, sql.SUMMARY, sql.TURNS]
        _, _, ((found,)), summary, turns = await self._client.batch(statements, **fields)
        messages = _messages(summary, turns, limit)
        if not found["same"]:
            raise SessionInUse
        return messages

    async def delete(self, owner: str, handle: str) -> None:
        """Delete the conversation, and close its sessions."""
        if not await self._close(self._fields_of_one(owner, handle)):
            raise ConversationNotFound

    async def delete_all(self, owner: str) -> None:
        """Delete everything about the visitor; if there is nothing, this is a no-op."""
        await self._close(self._fields(owner, id=None))

    async def move(self, owner: str, former: tuple[str, ...]) -> None:
        """Keep what is kept under the keys `former` under `owner`, which is the same visitor's."""
        await self._client.query(sql.MOVE, **self._fields(owner, former=former))

    async def _close(self, fields: dict[str, Any]) -> bool:
        until = fields["now"] + self._closed
        statements = [sql.DELETE_TURNS, sql.DELETE_PAIRINGS, sql.DELETE_AMENDMENTS, sql.CLOSE]
        *_, closed = await self._client.batch(statements, **fields, until=until)
        return bool(closed)

    async def _page(
        self, statement: str, owner: str, limit: int, cursor: str | None, **fields: object
    ) -> Summaries:
        updated_at, after = _position(cursor)
        fields |= {"limit": limit + 1, "updated_at": updated_at, "after": after}
        rows = await self._client.query(statement, **self._fields(owner, **fields))
        page, more = rows[:limit], len(rows) > limit
        end = f"{page[-1]['updated_at']}.{page[-1]['id']}" if more else None
        return Summaries(conversations=[Summary.model_validate(row) for row in page], next=end)

    def _fields(self, owner: str, **fields: object) -> dict[str, Any]:
        return {"owner": owner, "now": milliseconds(self._clock.now()), **fields}

    def _fields_of_one(self, owner: str, handle: str, **fields: object) -> dict[str, Any]:
        if not _HANDLE.fullmatch(handle):
            raise ConversationNotFound
        return self._fields(owner, id=handle, **fields)


def _position(cursor: str | None) -> tuple[int | None, str | None]:
    if cursor is None:
        return None, None
    found = _CURSOR.fullmatch(cursor)
    if not found:
        raise InvalidRequest("This page of the list does not exist.", code="invalid_cursor")
    return int(found[1]), found[2]


def _summary(rows: list[dict[str, Any]]) -> Summary:
    for row in rows:
        return Summary.model_validate(row)
    raise ConversationNotFound


def _messages(summary: list[dict[str, Any]], turns: list[dict[str, Any]], limit: int) -> Messages:
    page = turns[:limit][::-1]
    return Messages(
        summary=_summary(summary),
        messages=list(messages_of(page)),
        before=page[0]["number"] if len(turns) > limit else None,
    )
