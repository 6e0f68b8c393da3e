"""Workers KV in memory, with its interface, limits and errors, so that tests can run without Cloudflare."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from stores.kv_entry import Entry, new_entry
from stores.kv_errors import KVError, rejection
from stores.kv_faults import NoFaults
from stores.kv_rules import (
    check_bulk_keys,
    check_bulk_type,
    check_key,
    check_read_options,
    encode_cursor,
    list_range,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from clock import Clock

KeyList: TypeAlias = list[str]  # inside the class, `list` is the KV operation
Keys: TypeAlias = str | KeyList
Options: TypeAlias = "Mapping[str, object] | None"

PUT_INTERVAL = timedelta(seconds=1)  # Workers KV: one write per second to a key
HEAP_SLACK = 64  # outdated expiries that are not worth rebuilding the heap for


class FakeKV:
    """A KV namespace as a Python Worker sees the binding.

    As in the Workers runtime, options come as a trailing dict or as keywords, and unknown ones are ignored.
    Every call may raise `KVError` with Workers KV's own message. An expired entry is removed, from memory
    too, by the next call of any kind. Deletes do not count towards the limit of one write per second, since
    Cloudflare states it for writes only.

    `reads`, `writes`, `deletes` and `lists` count the calls, including those that fail.
    """

    def __init__(
        self, clock: Clock, faults: NoFaults | None = None, *, put_interval: timedelta = PUT_INTERVAL
    ) -> None:
        """Start empty. `put_interval` is the minimum time between two puts to a key; zero means no limit."""
        self._put_interval = put_interval
        self.reads = self.writes = self.deletes = self.lists = 0
        self._clock = clock
        self._faults = faults or NoFaults()
        self._entries: dict[str, Entry] = {}
        # A heap. Writing a key again leaves its previous expiry behind.
        self._expiries: list[tuple[int, str]] = []
        self._put_times: OrderedDict[str, datetime] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of entries in memory, including expired ones that no call has removed yet."""
        return len(self._entries)

    async def get(self, key: Keys, options: Options | str = None, **named: object) -> Any:
        """Return the value of `key`, or None if there is no such key.

        The option `type` selects `text` (str, the default), `json` (parsed), `arrayBuffer` (memoryview) or
        `stream` (async iterable of bytes); a string in place of the options is the type. For a list of up to
        100 keys, returns a dict of their values, as `text` or `json`.
        """
        if isinstance(key, list):
            entries, kind = await self._read_many(key, _read_options(options, named))
            return {name: entry and _bulk_value(entry, kind) for name, entry in entries.items()}
        entry, kind = await self._read(key, _read_options(options, named))
        return None if entry is None else entry.render(kind)

    async def getWithMetadata(  # noqa: N802 - KV's own name
        self, key: Keys, options: Options | str = None, **named: object
    ) -> dict[str, Any]:
        """Like `get`, but return `{"value", "metadata", "cacheStatus"}`; `metadata` is None if there is none.

        For a list of keys, returns a dict of such dicts without `cacheStatus`, or None for a missing key.
        """
        if isinstance(key, list):
            entries, kind = await self._read_many(key, _read_options(options, named))
            return {
                name: entry and {"value": _bulk_value(entry, kind), "metadata": entry.parsed_metadata()}
                for name, entry in entries.items()
            }
        entry, kind = await self._read(key, _read_options(options, named))
        value = None if entry is None else entry.render(kind)
        return {"value": value, "metadata": entry and entry.parsed_metadata(), "cacheStatus": None}

    async def put(self, key: str, value: object, options: Options = None, **named: object) -> None:
        """Store `value`, a str or bytes, replacing any previous value together with its expiry and metadata.

        `expirationTtl` is the time to live in seconds, at least 60. `expiration` is in seconds since the
        epoch, at least 60 ahead. `metadata` is anything that takes up to 1,024 bytes as JSON. A second put to
        a key within a second raises `KV PUT failed: 429 Too Many Requests`.
        """
        self.writes += 1
        await self._faults.before("put", self._clock)
        now = self._remove_expired()
        name = check_key("PUT", key)
        entry = new_entry(value, named if options is None else options, int(now.timestamp()))
        self._limit_puts(name, now)
        self._faults.replaced(name, self._entries.get(name), now)
        self._entries[name] = entry
        self._schedule_expiry(name, entry)

    async def delete(self, key: str) -> None:
        """Remove `key`. If there is no such key, this is a no-op."""
        self.deletes += 1
        await self._faults.before("delete", self._clock)
        now = self._remove_expired()
        name = check_key("DELETE", key)
        self._faults.replaced(name, self._entries.pop(name, None), now)

    async def list(self, options: Options = None, **named: object) -> dict[str, Any]:
        """Return one page of the keys that start with `prefix`, sorted by code point.

        A page is `{"keys": [{"name", "expiration", "metadata"}], "list_complete", "cursor", "cacheStatus"}`,
        without `expiration`, `metadata` or `cursor` where there is none. `limit` is at most 1,000, which is
        also the default; `cursor` is the previous page's.
        """
        self.lists += 1
        await self._faults.before("list", self._clock)
        self._remove_expired()
        prefix, limit, after = list_range(named if options is None else options)
        names = sorted(name for name in self._entries if name > after and name.startswith(prefix))
        page = names[:limit]
        complete = len(names) <= limit
        cursor = {} if complete else {"cursor": encode_cursor(page[-1])}
        keys = [_listing(name, self._entries[name]) for name in page]
        return {"keys": keys, "list_complete": complete, **cursor, "cacheStatus": None}

    async def _read(self, key: str, options: Mapping[str, object]) -> tuple[Entry | None, object]:
        now = await self._begin_read()
        name = check_key("GET", key)
        kind = check_read_options("GET", options)
        return self._faults.visible(name, self._entries.get(name), now), kind

    async def _read_many(
        self, keys: KeyList, options: Mapping[str, object]
    ) -> tuple[dict[str, Entry | None], object]:
        now = await self._begin_read()
        kind = check_bulk_type(options)
        names = check_bulk_keys(keys)
        check_read_options("GET_BULK", options)
        return {name: self._faults.visible(name, self._entries.get(name), now) for name in names}, kind

    async def _begin_read(self) -> datetime:
        self.reads += 1
        await self._faults.before("get", self._clock)
        return self._remove_expired()

    def _limit_puts(self, name: str, now: datetime) -> None:
        # Oldest first. Puts that lie in the future, because the clock was set back, do not count.
        while (
            self._put_times
            and not timedelta() <= now - next(iter(self._put_times.values())) < self._put_interval
        ):
            self._put_times.popitem(last=False)
        if name in self._put_times:
            raise rejection("PUT", 429, "Too Many Requests")
        self._put_times[name] = now

    def _schedule_expiry(self, name: str, entry: Entry) -> None:
        if entry.expiration is not None:
            heapq.heappush(self._expiries, (entry.expiration, name))
        if len(self._expiries) > 2 * len(self._entries) + HEAP_SLACK:
            stored = self._entries.items()
            self._expiries = [(one.expiration, key) for key, one in stored if one.expiration is not None]
            heapq.heapify(self._expiries)

    def _remove_expired(self) -> datetime:
        """Remove the expired entries and return the current time."""
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
        return entry.render(kind)
    except KVError as error:
        reason = f"At least one of the requested keys corresponds to a non-{kind} value"
        raise rejection("GET_BULK", 400, reason) from error


def _listing(name: str, entry: Entry) -> dict[str, Any]:
    fields = {"name": name, "expiration": entry.expiration, "metadata": entry.parsed_metadata()}
    return {field: value for field, value in fields.items() if value is not None}
