"""The contract of every session store, run on D1, and what that store keeps in its tables.

`CHECKS` maps names to async functions that take a binding with the tables of migrations/, which need not be
empty: the shim or, in the Pyodide ring, miniflare's.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

from errors import ConversationOfAnother, SessionClosed
from models import Exchange
from session_id import fingerprint, generate_session_id, generate_turn_id
from stored_types import MAX_EARLIER
from stores.d1_sql import EXPIRED_AT_ONCE, KEPT_OF_KNOWN
from stores.d1_store import D1SessionStorage
from stores.session_store import Saved
from tests.clocks import START
from tests.contracts import amendments_contract, storage_contract
from tests.contracts.checks import Binding, Check, raised, register
from tests.contracts.storage_contract import TTL, Store
from voice_session import VoiceSession

CHECKS: dict[str, Check] = {}
TABLES = ("conversations", "turns", "sessions", "pairings", "amendments")
DAY = 86_400


class D1Store(Store):
    """A store on `db`, whose rows can be read. `owner` is a visitor that no other store of a test has."""

    def __init__(self, db: Binding, **settings: Any) -> None:
        super().__init__(partial(D1SessionStorage, db), **settings)
        self.db = db
        self.hash = fingerprint(self.id)
        self.owner = fingerprint(generate_session_id())

    async def append(self, text: str, *, turn_id: str | None = None, owner: str | None = None) -> Saved:
        """Read, then add one exchange of this text, as the conversation does."""
        return await self.add(await self.storage.open_session(self.id), text, turn_id=turn_id, owner=owner)

    async def add(
        self, session: VoiceSession, *texts: str, turn_id: str | None = None, owner: str | None = None
    ) -> Saved:
        """Add exchanges to the session as it was read."""
        exchanges = [
            Exchange(
                turn_id=turn_id or generate_turn_id(),
                question=text,
                answer=f"Answer to {text}",
                timestamp=self.clock.now(),
                tokens=10,
            )
            for text in texts
        ]
        return await self.storage.append(session, exchanges, owner)

    async def pair(self) -> None:
        """Store a code for another device."""
        values = f"('code {self.hash}', '{self.hash}', 0)"
        await self.db.prepare(f"INSERT INTO pairings (code, conversation, expires_at) VALUES {values}").all()  # noqa: S608

    async def rows(self, table: str, condition: str = "true") -> list[dict[str, Any]]:
        """The rows of `table` in which `condition` holds."""
        result = await self.db.prepare(f"SELECT * FROM {table} WHERE {condition}").all()  # noqa: S608
        return list(result["results"])

    async def conversation(self) -> dict[str, Any]:
        """The row of this store's own conversation."""
        (row,) = await self.rows("conversations", f"id = '{self.hash}'")
        return row

    async def turns(self) -> list[dict[str, Any]]:
        """The turns of this store's own conversation, in order."""
        return await self.rows("turns", f"conversation = '{self.hash}' ORDER BY number")

    async def dump(self) -> str:
        """All that the database holds, as text."""
        return str([await self.rows(table) for table in TABLES])


def on_d1(check: storage_contract.Check) -> Check:
    """A check of the storage contract as one of the store on D1."""
    return lambda db: check(partial(D1Store, db))


CHECKS.update(
    {name: on_d1(check) for name, check in {**storage_contract.CHECKS, **amendments_contract.CHECKS}.items()}
)


@register(CHECKS)
async def check_what_append_returns(db: Binding) -> None:
    """The number, the expiry and the number of messages kept are those of what is stored."""
    store = D1Store(db)
    for number in range(1, 8):
        store.clock.advance(10)
        saved = await store.append(f"question {number}")
        assert saved == Saved(number, store.clock.now() + timedelta(seconds=TTL), min(2 * number, 10))
    session = await store.storage.get_session(store.id)
    assert session is not None
    assert (session.turn, session.tokens, session.expires_at) == (7, 70, saved.expires_at)


@register(CHECKS)
async def check_turn_is_stored_once(db: Binding) -> None:
    """A turn that is saved again keeps its number, text and tokens, also after it has been emptied."""
    store, turn_id = D1Store(db), generate_turn_id()
    await store.append("zero")
    assert (await store.append("one", turn_id=turn_id)).number == 2
    assert (await store.append("again", turn_id=turn_id)).number == 2
    session = await store.storage.open_session(store.id)
    assert (session.turn, session.tokens) == (2, 20)
    for number in range(3, 9):
        await store.append(f"question {number}")
    assert (await store.append("again", turn_id=turn_id)).number == 2
    assert [turn["number"] for turn in await store.turns()] == list(range(1, 9))


@register(CHECKS)
async def check_only_what_is_new_is_added(db: Binding) -> None:
    """A retry may contain exchanges that have been stored, before and after those that have not."""
    store = D1Store(db)
    session = await store.storage.open_session(store.id)
    at = store.clock.now()
    exchanges = [
        Exchange(turn_id=f"turn {n}", question=f"question {n}", answer="", timestamp=at) for n in range(4)
    ]
    await store.storage.append(session, [exchanges[1]])
    saved = await store.storage.append(session, exchanges)
    assert saved.number == 4
    assert [turn["turn_id"] for turn in await store.turns()] == ["turn 1", "turn 0", "turn 2", "turn 3"]


@register(CHECKS)
async def check_turns_at_once(db: Binding) -> None:
    """All turns of one conversation that are saved at once are kept, and numbered without gaps."""
    stores = [D1Store(db) for _ in range(2)]
    one, other = stores
    other.id = one.id
    sessions = await asyncio.gather(*(store.storage.open_session(one.id) for store in stores))
    saved = await asyncio.gather(
        *(stores[n % 2].add(sessions[n % 2], f"question {n}") for n in range(20)),
    )
    assert sorted(each.number for each in saved) == list(range(1, 21))
    assert (await one.conversation())["turn"] == 20
    assert len({turn["turn_id"] for turn in await one.turns()}) == 20


@register(CHECKS)
async def check_texts_that_are_not_kept_are_removed(db: Binding) -> None:
    """Only the last five turns have texts; the ids of the 50 before them are known."""
    store = D1Store(db)
    for number in range(1, 10):
        await store.append(f"secret {number} of {store.hash}")
    dump = await store.dump()
    assert [n for n in range(1, 10) if f"secret {n} of {store.hash}" in dump] == [5, 6, 7, 8, 9]
    for number in range(10, 63):
        await store.append(f"question {number}")
    assert len(await store.turns()) <= 5 + MAX_EARLIER + 1
    session = await store.storage.get_session(store.id)
    assert session is not None
    assert len(session.earlier) == MAX_EARLIER


@register(CHECKS)
async def check_no_row_contains_an_id(db: Binding) -> None:
    """An id is a credential, and who may read the database need not have it."""
    store = D1Store(db)
    await store.append("question")
    await store.storage.close_session(store.id)
    assert store.id not in await store.dump()


@register(CHECKS)
async def check_closed_session_leaves_a_mark(db: Binding) -> None:
    """Nothing else of it is left, and the mark is deleted when a late turn cannot come any more."""
    store = D1Store(db)
    await store.append("secret", owner=store.owner)
    await store.pair()
    await store.storage.close_session(store.id, store.owner)
    row = await store.conversation()
    assert await store.turns() == await store.rows("pairings", f"conversation = '{store.hash}'") == []
    assert (row["owner"], row["title"], row["turn"], row["tokens"]) == (None, "", 0, 0)
    store.clock.advance(TTL)
    assert not await store.storage.is_closed(store.id)
    assert (await store.append("another")).number == 1


@register(CHECKS)
async def check_late_turn_is_refused(db: Binding) -> None:
    """A turn that was under way anywhere when its session was closed stores nothing."""
    for first in (False, True):
        store = D1Store(db)
        if not first:
            await store.append("question")
        session = await store.storage.open_session(store.id)
        await store.storage.close_session(store.id)
        with raised(SessionClosed):
            await store.add(session, "late")
        assert await store.turns() == []


@register(CHECKS)
async def check_another_session_of_a_conversation(db: Binding) -> None:
    """A session that goes on with a conversation sees it, adds to it and is closed with it."""
    store, other = D1Store(db), D1Store(db)
    await store.append("one")
    values = f"('{other.hash}', '{store.hash}')"
    await db.prepare(f"INSERT INTO sessions (id, conversation) VALUES {values}").all()  # noqa: S608
    assert (await other.append("two")).number == 2
    assert await store.contents() == await other.contents()
    await other.storage.close_session(other.id)
    for each in (store, other):
        assert await each.storage.is_closed(each.id)
        with raised(SessionClosed):
            await each.append("three")


@register(CHECKS)
async def check_expired_conversations_are_deleted(db: Binding) -> None:
    """Each exchange deletes a few, with their turns and whatever else belongs to them."""
    store = D1Store(db)
    expired = [D1Store(db) for _ in range(2 * EXPIRED_AT_ONCE)]
    for each in expired:
        await each.append("secret")
        await each.pair()
    await db.prepare(f"UPDATE conversations SET expires_at = 1 WHERE id <> '{store.hash}'").all()  # noqa: S608
    left = len(await store.rows("conversations"))
    while left:
        await store.append("question")
        await store.storage.delete_session(store.id)
        remaining = len(await store.rows("conversations"))
        assert remaining == max(0, left - EXPIRED_AT_ONCE)
        left = remaining
    assert not any([await store.rows(table) for table in TABLES])


@register(CHECKS)
async def check_conversation_that_expires_starts_anew(db: Binding) -> None:
    """Nothing of it is seen any more, and the next turn is the first, with nothing of the old ones left."""
    store = D1Store(db)
    for number in range(3):
        await store.append(f"secret {number} of {store.hash}")
    session = await store.storage.open_session(store.id)
    store.clock.advance(TTL)
    assert await store.contents() == []
    assert (await store.add(session, "question")).number == 1
    assert await store.contents() == ["question", "Answer to question"]
    assert f"of {store.hash}" not in await store.dump()


@register(CHECKS)
async def check_conversation_starts_anew_though_others_expired_before(db: Binding) -> None:
    """An exchange deletes its own expired conversation in any case, however many others wait."""
    others = [D1Store(db) for _ in range(EXPIRED_AT_ONCE + 2)]
    for each in others:
        await each.append("question")
    await db.prepare("UPDATE conversations SET expires_at = 1").all()
    store = D1Store(db)
    await store.append("secret")
    store.clock.advance(TTL)
    assert (await store.append("question")).number == 1
    assert len(await store.turns()) == 1


@register(CHECKS)
async def check_mark_outlives_turns_that_are_under_way(db: Binding) -> None:
    """With a TTL that is shorter than a turn with its retries, too."""
    store = D1Store(db, session_ttl_seconds=60)
    session = await store.storage.open_session(store.id)
    await store.storage.close_session(store.id)
    store.clock.advance(TTL - 1)
    with raised(SessionClosed):
        await store.add(session, "late")


@register(CHECKS)
async def check_conversation_is_adopted(db: Binding) -> None:
    """A visitor who signs in keeps the conversation, with its first question as the title."""
    store = D1Store(db)
    question = "How much does the middle plan cost if I pay for a whole year in advance, and can I leave?"
    await store.append(question)
    assert (await store.conversation())["title"] == ""
    await store.append("two", owner=store.owner)
    row = await store.conversation()
    assert row["owner"] == store.owner
    assert row["title"] == "How much does the middle plan cost if I pay for a whole year in advance, and…"
    session = await store.storage.get_session(store.id)
    assert session is not None
    assert session.owner == store.owner


@register(CHECKS)
async def check_lifetime_of_a_known_visitors_conversation(db: Binding) -> None:
    """It lives for HISTORY_DAYS after the last turn, without a maximum age."""
    store = D1Store(db, history_days=7)
    for _ in range(4):
        saved = await store.append("question", owner=store.owner)
        assert saved.expires_at == store.clock.now() + timedelta(days=7)
        store.clock.advance(6 * DAY)
    assert saved.number == 4
    store.clock.advance(DAY)
    assert await store.storage.get_session(store.id) is None


@register(CHECKS)
async def check_texts_of_a_known_visitor_are_kept(db: Binding) -> None:
    """The model is sent the last ten messages, and the history has many more."""
    store = D1Store(db)
    for number in range(8):
        saved = await store.append(f"question {number}", owner=store.owner)
    assert saved.kept == 10
    assert len(await store.contents()) == 10
    assert [turn["question"] for turn in await store.turns()] == [f"question {n}" for n in range(8)]
    session = await store.storage.open_session(store.id)
    await store.add(session, *(f"more {n}" for n in range(KEPT_OF_KNOWN)), owner=store.owner)
    assert [bool(turn["question"]) for turn in await store.turns()] == [False] * 8 + [True] * KEPT_OF_KNOWN


@register(CHECKS)
async def check_conversation_of_another(db: Binding) -> None:
    """Nobody else adds to a known visitor's conversation, or closes it."""
    store, other = D1Store(db), D1Store(db)
    session = await store.storage.open_session(store.id)
    await store.append("question", owner=store.owner)
    with raised(ConversationOfAnother):
        await store.add(session, "late", owner=other.owner)
    for owner in (None, other.owner):
        with raised(ConversationOfAnother):
            await store.storage.close_session(store.id, owner)
    assert await store.contents() == ["question", "Answer to question"]


@register(CHECKS)
async def check_conversation_that_was_adopted_meanwhile(db: Binding) -> None:
    """Of two visitors who sign in under one session id, the first gets the conversation."""
    store, other = D1Store(db), D1Store(db)
    await store.append("question")
    session = await store.storage.open_session(store.id)
    await store.append("my secret", owner=store.owner)
    with raised(ConversationOfAnother):
        await store.add(session, "late", owner=other.owner)
    assert (await store.conversation())["owner"] == store.owner


@register(CHECKS)
async def check_closing_what_has_expired(db: Binding) -> None:
    """It counts as none, whoever it belonged to, and the session is closed all the same."""
    store = D1Store(db)
    await store.append("question", owner=store.owner)
    store.clock.advance(31 * DAY)
    await store.storage.close_session(store.id)
    assert await store.storage.is_closed(store.id)


@register(CHECKS)
async def check_anonymous_turn_of_a_conversation_that_was_adopted(db: Binding) -> None:
    """A turn that began before the visitor signed in is saved, and the conversation lives no shorter."""
    store = D1Store(db)
    session = await store.storage.open_session(store.id)
    known = await store.append("question", owner=store.owner)
    assert (await store.add(session, "late")) == Saved(2, known.expires_at, 4)


@register(CHECKS)
async def check_any_characters(db: Binding) -> None:
    """What SQLite's text or JSON have no place for is replaced; all else comes back as it was."""
    store = D1Store(db)
    text = "quote ' \" \\ \n\t \x01 \u2028 🙂 \u200d\0half \ud83d."
    await store.append(text)
    expected = text.replace("\0", "\ufffd").replace("\ud83d", "?")
    assert await store.contents() == [expected, f"Answer to {expected}"]


@register(CHECKS)
async def check_conversation_that_is_too_large_loses_its_oldest_exchanges(db: Binding) -> None:
    """D1 takes values of up to 2 MB; the last exchange is there, however many bytes a character has."""
    store = D1Store(db, max_messages=100)
    for number in range(6):
        session = await store.storage.open_session(store.id)
        await store.storage.append(
            session,
            [
                Exchange(
                    turn_id=f"turn {number}",
                    question=f"question {number}",
                    answer="🙂" * 190_000,
                    timestamp=store.clock.now(),
                )
            ],
        )
    said = await store.contents()
    assert said[-2] == "question 5"
    assert 2 <= len(said) < 12
    copy = D1Store(db, max_messages=100)
    session = VoiceSession.model_validate({**dict(session), "session_id": copy.id})
    await copy.storage.append(session, [_long(number) for number in range(12)])
    assert (await copy.contents())[-2] == "question 11"


def _long(number: int) -> Exchange:
    text = "ä" * 99_000
    return Exchange(turn_id=f"turn {number}", question=f"question {number}", answer=text, timestamp=START)
