"""The fake KV compared with a simple model, over random calls."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from stores.fake_kv import FakeKV
from stores.kv_errors import KVError
from tests.clocks import START, ManualClock

if TYPE_CHECKING:
    from datetime import datetime

KEYS = st.sampled_from(["a", "ab", "b", "b:1", "ä"])
STEPS = st.one_of(
    st.tuples(
        st.just("put"),
        KEYS,
        st.text(max_size=5),
        st.one_of(st.none(), st.integers(60, 200)),
        st.one_of(st.none(), st.integers()),
    ),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("advance"), st.one_of(st.floats(0, 2), st.floats(0, 100))),
)


class Model:
    """A KV namespace in its simplest form: expired entries stay, and every read filters them out."""

    def __init__(self) -> None:
        self.time = START
        self.entries: dict[str, tuple[str, int | None, int | None]] = {}
        self.put_times: dict[str, datetime] = {}

    def live(self) -> dict[str, tuple[str, int | None, int | None]]:
        now = self.time.timestamp()
        return {key: entry for key, entry in self.entries.items() if entry[1] is None or entry[1] > now}

    def put(self, key: str, text: str, ttl: int | None, metadata: int | None) -> bool:
        """Store an entry, and return whether the limit of one write per second allowed it."""
        if key in self.put_times and self.time - self.put_times[key] < timedelta(seconds=1):
            return False
        self.put_times[key] = self.time
        expiration = None if ttl is None else int(self.time.timestamp()) + ttl
        self.entries[key] = (text, expiration, metadata)
        return True


async def perform(step: Any, kv: FakeKV, clock: ManualClock, model: Model) -> None:
    match step:
        case ("advance", seconds):
            clock.advance(seconds)
            model.time = clock.now()
        case ("delete", key):
            await kv.delete(key)
            model.entries.pop(key, None)
        case ("put", key, text, ttl, metadata):
            options = {} if ttl is None else {"expirationTtl": ttl}
            accepted = model.put(key, text, ttl, metadata)
            try:
                await kv.put(key, text, {**options, "metadata": metadata})
            except KVError:
                assert not accepted
            else:
                assert accepted


async def list_all(kv: FakeKV, prefix: str, limit: int) -> list[dict[str, Any]]:
    page = await kv.list(prefix=prefix, limit=limit)
    keys = list(page["keys"])
    while not page["list_complete"]:
        assert len(page["keys"]) == limit
        page = await kv.list(prefix=prefix, limit=limit, cursor=page["cursor"])
        keys += page["keys"]
    return keys


async def compare(kv: FakeKV, model: Model, prefix: str, limit: int) -> None:
    live = model.live()
    for key in ("a", "ab", "b", "b:1", "ä"):
        text, _, metadata = live.get(key, (None, None, None))
        assert await kv.get(key) == text
        assert await kv.getWithMetadata(key) == {"value": text, "metadata": metadata, "cacheStatus": None}
    assert len(kv) == len(live)
    assert await list_all(kv, prefix, limit) == [
        {"name": key}
        | ({} if live[key][1] is None else {"expiration": live[key][1]})
        | ({} if live[key][2] is None else {"metadata": live[key][2]})
        for key in sorted(live)
        if key.startswith(prefix)
    ]


@given(st.lists(STEPS, max_size=30), st.sampled_from(["", "a", "b", "b:"]), st.integers(1, 3))
def test_behaves_like_the_model(steps: list[Any], prefix: str, limit: int) -> None:
    async def run() -> None:
        clock, model = ManualClock(), Model()
        kv = FakeKV(clock)
        for step in steps:
            await perform(step, kv, clock, model)
            await compare(kv, model, prefix, limit)

    asyncio.run(run())
