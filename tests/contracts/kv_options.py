"""The contract of a Workers KV binding for the options of a put: expiry and metadata.

Expiry is checked without waiting, by the `expiration` that list() shows.
"""

from __future__ import annotations

from tests.contracts.checks import UNSUPPORTED_VALUE, Binding, Check, raises, register
from tests.contracts.kv_listing import listed

CHECKS: dict[str, Check] = {}
MAX_VALUE_BYTES = 25 * 1024 * 1024
CLOCK_SLACK_SECONDS = 30  # what may pass between two calls to a busy runtime


async def time_of(kv: Binding, name: str) -> int:
    """Return the time of the binding's own clock, in seconds since the epoch. Writes the key `name`."""
    await kv.put(name, "", expirationTtl=60)
    return int((await listed(kv, name))["expiration"]) - 60


@register(CHECKS)
async def check_put_replaces_everything(kv: Binding) -> None:
    """The last write wins, and the previous expiry and metadata are gone."""
    key = "put_replaces_everything"
    await kv.put(key, "one", expirationTtl=3600, metadata={"turn": 1})
    await kv.put(key, "two")
    assert await kv.get(key) == "two"
    assert await listed(kv, key) == {"name": key}


@register(CHECKS)
async def check_metadata_round_trip(kv: Binding) -> None:
    """Metadata is any JSON, and both getWithMetadata and list return it."""
    for number, metadata in enumerate(({"turn": 2, "tags": ["ä", None]}, [], {}, "text", 0, False, "")):
        key = f"metadata_round_trip:{number}"
        await kv.put(key, "value", metadata=metadata)
        found = await kv.getWithMetadata(key)
        assert (found["value"], found["metadata"]) == ("value", metadata)
        assert await listed(kv, key) == {"name": key, "metadata": metadata}


@register(CHECKS)
async def check_none_is_no_metadata(kv: Binding) -> None:
    """None means that there is no metadata."""
    await kv.put("none_is_no_metadata", "value", metadata=None)
    assert (await kv.getWithMetadata("none_is_no_metadata"))["metadata"] is None
    assert await listed(kv, "none_is_no_metadata") == {"name": "none_is_no_metadata"}


@register(CHECKS)
async def check_metadata_is_limited_to_1024_bytes(kv: Binding) -> None:
    """The limit counts bytes of compact JSON in UTF-8, including quotes."""
    key = "metadata_is_limited_to_1024_bytes"
    await kv.put(key, "value", metadata="ä" * 511)
    assert (await kv.getWithMetadata(key))["metadata"] == "ä" * 511
    message = "KV PUT failed: 413 Metadata length of {} exceeds limit of 1024."
    for metadata, length in (("x" * 1023, 1025), ("ä" * 512, 1026), ("\x01" * 300, 1802), ([1] * 600, 1201)):
        await raises(kv.put(f"{key}:rejected", "value", metadata=metadata), message.format(length))
    assert await kv.get(f"{key}:rejected") is None


@register(CHECKS)
async def check_expiration_ttl(kv: Binding) -> None:
    """The key expires that many seconds after the write, without fractions."""
    start = await time_of(kv, "expiration_ttl:clock")
    for number, (ttl, seconds) in enumerate(((60, 60), (3600, 3600), (60.9, 60), ("90", 90))):
        key = f"expiration_ttl:{number}"
        await kv.put(key, "value", expirationTtl=ttl)
        expiration = (await listed(kv, key))["expiration"]
        assert 0 <= expiration - seconds - start <= CLOCK_SLACK_SECONDS
    await kv.put("expiration_ttl:dict", "value", {"expirationTtl": 3600, "metadata": 1})
    found = await listed(kv, "expiration_ttl:dict")
    assert 0 <= found["expiration"] - 3600 - start <= CLOCK_SLACK_SECONDS
    assert found["metadata"] == 1


@register(CHECKS)
async def check_expiration_ttl_is_at_least_60_seconds(kv: Binding) -> None:
    """A shorter TTL is rejected, and anything but a number counts as 0."""
    key = "expiration_ttl_is_at_least_60_seconds"
    for short in (1, 5, 59):
        message = f"KV PUT failed: 400 Invalid expiration_ttl of {short}. Expiration TTL must be at least 60."
        await raises(kv.put(key, "value", expirationTtl=short), message)
        await raises(kv.put(key, "value", {"expirationTtl": short + 0.9}), message)
    for ttl, shown in ((0, 0), (-1, -1), (-1.9, -1), (None, 0), ("soon", 0), ("", 0), (float("inf"), 0)):
        message = (
            f"KV PUT failed: 400 Invalid expiration_ttl of {shown}. Please specify integer greater than 0."
        )
        await raises(kv.put(key, "value", expirationTtl=ttl), message)
    out_of_range = "Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."
    await raises(kv.put(key, "value", expirationTtl=2**31), out_of_range)
    assert await kv.get(key) is None


@register(CHECKS)
async def check_expiration(kv: Binding) -> None:
    """The key expires at that second, without fractions."""
    later = await time_of(kv, "expiration:clock") + 600
    await kv.put("expiration:whole", "value", expiration=later)
    assert await listed(kv, "expiration:whole") == {"name": "expiration:whole", "expiration": later}
    await kv.put("expiration:cut", "value", {"expiration": later + 0.9})
    assert (await listed(kv, "expiration:cut"))["expiration"] == later


@register(CHECKS)
async def check_expiration_is_at_least_60_seconds_ahead(kv: Binding) -> None:
    """A time in the past or within the next minute is rejected."""
    key = "expiration_is_at_least_60_seconds_ahead"
    now = await time_of(kv, f"{key}:clock")
    past = "Please specify integer greater than the current number of seconds since the UNIX epoch."
    for expiration, shown in ((now, now), (now - 100, now - 100), (0, 0), (-5.5, -5), (None, 0), ("soon", 0)):
        message = f"KV PUT failed: 400 Invalid expiration of {shown}. {past}"
        await raises(kv.put(key, "value", expiration=expiration), message)
    soon = "Expiration times must be at least 60 seconds in the future."
    message = f"KV PUT failed: 400 Invalid expiration of {now + 45}. {soon}"
    await raises(kv.put(key, "value", expiration=now + 45), message)
    assert await kv.get(key) is None


@register(CHECKS)
async def check_expiration_ttl_takes_precedence(kv: Binding) -> None:
    """If both are given, only the TTL is used."""
    key = "expiration_ttl_takes_precedence"
    start = await time_of(kv, f"{key}:clock")
    await kv.put(key, "value", expirationTtl=100, expiration=5)
    assert 0 <= (await listed(kv, key))["expiration"] - 100 - start <= CLOCK_SLACK_SECONDS
    message = "KV PUT failed: 400 Invalid expiration_ttl of 5."
    await raises(kv.put(f"{key}:rejected", "value", expirationTtl=5, expiration=start + 600), message)


@register(CHECKS)
async def check_rules_are_checked_in_order(kv: Binding) -> None:
    """The key and the type of the value are checked first, then expiry, metadata and size."""
    key = "rules_are_checked_in_order"
    metadata = "x" * 2000
    await raises(kv.put("k" * 513, "value", expirationTtl=5), "exceeds key length limit")
    await raises(kv.put(key, {}, expirationTtl=5), UNSUPPORTED_VALUE)
    await raises(kv.put(key, "value", expirationTtl=5, metadata=metadata), "Invalid expiration_ttl of 5.")
    await raises(kv.put(key, "x" * (MAX_VALUE_BYTES + 1), metadata=metadata), "Metadata length of 2002")
