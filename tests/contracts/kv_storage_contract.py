"""The contract of every session store, run on Workers KV, and what that store keeps in its namespace.

`CHECKS` maps names to async functions that take a binding, which need not be empty: the fake or, in the
Pyodide ring, miniflare's.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from errors import SessionClosed, SessionTooNew
from session_id import fingerprint
from session_storage import KVSessionStorage
from tests.contracts import amendments_contract, storage_contract
from tests.contracts.checks import Binding, Check, raised, register
from tests.contracts.storage_contract import TTL, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKS: dict[str, Check] = {}


class KVStore(Store):
    """A store on `kv`, whose raw values can be read."""

    def __init__(self, kv: Binding, **settings: Any) -> None:
        super().__init__(partial(KVSessionStorage, kv), **settings)
        self.kv = kv
        name = fingerprint(self.id)
        self.key, self.closed_key, self.earlier_key = (
            f"session:{name}",
            f"closed:{name}",
            f"session:{self.id}",
        )

    async def raw(self, key: str | None = None) -> Any:
        """The stored value, or that of another key."""
        return json.loads(await self.kv.get(key or self.key))

    async def put(self, key: str, text: str) -> None:
        """Store `text` under `key`, as another version of the agent might."""
        await self.kv.put(key, text, expirationTtl=TTL)

    async def keys(self) -> dict[str, int]:
        """The keys of this session, each with the time at which KV forgets it."""
        found = {}
        for prefix in (self.key, self.closed_key, self.earlier_key):
            listed = (await self.kv.list(prefix=prefix))["keys"]
            found.update({key["name"]: key["expiration"] for key in listed})
        return found

    def value(self, **fields: object) -> str:
        """A stored conversation of one exchange, with `fields` changed."""
        now = self.clock.now()
        messages = [
            {"role": role, "content": role, "timestamp": now.isoformat()} for role in ("user", "assistant")
        ]
        expires_at = (now + timedelta(seconds=TTL)).isoformat()
        value = {"version": 1, "created_at": now.isoformat(), "expires_at": expires_at, "turn": 1}
        return json.dumps({**value, "messages": messages, **fields})


def on_kv(check: storage_contract.Check) -> Check:
    """A check of the storage contract as one of the store on KV."""
    return lambda kv: check(partial(KVStore, kv))


CHECKS.update(
    {name: on_kv(check) for name, check in {**storage_contract.CHECKS, **amendments_contract.CHECKS}.items()}
)


@register(CHECKS)
async def check_reading_and_deleting_leave_no_key(kv: Binding) -> None:
    """Reading stores no value, and deleting leaves none."""
    store = KVStore(kv)
    await store.storage.get_session(store.id)
    assert await store.keys() == {}
    await store.exchange(1)
    await store.storage.delete_session(store.id)
    assert await store.keys() == {}


@register(CHECKS)
async def check_kv_expires_the_key(kv: Binding) -> None:
    """Every write has a TTL, so that KV itself expires the key, which is the only one."""
    store = KVStore(kv)
    await store.exchange(1)
    await store.exchange(2)
    keys = await store.keys()
    assert list(keys) == [store.key]
    assert keys[store.key] > 0


@register(CHECKS)
async def check_no_key_contains_an_id(kv: Binding) -> None:
    """An id is a credential, and who may list keys need not have it."""
    store = KVStore(kv)
    await store.exchange(1)
    await store.storage.close_session(store.id)
    names = [key["name"] for key in (await kv.list())["keys"]]
    assert [name for name in names if store.id in name] == []


@register(CHECKS)
async def check_stored_fields(kv: Binding) -> None:
    """The value has a version, and not the id, which is the key."""
    store = KVStore(kv)
    await store.exchange(1)
    value = await store.raw()
    assert value["version"] == 1
    assert value["turn"] == 1
    assert set(value) == {
        "version",
        "created_at",
        "expires_at",
        "turn",
        "tokens",
        "messages",
        "earlier",
        "amended",
    }


@register(CHECKS)
async def check_fields_of_a_closed_session(kv: Binding) -> None:
    """Of a closed session only the fact that it was closed is stored, and KV expires that too."""
    store = KVStore(kv)
    await store.exchange(1)
    await store.storage.close_session(store.id)
    assert set(await store.raw(store.closed_key)) == {"version", "closed_at"}
    keys = await store.keys()
    assert list(keys) == [store.closed_key]
    assert keys[store.closed_key] > 0


@register(CHECKS)
async def check_what_a_turn_stores_after_closing_is_deleted(kv: Binding) -> None:
    """A turn that ends in another isolate cannot know that its session was closed."""
    store = KVStore(kv)
    for look in (store.storage.get_session, store.storage.is_closed):
        await store.exchange(1)
        session = await store.storage.open_session(store.id)
        await store.storage.close_session(store.id)
        await store.say(session, "question 2", "answer 2")
        assert store.key in await store.keys()
        await look(store.id)
        assert list(await store.keys()) == [store.closed_key]
        store = KVStore(kv)


@register(CHECKS)
async def check_note_of_a_later_version_stays(kv: Binding) -> None:
    """Whatever it says, the session is closed, and closing it again does not replace the note."""
    for note in ('{"version": 2, "reason": "later"}', '{"version": 1, "closed_at": "9999-99"}', "?", ""):
        store = KVStore(kv)
        await store.put(store.closed_key, note)
        assert await store.storage.is_closed(store.id), note
        assert await store.storage.get_session(store.id) is None, note
        await store.storage.close_session(store.id)
        assert await kv.get(store.closed_key) == note


@register(CHECKS)
async def check_session_of_a_later_version_stays(kv: Binding) -> None:
    """It is neither read nor replaced, but it can be closed."""
    later: tuple[dict[str, object], ...] = (
        {"version": 2},
        {"version": 99, "messages": {"all": "new"}},
        {"version": 2, "turn": -1, "closed_at": None},
    )
    for fields in later:
        store = KVStore(kv)
        text = store.value(**fields)
        await store.put(store.key, text)
        for attempt in (
            store.storage.get_session(store.id),
            store.storage.open_session(store.id),
            store.storage.add_message(store.id, "user", "Hello?"),
        ):
            with raised(SessionTooNew):
                await attempt
        assert await kv.get(store.key) == text
        await store.storage.close_session(store.id)
        assert list(await store.keys()) == [store.closed_key]


UNREADABLE = [
    "",
    "{",
    "[]",
    "null",
    "1",
    '"text"',
    '{"version": 1}',
    '{"version": 99}',
    '"\\ud800"',
    "[" * 100_000,
    '{"version": 1, "messages": ' + "[" * 100_000,
    "x" * 6_000_000,
]
INVALID_TIMES: tuple[object, ...] = (
    "2026-11-23T12:00:00",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    10**400,
    -1,
    "yesterday",
    None,
    {},
)
INVALID_COUNTS: tuple[object, ...] = (-1, 2**53, 10**400, 0.5, "many", None, [])
INVALID_FIELDS: dict[str, tuple[object, ...]] = {
    "version": ("2", 0, -1, 1.5, None, []),
    "created_at": INVALID_TIMES,
    "expires_at": INVALID_TIMES,
    "turn": INVALID_COUNTS,
    "tokens": INVALID_COUNTS,
    "messages": ({}, "none", 1, None, [None], [[]], [{"role": "user"}]),
    "earlier": ([1], "none", None),
}
INVALID_MESSAGE_FIELDS: dict[str, tuple[object, ...]] = {
    "role": ("system", "User", None, 1),
    "content": (None, 1, ["text"]),
    "timestamp": INVALID_TIMES,
    "record": ("record", [], {"turn_id": 1}, {"turn_id": "x" * 200}, {"model": 5}, {"usage": 1}),
}


def unreadable_values(store: KVStore) -> Iterator[str]:
    """Values of which each is invalid in one way."""
    yield from UNREADABLE
    yield from (store.value(**{field: value}) for field, values in INVALID_FIELDS.items() for value in values)
    question, answer = json.loads(store.value())["messages"]
    invalid = {**INVALID_MESSAGE_FIELDS, "record": (*INVALID_MESSAGE_FIELDS["record"], *usage_records())}
    for field, values in invalid.items():
        yield from (store.value(messages=[question, {**answer, field: value}]) for value in values)
    yield store.value().replace('"content": "user"', '"content": "\\ud800"')
    yield store.value().replace('"turn": 1', '"turn": 1e400')


def usage_records() -> Iterator[object]:
    """Records of answers whose counts of tokens are invalid."""
    for count in INVALID_COUNTS:
        yield {"usage": {"input_tokens": count, "output_tokens": 1}}
        yield {"usage": {"input_tokens": 1, "output_tokens": count}}
    yield {"usage": {}}


@register(CHECKS)
async def check_unreadable_values_are_ignored_and_replaced(kv: Binding) -> None:
    """A value that is invalid anywhere counts as none: the next exchange begins a conversation."""
    for text in unreadable_values(KVStore(kv)):
        store = KVStore(kv)
        await store.put(store.key, text)
        assert await store.storage.get_session(store.id) is None, text[:300]
        await store.exchange(1)
        assert await store.contents() == ["question 1", "answer 1"], text[:300]


@register(CHECKS)
async def check_whatever_is_read_can_be_written_and_read_again(kv: Binding) -> None:
    """Unusual times and counts do not keep a conversation from going on."""
    unusual: tuple[dict[str, object], ...] = (
        {"created_at": "2199-12-31T23:59:59+14:00", "expires_at": "2199-12-31T00:00:00-14:00"},
        {"expires_at": "2199-12-31T00:00:00Z"},
        {"turn": 2**53 - 1, "tokens": 2**53 - 1},
        {"turn": 0},
    )
    for fields in unusual:
        store = KVStore(kv)
        await store.put(store.key, store.value(**fields))
        for number in (1, 2):
            await store.exchange(number)
        said = await store.contents()
        assert said == ["user", "assistant", "question 1", "answer 1", "question 2", "answer 2"], fields
        session = await store.storage.get_session(store.id)
        assert session is not None
        assert session.turn >= 3, fields
        assert session.created_at <= store.clock.now(), fields
        assert session.expires_at - store.clock.now() == timedelta(seconds=TTL), fields


@register(CHECKS)
async def check_messages_out_of_order_are_left_out(kv: Binding) -> None:
    """Questions and answers alternate in what is read, whatever is stored."""
    user, assistant = json.loads(KVStore(kv).value())["messages"]
    for stored, read in (
        ([assistant], []),
        ([assistant, user], [user]),
        ([user, user, assistant], [user, assistant]),
        ([user, assistant, assistant], [user, assistant]),
        ([assistant, user, user, assistant, assistant, user], [user, assistant, user]),
    ):
        store = KVStore(kv)
        await store.put(store.key, store.value(messages=stored, turn=0))
        session = await store.storage.get_session(store.id)
        assert session is not None
        assert [message.role for message in session.messages] == [message["role"] for message in read]
        assert session.turn == len(read) // 2


@register(CHECKS)
async def check_exchanges_that_are_too_long_are_left_out(kv: Binding) -> None:
    """They would be sent to the model, and paid for, with every further question."""
    user, assistant = json.loads(KVStore(kv).value())["messages"]
    long = {"content": "x" * 1_000_000}
    for exchange in ([user, {**assistant, **long}], [{**user, **long}, assistant]):
        store = KVStore(kv)
        await store.put(
            store.key, store.value(messages=[user, assistant, *exchange, user, assistant], turn=3)
        )
        assert await store.contents() == ["user", "assistant"] * 2
        await store.exchange(1)
        assert await store.contents() == [*["user", "assistant"] * 2, "question 1", "answer 1"]


@register(CHECKS)
async def check_unpaired_surrogates_are_stored_as_question_marks(kv: Binding) -> None:
    """They have no place in UTF-8."""
    store = KVStore(kv)
    await store.say(await store.storage.open_session(store.id), "question", "half \ud83d of 🙂")
    assert await store.contents() == ["question", "half ? of 🙂"]


@register(CHECKS)
async def check_conversation_that_is_too_large_loses_its_oldest_exchanges(kv: Binding) -> None:
    """What is written can be read again; the last exchange is kept."""
    store = KVStore(kv, max_messages=100)
    for number in range(1, 31):
        session = await store.storage.open_session(store.id)
        await store.say(session, f"question {number}", "x" * 300_000)
    said = await store.contents()
    assert 2 <= len(said) < 60
    assert said[-2] == "question 30"


@register(CHECKS)
async def check_values_of_earlier_versions_are_read(kv: Binding) -> None:
    """They are under another key, and lack the later fields; the next exchange stores a current value."""
    store = KVStore(kv)
    await store.put(store.earlier_key, store.value())
    assert await store.contents() == ["user", "assistant"]
    assert (await store.storage.open_session(store.id)).turn == 0
    session = await store.storage.open_session(store.id, expected=True)
    await store.say(session, "question 2", "answer 2")
    assert await store.contents() == ["user", "assistant", "question 2", "answer 2"]
    assert (await store.raw())["turn"] == 2
    await store.storage.close_session(store.id)
    assert list(await store.keys()) == [store.closed_key]


@register(CHECKS)
async def check_closing_notes_of_earlier_versions_are_read(kv: Binding) -> None:
    """They are in the place of the session."""
    for note in ('{"version": 1, "closed_at": "2026-11-23T12:00:00Z"}', '{"version": 2, "closed_at": "?"}'):
        for key in ("key", "earlier_key"):
            store = KVStore(kv)
            await store.put(getattr(store, key), note)
            assert await store.storage.get_session(store.id) is None
            with raised(SessionClosed):
                await store.storage.open_session(store.id, expected=True)
        assert await store.storage.is_closed(store.id)
