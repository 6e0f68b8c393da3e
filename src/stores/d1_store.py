"""The session store in D1: strongly consistent, with a row for each turn."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from amendments import joined
from clock import MILLISECOND
from errors import ConversationOfAnother, SessionClosed, TurnReplaced
from session_id import fingerprint, short_fingerprint
from stored_types import MAX_COUNT, MAX_EARLIER
from stores import d1_sql
from stores.d1_amendments_sql import AMENDING_EXCHANGE
from stores.d1_client import D1Client
from stores.d1_turns import exchanges_of, from_milliseconds, milliseconds, readable_part, rows_of
from stores.session_store import Saved, SessionStorage
from stores.titles import title_of
from voice_session import VoiceSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clock import Clock
    from models import Exchange
    from settings import Settings
    from stores.d1 import D1Database
    from stores.d1_client import Rows

# A turn that began elsewhere before the close may end, and be tried again, within this time.
MIN_CLOSED = timedelta(hours=1)

logger = logging.getLogger("voice_agent.sessions")


def closed_for(settings: Settings) -> timedelta:
    """How long it is remembered that a session was closed."""
    return max(timedelta(seconds=settings.session_ttl_seconds), MIN_CLOSED)


class D1SessionStorage(SessionStorage):
    """Sessions in a D1 database, whose tables are those of migrations/.

    An exchange is one query and one batch, which is a transaction: every later read shows what was saved,
    wherever it is made, and a turn is saved once, however often that is tried. An unreadable turn is logged
    and left out.
    """

    name = "d1"
    consistent = True

    def __init__(self, database: D1Database, settings: Settings, clock: Clock) -> None:
        super().__init__(settings, clock)
        self._client = D1Client(database, settings.storage_timeout_seconds)
        self._closed_for = closed_for(settings) // MILLISECOND
        self._kept = settings.max_messages // 2
        self._limits = {
            "kept": self._kept,
            "ttl": self._ttl // MILLISECOND,
            "max_age": self._max_age // MILLISECOND,
            "history": timedelta(days=settings.history_days) // MILLISECOND,
        }

    async def append(
        self, session: VoiceSession, exchanges: Sequence[Exchange], owner: str | None = None
    ) -> Saved:
        fields: dict[str, Any] = {
            "exchanges": rows_of(exchanges),
            "turn": 0,
            "tokens": 0,
            "created_at": self._now(),
            "amends": reduce(joined, (exchange.amends for exchange in exchanges)),
        }
        if owner is not None:
            messages = session.merged(exchanges).messages
            first = messages[0].content if messages else exchanges[-1].question
            fields.update(owner=owner, title=title_of(first))
        conversation, added = await self._save(session, fields)
        numbers = {row["turn_id"]: row["number"] for row in added}
        number = numbers.get(exchanges[-1].turn_id) or await self._number(session, exchanges[-1])
        kept = min(conversation["turn"], self._kept)
        return Saved(number, from_milliseconds(conversation["expires_at"]), 2 * kept)

    async def create_session(self, session_id: str) -> VoiceSession:
        await self.delete_session(session_id)
        return await super().create_session(session_id)

    async def delete_session(self, session_id: str) -> None:
        await self._client.query(d1_sql.DELETE, session=fingerprint(session_id))

    async def close_session(self, session_id: str, owner: str | None = None) -> None:
        now = self._now()
        times = {"now": now, "until": now + self._closed_for}
        results = await self._client.batch(
            d1_sql.CLOSE, session=fingerprint(session_id), owner=owner, **times
        )
        if not results[-1][0]["closed"]:
            raise ConversationOfAnother

    async def is_closed(self, session_id: str) -> bool:
        rows = await self._client.query(d1_sql.IS_CLOSED, session=fingerprint(session_id), now=self._now())
        return bool(rows and rows[0]["closed"])

    async def _read(self, session_id: str, *, thorough: bool) -> VoiceSession | None:
        del thorough  # there is one place
        rows = await self._client.query(
            d1_sql.READ, session=fingerprint(session_id), now=self._now(), kept=self._kept
        )
        if not rows:
            return None
        if rows[0]["closed"]:
            raise SessionClosed
        found = _parse(session_id, rows[0]["session"])
        return found and found.model_copy(update={"session_id": session_id}).trimmed(self._max_messages)

    async def _write(self, session: VoiceSession, lifetime: timedelta) -> VoiceSession:
        """Add what is not there yet of `session`; a conversation that begins with it is as old as it is."""
        del lifetime  # is that of the stored conversation
        exchanges = exchanges_of(session)
        last = session.messages[-1] if session.messages else None
        fields = {
            "exchanges": rows_of(exchanges),
            "created_at": milliseconds(session.created_at),
            "turn": min(session.turn, MAX_COUNT // 2) - len(exchanges),
            "tokens": min(session.tokens, MAX_COUNT // 2),
            "unanswered": last if last and last.role == "user" else None,
            "amends": session.amended,
        }
        try:
            await self._save(session, fields)
        except SessionClosed:
            return session
        return await self.get_session(session.session_id) or session

    async def _save(self, session: VoiceSession, fields: dict[str, Any]) -> tuple[dict[str, Any], Rows]:
        """Save `fields`; returns the conversation, and the turns that were not there yet."""
        owner = fields.get("owner")
        kept = self._kept if owner is None else d1_sql.KEPT_OF_KNOWN
        statements = [
            *([d1_sql.ADOPT] if owner is not None and session.owner is None else ()),
            *([d1_sql.DELETE_TURNS] if session.turn >= kept + MAX_EARLIER else ()),
            *(AMENDING_EXCHANGE if fields["amends"] else d1_sql.EXCHANGE),
        ]
        results = await self._client.batch(
            statements, session=fingerprint(session.session_id), now=self._now(), **self._limits, **fields
        )
        saved, added = results[statements.index(d1_sql.SAVE)], results[statements.index(d1_sql.ADD_TURNS)]
        if not saved:
            raise SessionClosed if await self.is_closed(session.session_id) else ConversationOfAnother
        return saved[0], added

    async def _number(self, session: VoiceSession, exchange: Exchange) -> int:
        """The number of a turn that was stored before. Raises `TurnReplaced` if there is none."""
        rows = await self._client.query(
            d1_sql.FIND_NUMBER, session=fingerprint(session.session_id), turn_id=exchange.turn_id
        )
        if not rows:
            raise TurnReplaced
        return int(rows[0]["number"])

    def _now(self) -> int:
        return milliseconds(self._clock.now())


def _parse(session_id: str, text: str) -> VoiceSession | None:
    """The session in `text` as far as it can be read; None if it cannot."""
    try:
        return VoiceSession.model_validate_json(text)
    except ValidationError as error:
        name, reason = short_fingerprint(session_id), error.errors()[0]["type"]
        logger.warning("Session %s: ignored what is unreadable in it (%s)", name, reason)
    with suppress(ValueError):
        return readable_part(text)
    return None
