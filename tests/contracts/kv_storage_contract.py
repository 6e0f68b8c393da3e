"""The contract of every session store, run on Workers KV, and what that store keeps in its namespace.

`CHECKS` maps names to async functions that take a binding, which need not be empty: the fake or, in the
Pyodide ring, miniflare's.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

from session_storage import KVSessionStorage
from tests.contracts import storage_contract
from tests.contracts.checks import Binding, Check, register
from tests.contracts.storage_contract import TTL, Store

CHECKS: dict[str, Check] = {}


class KVStore(Store):
    """A store on `kv`, whose raw values can be read."""

    def __init__(self, kv: Binding, **settings: Any) -> None:
        super().__init__(partial(KVSessionStorage, kv), **settings)
        self.kv = kv

    async def raw(self) -> Any:
        """The stored value."""
        return json.loads(await self.kv.get(f"session:{self.id}"))


def on_kv(check: storage_contract.Check) -> Check:
    """A check of the storage contract as one of the store on KV."""
    return lambda kv: check(partial(KVStore, kv))


CHECKS.update({name: on_kv(check) for name, check in storage_contract.CHECKS.items()})


@register(CHECKS)
async def check_reading_and_deleting_leave_no_key(kv: Binding) -> None:
    """Reading stores no value, and deleting leaves none."""
    store = KVStore(kv)
    await store.storage.get_session(store.id)
    assert await kv.get(f"session:{store.id}") is None
    await store.exchange(1)
    await store.storage.delete_session(store.id)
    assert await kv.get(f"session:{store.id}") is None


@register(CHECKS)
async def check_kv_expires_the_key(kv: Binding) -> None:
    """Every write has a TTL, so that KV itself expires the key, which is the only one."""
    store = KVStore(kv)
    await store.exchange(1)
    await store.exchange(2)
    listed = (await kv.list(prefix=f"session:{store.id}"))["keys"]
    assert [key["name"] for key in listed] == [f"session:{store.id}"]
    assert listed[0]["expiration"] > 0


@register(CHECKS)
async def check_stored_fields(kv: Binding) -> None:
    """The value has a version, and not the id, which is the key."""
    store = KVStore(kv)
    await store.exchange(1)
    value = await store.raw()
    assert value["version"] == 1
    assert value["turn"] == 1
    assert set(value) == {"version", "created_at", "expires_at", "turn", "tokens", "messages"}


@register(CHECKS)
async def check_fields_of_a_closed_session(kv: Binding) -> None:
    """Of a closed session only the fact that it was closed is stored, and KV expires that too."""
    store = KVStore(kv)
    await store.exchange(1)
    await store.storage.close_session(store.id)
    assert set(await store.raw()) == {"version", "closed_at"}
    listed = (await kv.list(prefix=f"session:{store.id}"))["keys"]
    assert [key["name"] for key in listed if key["expiration"]] == [f"session:{store.id}"]


@register(CHECKS)
async def check_unreadable_values_are_ignored_and_replaced(kv: Binding) -> None:
    """A corrupt value, or one of another version, counts as none, and the next exchange replaces it."""
    readable = KVStore(kv)
    await readable.exchange(1)
    newer = json.dumps({**(await readable.raw()), "version": 2})
    closed = '{"version": 2, "closed_at": "2026-11-23T12:00:00Z"}'
    for text in ("", "{", "[]", "null", '{"version": 1}', newer, closed, '"\\ud800"'):
        store = KVStore(kv)
        await kv.put(f"session:{store.id}", text, expirationTtl=TTL)
        assert await store.storage.get_session(store.id) is None, text
        await store.exchange(1)
        assert await store.contents() == ["question 1", "answer 1"], text


@register(CHECKS)
async def check_value_without_later_fields_is_read(kv: Binding) -> None:
    """Values stored before a field was added are read."""
    store = KVStore(kv)
    now = store.clock.now()
    messages = [
        {"role": role, "content": role, "timestamp": now.isoformat()} for role in ("user", "assistant")
    ]
    expires_at = (now + timedelta(seconds=TTL)).isoformat()
    value = {"version": 1, "created_at": now.isoformat(), "expires_at": expires_at, "turn": 1}
    await kv.put(f"session:{store.id}", json.dumps({**value, "messages": messages}), expirationTtl=TTL)
    await store.exchange(2)
    assert await store.contents() == ["user", "assistant", "question 2", "answer 2"]
