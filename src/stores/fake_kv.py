"""Workers KV in memory: its interface, limits and errors, for where there is no binding and for tests."""

from __future__ import annotations

import heapq
import json
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from stores.kv_faults import NoFaults
from stores.kv_rules import (
    Entry,
    KVError,
    check_bulk_keys,
    check_key,
    check_read,
    encode_cursor,
    list_page,
    new_entry,
    refuse,
    render,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from clock import Clock

__all__ = ["FakeKV", "KVError"]

Names: TypeAlias = list[str]  # inside the class, `list` is KV's
Keys: TypeAlias = str | Names
Options: TypeAlias = "Mapping[str, object] | None"

PUT_INTERVAL = timedelta(seconds=1)  # Workers KV: one write a second to a key
HEAP_SLACK = 64  # outdated expiries that are not worth a rebuild


class FakeKV:
    """A KV namespace, as a Python Worker sees a binding.

    Options come as a trailing dict or as keywords, as they do in the Workers runtime; unknown ones are
    ignored. Every call may raise `KVError`, with Workers KV's own message. An expired entry is gone, from
    memory too, by the next call of any kind. A delete does not count for the limit of one write a second:
    Cloudflare states it for writes only.

    `reads`, `writes`, `deletes` and `lists` count the calls, whatever became of them.
    """

    def __init__(
        self, clock: Clock, faults: NoFaults | None = None, *, put_interval: timedelta = PUT_INTERVAL
    ) -> None:
        """Start empty, with the time from `clock`; `faults` may be changed at any time.

        A key takes one put in `put_interval`; none of it lets all of them through.
        """
        self._put_interval = put_interval
        self.reads = self.writes = self.deletes = self.lists = 0
        self._clock = clock
        self._faults = faults or NoFaults()
        self._entries: dict[str, Entry] = {}
        # A heap; a key that is written again leaves outdated pairs.
        self._expiries: list[tuple[int, str]] = []
        self._put_at: OrderedDict[str, datetime] = OrderedDict()

    def __len__(self) -> int:
        """How many entries are held in memory, expired ones that no call has removed yet included."""
        return len(self._entries)

    async def get(self, key: Keys, options: Options | str = None, **named: object) -> Any:
        """The value of `key`, None where there is none.

        The option `type` says as what: `text` (str, the default), `json` (parsed), `arrayBuffer` (memoryview)
        or `stream` (async-iterable of bytes); a string in place of the options is the type. A list of up to
        100 keys gives a dict of their values, as `text` or `json`.
        """
        if isinstance(key, list):
            found, kind = await self._read_many(key, _read_options(options, named))
            return {name: entry and _bulk_value(entry, kind) for name, entry in found.items()}
        entry, kind = await self._read(key, _read_options(options, named))
        return None if entry is None else render(entry.value, kind)

    async def getWithMetadata(  # noqa: N802 - KV's own name
        self, key: Keys, options: Options | str = None, **named: object
    ) -> dict[str, Any]:
        """As `get`, with `{"value", "metadata", "cacheStatus"}` for the value; `metadata` None where none is.

        Of a list of keys, a missing one gives None.
        """
        if isinstance(key, list):
            found, kind = await self._read_many(key, _read_options(options, named))
            return {
                name: entry and {"value": _bulk_value(entry, kind), "metadata": _metadata_of(entry)}
                for name, entry in found.items()
            }
        entry, kind = await self._read(key, _read_options(options, named))
        value = None if entry is None else render(entry.value, kind)
        return {"value": value, "metadata": entry and _metadata_of(entry), "cacheStatus": None}

    async def put(self, key: str, value: object, options: Options = None, **named: object) -> None:
        """Store `value`, a str or bytes, in place of what was there, its expiry and metadata included.

        `expirationTtl`: seconds to live, 60 at least. `expiration`: seconds since the epoch, 60 ahead at
        least. `metadata`: anything that goes into 1,024 bytes of JSON. A second put to a key within one
        second raises `KV PUT failed: 429 Too Many Requests`.
        """
        self.writes += 1
        await self._faults.strike("put", self._clock)
        now = self._sweep()
        name = check_key("PUT", key)
        entry = new_entry(value, named if options is None else options, int(now.timestamp()))
        self._limit_puts(name, now)
        self._faults.overwritten(name, self._entries.get(name), now)
        self._entries[name] = entry
        self._schedule(name, entry)

    async def delete(self, key: str) -> None:
        """Remove `key`; where there is no such key, this is a no-op."""
        self.deletes += 1
        await self._faults.strike("delete", self._clock)
        now = self._sweep()
        name = check_key("DELETE", key)
        self._faults.overwritten(name, self._entries.pop(name, None), now)

    async def list(self, options: Options = None, **named: object) -> dict[str, Any]:
        """One page of the names that start with `prefix`, in the order of their code points.

        Gives `{"keys": [{"name", "expiration", "metadata"}], "list_complete", "cursor", "cacheStatus"}`;
        `expiration`, `metadata` and `cursor` only where there is one. `limit` is 1,000 at most and by
        default, `cursor` that of the page before.
        """
        self.lists += 1
        await self._faults.strike("list", self._clock)
        self._sweep()
        prefix, limit, after = list_page(named if options is None else options)
        names = sorted(name for name in self._entries if name > after and name.startswith(prefix))
        page = names[:limit]
        complete = len(names) <= limit
        cursor = {} if complete else {"cursor": encode_cursor(page[-1])}
        keys = [_listed(name, self._entries[name]) for name in page]
        return {"keys": keys, "list_complete": complete, **cursor, "cacheStatus": None}

    async def _read(self, key: str, options: Mapping[str, object]) -> tuple[Entry | None, object]:
        now = await self._begin_read()
        name = check_key("GET", key)
        kind = check_read("GET", options)
        return self._faults.seen(name, self._entries.get(name), now), kind

    async def _read_many(
        self, keys: Names, options: Mapping[str, object]
    ) -> tuple[dict[str, Entry | None], object]:
        now = await self._begin_read()
        kind = options.get("type", "text")
        if kind not in ("text", "json"):
            refuse("GET_BULK", 400, f'"{kind}" is not a valid type. Use "json" or "text"')
        names = check_bulk_keys(keys)
        check_read("GET_BULK", options)
        return {name: self._faults.seen(name, self._entries.get(name), now) for name in names}, kind

    async def _begin_read(self) -> datetime:
        self.reads += 1
        await self._faults.strike("get", self._clock)
        return self._sweep()

    def _limit_puts(self, name: str, now: datetime) -> None:
        # Oldest first; a put that lies in the future (the clock was set back) limits nobody.
        while (
            self._put_at and not timedelta() <= now - next(iter(self._put_at.values())) < self._put_interval
        ):
            self._put_at.popitem(last=False)
        if name in self._put_at:
            refuse("PUT", 429, "Too Many Requests")
        self._put_at[name] = now

    def _schedule(self, name: str, entry: Entry) -> None:
        if entry.expiration is not None:
            heapq.heappush(self._expiries, (entry.expiration, name))
        if len(self._expiries) > 2 * len(self._entries) + HEAP_SLACK:
            held = self._entries.items()
            self._expiries = [(held.expiration, key) for key, held in held if held.expiration is not None]
            heapq.heapify(self._expiries)

    def _sweep(self) -> datetime:
        """Remove what has expired; give the time."""
        now = self._clock.now()
        seconds = now.timestamp()
        while self._expiries and self._expiries[0][0] <= seconds:
            expiration, name = heapq.heappop(self._expiries)
            entry = self._entries.get(name)
            if entry is not None and entry.expiration == expiration:
                del self._entries[name]
        return now


def _read_options(options: Options | str, named: Mapping[str, object]) -> Mapping[str, object]:
    if isinstance(options, str):
        return {"type": options}
    return named if options is None else options


def _bulk_value(entry: Entry, kind: object) -> Any:
    try:
        return render(entry.value, kind)
    except KVError:
        refuse("GET_BULK", 400, f"At least one of the requested keys corresponds to a non-{kind} value")


def _metadata_of(entry: Entry) -> Any:
    return None if entry.metadata is None else json.loads(entry.metadata)


def _listed(name: str, entry: Entry) -> dict[str, Any]:
    found = {"name": name, "expiration": entry.expiration, "metadata": _metadata_of(entry)}
    return {field: value for field, value in found.items() if value is not None}
