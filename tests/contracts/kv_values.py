"""The contract of a Workers KV binding for values: types, limits, and bulk reads."""

from __future__ import annotations

from typing import Any

from tests.contracts.checks import UNSUPPORTED_VALUE, Binding, Check, raises, register

CHECKS: dict[str, Check] = {}
MAX_VALUE_BYTES = 25 * 1024 * 1024
UNKNOWN_TYPE = 'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".'


def as_bytes(chunk: Any) -> bytes:
    """Return the bytes of a chunk of a stream, which is bytes or a JavaScript proxy."""
    return chunk.to_bytes() if hasattr(chunk, "to_bytes") else bytes(chunk)


@register(CHECKS)
async def check_missing_key_is_none(kv: Binding) -> None:
    """A missing key gives None for every type, even for one that does not exist."""
    for kind in ("text", "json", "arrayBuffer", "stream", "nonsense"):
        assert await kv.get("missing_key_is_none", kind) is None
    found = await kv.getWithMetadata("missing_key_is_none")
    assert found["value"] is None
    assert found["metadata"] is None


@register(CHECKS)
async def check_text_round_trip(kv: Binding) -> None:
    """Text comes back unchanged, and put returns None."""
    for number, text in enumerate(("", "hello", "Grüße, 世界 🌍\r\n\t\0", "\ufeffmarked", " ", "null")):
        key = f"text_round_trip:{number}"
        assert await kv.put(key, text) is None
        assert await kv.get(key) == text
        assert await kv.get(key, "text") == text
        assert (await kv.getWithMetadata(key))["value"] == text


@register(CHECKS)
async def check_bytes_round_trip(kv: Binding) -> None:
    """Bytes come back unchanged, as a memoryview and as a stream."""
    value = bytes(range(256))
    await kv.put("bytes_round_trip", value)
    buffer = await kv.get("bytes_round_trip", "arrayBuffer")
    assert isinstance(buffer, memoryview)
    assert bytes(buffer) == value
    stream = await kv.get("bytes_round_trip", "stream")
    assert b"".join([as_bytes(chunk) async for chunk in stream]) == value


@register(CHECKS)
async def check_empty_value(kv: Binding) -> None:
    """An empty value is a value."""
    await kv.put("empty_value", b"")
    assert await kv.get("empty_value") == ""
    assert bytes(await kv.get("empty_value", "arrayBuffer")) == b""
    assert [chunk async for chunk in await kv.get("empty_value", "stream")] == []
    await raises(kv.get("empty_value", "json"), "Unexpected end of JSON input")


@register(CHECKS)
async def check_invalid_utf8_is_replaced_in_text(kv: Binding) -> None:
    """Bytes that are not UTF-8 read as U+FFFD in text, and are unchanged as bytes."""
    await kv.put("invalid_utf8_is_replaced_in_text", b"a\xff\xf0\x9f\x8cb")
    assert await kv.get("invalid_utf8_is_replaced_in_text") == "a\ufffd\ufffdb"
    found = await kv.get("invalid_utf8_is_replaced_in_text", "arrayBuffer")
    assert bytes(found) == b"a\xff\xf0\x9f\x8cb"


@register(CHECKS)
async def check_plain_values_become_text(kv: Binding) -> None:
    """A number, a boolean and None are stored as JavaScript writes them; dicts and lists are rejected."""
    for number, (value, text) in enumerate(((5, "5"), (True, "true"), (None, "null"))):
        await kv.put(f"plain_values_become_text:{number}", value)
        assert await kv.get(f"plain_values_become_text:{number}") == text
    for structure in ({"a": 1}, [1, 2]):
        await raises(kv.put("plain_values_become_text", structure), UNSUPPORTED_VALUE)


@register(CHECKS)
async def check_json_is_parsed(kv: Binding) -> None:
    """JSON comes back as Python dicts, lists, strings, numbers and None."""
    await kv.put("json_is_parsed", '{"list": [1, 2.5, "ä", null, true], "nested": {"empty": {}}}')
    expected = {"list": [1, 2.5, "ä", None, True], "nested": {"empty": {}}}
    assert await kv.get("json_is_parsed", "json") == expected
    assert await kv.get("json_is_parsed", {"type": "json"}) == expected
    assert await kv.get("json_is_parsed", type="json") == expected
    assert (await kv.getWithMetadata("json_is_parsed", "json"))["value"] == expected


@register(CHECKS)
async def check_broken_json_raises(kv: Binding) -> None:
    """A value that is not JSON raises if it is read as JSON, but can be read as text."""
    for number, text in enumerate(
        ("{", "nope", "NaN", '{"a": NaN}', "[1,]", "{} {}", "01", '"\n"', "\ufeff{}")
    ):
        key = f"broken_json_raises:{number}"
        await kv.put(key, text)
        await raises(kv.get(key, "json"), "JSON")
        assert await kv.get(key) == text


@register(CHECKS)
async def check_unknown_type_raises(kv: Binding) -> None:
    """The names of types have to match exactly."""
    await kv.put("unknown_type_raises", "value")
    for kind in ("nonsense", "", "TEXT", {"type": "Json"}, {"type": None}):
        await raises(kv.get("unknown_type_raises", kind), UNKNOWN_TYPE)


@register(CHECKS)
async def check_cache_ttl_is_at_least_30_seconds(kv: Binding) -> None:
    """A shorter cacheTtl is rejected, even for a missing key."""
    key = "cache_ttl_is_at_least_30_seconds"
    assert await kv.get(key, {"type": "json", "cacheTtl": 30}) is None
    assert await kv.get(key, cacheTtl=60.9) is None
    message = "KV GET failed: 400 Invalid cache_ttl of {}. Cache TTL must be at least 30."
    for cache_ttl, shown in ((29, 29), (29.9, 29), (0, 0), (-1, -1), (None, 0), ("soon", 0)):
        await raises(kv.get(key, {"cacheTtl": cache_ttl}), message.format(shown))
        await raises(kv.getWithMetadata(key, cacheTtl=cache_ttl), message.format(shown))


@register(CHECKS)
async def check_value_is_limited_to_25_mib(kv: Binding) -> None:
    """A longer value is rejected, and the previous one stays."""
    await kv.put("value_is_limited_to_25_mib", "before")
    message = "KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400."
    await raises(kv.put("value_is_limited_to_25_mib", "x" * (MAX_VALUE_BYTES + 1)), message)
    assert await kv.get("value_is_limited_to_25_mib") == "before"


@register(CHECKS)
async def check_bulk_get(kv: Binding) -> None:
    """A list of keys gives a dict of texts or JSON, in which missing keys are None."""
    prefix = "bulk_get"
    await kv.put(f"{prefix}:a", "[1]", metadata={"turn": 1})
    await kv.put(f"{prefix}:b", "")
    keys = [f"{prefix}:a", f"{prefix}:none", f"{prefix}:b", f"{prefix}:a"]
    found = await kv.get(keys)
    assert found == {f"{prefix}:a": "[1]", f"{prefix}:none": None, f"{prefix}:b": ""}
    assert await kv.get(keys[:2], "json") == {f"{prefix}:a": [1], f"{prefix}:none": None}
    assert len(await kv.get([f"{prefix}:{number}" for number in range(100)])) == 100
    with_metadata = await kv.getWithMetadata(keys)
    assert with_metadata[f"{prefix}:a"] == {"value": "[1]", "metadata": {"turn": 1}}
    assert with_metadata[f"{prefix}:b"] == {"value": "", "metadata": None}
    assert with_metadata[f"{prefix}:none"] is None


@register(CHECKS)
async def check_bulk_get_rejects_invalid_calls(kv: Binding) -> None:
    """Errors are worded differently from those of a single get, and one bad key fails the whole call."""
    prefix = "bulk_get_rejects_invalid_calls"
    await kv.put(prefix, "{")
    rejected: list[tuple[list[str], Any, str]] = [
        ([], None, "400 You must request a minimum of 1 key"),
        ([f"{prefix}:{number}" for number in range(101)], None, "400 You can request a maximum of 100 keys"),
        ([prefix, ""], None, "400 Key names must not be empty"),
        ([".."], None, '400 Illegal key name "..". Please use a different name.'),
        (["k" * 513], None, "414 UTF-8 encoded length of 513 exceeds key length limit of 512."),
        ([prefix], "json", "400 At least one of the requested keys corresponds to a non-json value"),
        ([prefix], "arrayBuffer", '400 "arrayBuffer" is not a valid type. Use "json" or "text"'),
        ([prefix], {"cacheTtl": 5}, "400 Invalid cache_ttl of 5. Cache TTL must be at least 30."),
    ]
    for keys, options, reason in rejected:
        await raises(kv.get(keys, options), f"KV GET_BULK failed: {reason}")
