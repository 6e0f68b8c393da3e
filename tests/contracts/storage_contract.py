"""The contract of every session store. `CHECKS` maps names to async functions that take an `OpenStore`.

Each check opens stores of its own: a store has its own settings, clock and session id, over storage that may
be shared and need not be empty.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from errors import SessionClosed
from models import Exchange, Usage
from session_id import generate_session_id, generate_turn_id
from settings import Settings
from stores.session_store import Saved
from tests.clocks import ManualClock

if TYPE_CHECKING:
    from session_storage import SessionStorage
    from voice_session import VoiceSession

TTL = 3600


class Store:
    """A session store under test, with a TTL of an hour, ten messages, a clock and a session id."""

    def __init__(self, build: Callable[[Settings, ManualClock], SessionStorage], **settings: Any) -> None:
        self.clock = ManualClock()
        self.id = generate_session_id()
        limits = Settings.model_validate({"session_ttl_seconds": TTL, "max_messages": 10, **settings})
        self.storage = build(limits, self.clock)

    async def exchange(self, number: int) -> None:
        """Read, then store exchange `number`, as the conversation does."""
        await self.say(await self.storage.open_session(self.id), f"question {number}", f"answer {number}")

    async def say(self, session: VoiceSession, question: str, answer: str) -> VoiceSession:
        """Store a question and its answer as the next exchange of `session`, in one write."""
        exchange = Exchange(
            turn_id=generate_turn_id(), question=question, answer=answer, timestamp=self.clock.now()
        )
        return await self.storage.save_session(session.with_exchange(exchange))

    async def contents(self) -> list[str]:
        """The text of each stored message, in order."""
        return [message.content for message in await self.storage.get_conversation_history(self.id)]


OpenStore: TypeAlias = Callable[..., Store]
Check: TypeAlias = Callable[[OpenStore], Awaitable[None]]
CHECKS: dict[str, Check] = {}


def register(check: Check) -> Check:
    """Add a check to `CHECKS` by its name without the leading `check_`."""
    CHECKS[getattr(check, "__name__").removeprefix("check_")] = check  # noqa: B009 - Callable has no __name__
    return check


@register
async def check_no_session_at_first(open_store: OpenStore) -> None:
    """There is no session at first, and reading does not create one."""
    store = open_store()
    assert await store.storage.get_session(store.id) is None
    assert await store.storage.get_conversation_history(store.id) == []
    assert await store.storage.get_session(store.id) is None


@register
async def check_delete(open_store: OpenStore) -> None:
    """A deleted session is gone, and deleting it again is a no-op."""
    store = open_store()
    await store.exchange(1)
    await store.storage.delete_session(store.id)
    await store.storage.delete_session(store.id)
    assert await store.storage.get_session(store.id) is None
    await store.exchange(2)
    assert await store.contents() == ["question 2", "answer 2"]


@register
async def check_close(open_store: OpenStore) -> None:
    """A closed session has no messages left, and can be closed again."""
    store = open_store()
    await store.exchange(1)
    await store.storage.close_session(store.id)
    assert await store.storage.get_session(store.id) is None
    assert await store.storage.get_conversation_history(store.id) == []
    assert await store.storage.is_closed(store.id)
    await store.storage.close_session(store.id)
    assert await store.storage.is_closed(store.id)


@register
async def check_closed_session_stays_closed(open_store: OpenStore) -> None:
    """Neither saving what was read before nor deleting opens it again."""
    store = open_store()
    await store.exchange(1)
    session = await store.storage.open_session(store.id)
    await store.storage.close_session(store.id)
    await store.say(session, "question 2", "answer 2")
    assert await store.storage.get_session(store.id) is None
    await store.storage.delete_session(store.id)
    assert await store.storage.is_closed(store.id)
    assert await store.contents() == []


@register
async def check_turns_that_are_not_kept_are_known(open_store: OpenStore) -> None:
    """A turn that was trimmed is not found, but known not to be new."""
    store = open_store()
    for number in range(1, 9):
        await store.exchange(number)
    session = await store.storage.get_session(store.id)
    assert session is not None
    assert len(session.earlier) == 3


@register
async def check_opening_stores_nothing(open_store: OpenStore) -> None:
    """A new session is not stored until something is said in it."""
    store = open_store()
    session = await store.storage.open_session(store.id)
    assert (session.session_id, session.turn, session.messages) == (store.id, 0, ())
    assert await store.storage.get_session(store.id) is None


@register
async def check_create_session(open_store: OpenStore) -> None:
    """A created session is stored, is empty and replaces what was there."""
    store = open_store()
    await store.exchange(1)
    created = await store.storage.create_session(store.id)
    assert await store.storage.get_session(store.id) == created
    assert (created.turn, created.messages) == (0, ())


@register
async def check_exchange_round_trip(open_store: OpenStore) -> None:
    """A question and its answer come back as they were, whatever their characters."""
    store = open_store()
    texts = ('What\'s "your" pricing?\n\\ </script>', "Ab 9 € im Monat 🙂 \u200d")
    stored = await store.say(await store.storage.open_session(store.id), *texts)
    read = await store.storage.get_session(store.id)
    assert read == stored
    assert [(m.role, m.content) for m in stored.messages] == [("user", texts[0]), ("assistant", texts[1])]
    assert {m.timestamp for m in stored.messages} == {store.clock.now()}
    assert stored.turn == 1


@register
async def check_messages_keep_their_order(open_store: OpenStore) -> None:
    """Order is by position: all these messages have the same time."""
    store = open_store()
    for number in range(1, 5):
        await store.exchange(number)
    assert await store.contents() == [f"{kind} {n}" for n in range(1, 5) for kind in ("question", "answer")]


@register
async def check_add_message(open_store: OpenStore) -> None:
    """Messages can be added one by one; the first of them creates the session."""
    store = open_store()
    await store.storage.add_message(store.id, "user", "Hello")
    session = await store.storage.add_message(store.id, "assistant", "Good day")
    assert session.turn == 1
    assert await store.contents() == ["Hello", "Good day"]


@register
async def check_trims_to_ten_messages(open_store: OpenStore) -> None:
    """After 15 exchanges the last 10 messages are there, and all 15 turns are counted."""
    store = open_store()
    for number in range(1, 16):
        await store.exchange(number)
    assert await store.contents() == [f"{kind} {n}" for n in range(11, 16) for kind in ("question", "answer")]
    session = await store.storage.get_session(store.id)
    assert session is not None
    assert session.turn == 15


@register
async def check_trims_whole_exchanges(open_store: OpenStore) -> None:
    """An eleventh message drops a question together with its answer."""
    store = open_store()
    for number in range(1, 6):
        await store.exchange(number)
    session = await store.storage.add_message(store.id, "user", "one more")
    assert session.messages[0].content == "question 2"
    assert len(session.messages) == 9


@register
async def check_save_and_read(open_store: OpenStore) -> None:
    """A saved session comes back with its messages and a new expiry."""
    store = open_store()
    session = (await store.storage.open_session(store.id)).with_message("user", "Hi", store.clock.now())
    store.clock.advance(100)
    saved = await store.storage.save_session(session)
    assert saved.messages == session.messages
    assert saved.expires_at == session.expires_at + timedelta(seconds=100)
    assert await store.storage.get_session(store.id) == saved


@register
async def check_each_exchange_renews_the_expiry(open_store: OpenStore) -> None:
    """An exchange after 59 minutes extends the session by another hour."""
    store = open_store()
    await store.exchange(1)
    store.clock.advance(TTL - 60)
    await store.exchange(2)
    store.clock.advance(TTL - 60)
    assert await store.contents() == ["question 1", "answer 1", "question 2", "answer 2"]


@register
async def check_session_expires_after_the_ttl(open_store: OpenStore) -> None:
    """After the TTL there is no session, even while KV still returns its value."""
    store = open_store()
    await store.exchange(1)
    store.clock.advance(TTL)
    assert await store.storage.get_session(store.id) is None
    assert (await store.storage.open_session(store.id)).turn == 0


@register
async def check_sessions_are_separate(open_store: OpenStore) -> None:
    """Messages of one session appear in no other."""
    one, other = open_store(), open_store()
    await one.exchange(1)
    await other.exchange(2)
    assert await one.contents() == ["question 1", "answer 1"]
    assert await other.contents() == ["question 2", "answer 2"]


@register
async def check_closed_session_cannot_be_opened(open_store: OpenStore) -> None:
    """A closed session takes no more messages; one that never existed is not closed."""
    store = open_store()
    assert not await store.storage.is_closed(store.id)
    await store.storage.close_session(store.id)
    for attempt in (
        store.storage.open_session(store.id),
        store.storage.add_message(store.id, "user", "Hello?"),
    ):
        try:
            await attempt
        except SessionClosed:
            continue
        raise AssertionError("The closed session was opened")


@register
async def check_append(open_store: OpenStore) -> None:
    """Exchanges are added to what is stored, whatever was read, and what is returned is how that ended."""
    store = open_store()
    session = await store.storage.open_session(store.id)
    for number in range(1, 8):
        store.clock.advance(2)
        at = store.clock.now()
        exchange = Exchange(turn_id=f"turn {number}", question=f"question {number}", answer="", timestamp=at)
        saved = await store.storage.append(session, [exchange])
        assert saved == Saved(number, at + timedelta(seconds=TTL), min(2 * number, 10))
    assert (await store.contents())[::2] == [f"question {number}" for number in range(3, 8)]


@register
async def check_append_adds_what_is_new(open_store: OpenStore) -> None:
    """A turn that is stored is not added again, and keeps its number and its text."""
    store = open_store()
    session = await store.storage.open_session(store.id)
    one, two, other = (
        Exchange(turn_id=turn_id, question=text, answer=text, timestamp=store.clock.now(), tokens=5)
        for turn_id, text in (("1", "one"), ("2", "two"), ("1", "other"))
    )
    await store.storage.append(session, [one])
    assert (await store.storage.append(session, [one, two])).number == 2
    assert (await store.storage.append(session, [other])).number == 1
    assert await store.contents() == ["one", "one", "two", "two"]
    stored = await store.storage.get_session(store.id)
    assert stored is not None
    assert (stored.turn, stored.tokens) == (2, 10)


@register
async def check_append_to_a_closed_session(open_store: OpenStore) -> None:
    """Nothing is added to a closed session."""
    store = open_store()
    session = await store.storage.open_session(store.id)
    await store.storage.close_session(store.id)
    exchange = Exchange(turn_id="1", question="question", answer="answer", timestamp=store.clock.now())
    try:
        await store.storage.append(session, [exchange])
    except SessionClosed:
        return
    raise AssertionError("The closed session was added to")


@register
async def check_max_age(open_store: OpenStore) -> None:
    """A session ends at the maximum age, however active it is."""
    store = open_store(session_max_age_seconds=2 * TTL)
    for number in range(1, 5):
        await store.exchange(number)
        store.clock.advance(TTL / 2)
    assert await store.storage.get_session(store.id) is None
    assert (await store.storage.open_session(store.id)).turn == 0


@register
async def check_expiry_is_limited_by_the_max_age(open_store: OpenStore) -> None:
    """Near the maximum age an exchange renews less than a TTL, in KV less than its minimum of a minute."""
    store = open_store(session_max_age_seconds=TTL + 10)
    await store.exchange(1)
    first = await store.storage.get_session(store.id)
    store.clock.advance(TTL - 1)
    await store.exchange(2)
    second = await store.storage.get_session(store.id)
    assert first is not None
    assert second is not None
    assert second.expires_at - first.created_at == timedelta(seconds=TTL + 10)
    store.clock.advance(11)
    assert await store.storage.get_session(store.id) is None


@register
async def check_exchange_after_the_max_age_starts_a_new_session(open_store: OpenStore) -> None:
    """A turn that ends after the maximum age is the first of a new session."""
    store = open_store(session_max_age_seconds=TTL)
    await store.exchange(1)
    session = await store.storage.open_session(store.id)
    store.clock.advance(TTL)
    stored = await store.say(session, "question 2", "answer 2")
    assert (stored.turn, stored.created_at) == (1, store.clock.now())
    assert await store.contents() == ["question 2", "answer 2"]


@register
async def check_exchange_is_found_by_turn_id(open_store: OpenStore) -> None:
    """The record of an answer is stored, and the exchange is found by the id of its turn."""
    store = open_store()
    turn_id = generate_session_id()
    session = await store.storage.open_session(store.id)
    exchange = Exchange(
        turn_id=turn_id,
        question="one",
        answer="two",
        timestamp=store.clock.now(),
        model="a model",
        usage=Usage(7, 2),
        tokens=9,
    )
    await store.storage.save_session(session.with_exchange(exchange))
    await store.exchange(2)
    read = await store.storage.get_session(store.id)
    assert read is not None
    found = read.find(turn_id)
    assert found is not None
    assert found == replace(exchange, number=1, tokens=0)
    assert read.find(generate_session_id()) is None
    assert read.tokens == 9
