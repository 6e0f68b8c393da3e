"""The contract of a Workers KV binding for keys: which ones are legal, and how they are listed."""

from __future__ import annotations

from tests.contracts.checks import Binding, Check, raises, register
from tests.contracts.kv_listing import listed, names

CHECKS: dict[str, Check] = {}


@register(CHECKS)
async def check_illegal_keys_are_rejected(kv: Binding) -> None:
    """An empty key, '.' and '..' are rejected before anything else is checked.

    getWithMetadata is left out: the runtime throws synchronously there, and miniflare's proxy for Node cannot
    pass that on.
    """
    not_allowed = '"{}" is not allowed as a key name.'
    messages = {"": "Key name cannot be empty.", ".": not_allowed.format("."), "..": not_allowed.format("..")}
    for key, message in messages.items():
        await raises(kv.get(key, cacheTtl=1), message)
        await raises(kv.put(key, "value", expirationTtl=1), message)
        await raises(kv.delete(key), message)


@register(CHECKS)
async def check_key_is_limited_to_512_bytes(kv: Binding) -> None:
    """The limit counts bytes of UTF-8, not characters."""
    longest = "key_is_limited_to_512_bytes:" + "ä" * 242
    assert len(longest.encode()) == 512
    await kv.put(longest, "value")
    assert await kv.get(longest) == "value"
    assert (await listed(kv, longest))["name"] == longest
    message = "KV {} failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512."
    await raises(kv.get(longest + "!"), message.format("GET"))
    await raises(kv.put(longest + "!", "value"), message.format("PUT"))
    await raises(kv.delete(longest + "!"), message.format("DELETE"))
    await raises(kv.list(prefix=longest + "!"), message.format("GET"))


@register(CHECKS)
async def check_keys_are_literal(kv: Binding) -> None:
    """Paths, wildcards and escapes have no meaning in a key, and case matters."""
    keys = ["a", "A", "a/b", "a//b", "../a", "./", "%2e", "%61", "a?b#c", "a b", "\n", "%", "_", "ä", "🌍"]
    for key in keys:
        await kv.put(f"keys_are_literal:{key}", key)
    for key in keys:
        assert await kv.get(f"keys_are_literal:{key}") == key
    assert names(await kv.list(prefix="keys_are_literal:%")) == [
        f"keys_are_literal:{key}" for key in ("%", "%2e", "%61")
    ]
    assert names(await kv.list(prefix="keys_are_literal:_")) == ["keys_are_literal:_"]


@register(CHECKS)
async def check_delete(kv: Binding) -> None:
    """A deleted key is gone, and deleting a missing key is a no-op."""
    await kv.put("delete", "value", metadata="kept")
    assert await kv.delete("delete") is None
    assert await kv.get("delete") is None
    assert names(await kv.list(prefix="delete")) == []
    assert await kv.delete("delete") is None
    assert await kv.delete("delete:never") is None


@register(CHECKS)
async def check_list_is_sorted(kv: Binding) -> None:
    """Names are sorted by code point, and include the prefix."""
    ordered = [f"list_is_sorted:{name}" for name in ("", "1", "A", "B", "a", "aa", "b", "ä", "\uffff", "🌍")]
    for key in reversed(ordered):
        await kv.put(key, "value")
    page = await kv.list(prefix="list_is_sorted:")
    assert names(page) == ordered
    assert page["list_complete"] is True
    assert "cursor" not in page
    assert names(await kv.list({"prefix": "list_is_sorted:a"})) == ordered[4:6]
    empty = await kv.list(prefix="list_is_sorted:none")
    assert (empty["keys"], empty["list_complete"]) == ([], True)


@register(CHECKS)
async def check_list_pages(kv: Binding) -> None:
    """Following the cursor gives all pages, without gaps, until list_complete."""
    keys = [f"list_pages:{number}" for number in range(5)]
    for key in keys:
        await kv.put(key, "value")
    first = await kv.list(prefix="list_pages:", limit=2)
    assert (names(first), first["list_complete"]) == (keys[:2], False)
    second = await kv.list({"prefix": "list_pages:", "limit": 2, "cursor": first["cursor"]})
    assert (names(second), second["list_complete"]) == (keys[2:4], False)
    last = await kv.list(prefix="list_pages:", limit=2, cursor=second["cursor"])
    assert (names(last), last["list_complete"], "cursor" in last) == (keys[4:], True, False)
    exact = await kv.list(prefix="list_pages:", limit=5)
    assert (names(exact), exact["list_complete"]) == (keys, True)


@register(CHECKS)
async def check_list_limit(kv: Binding) -> None:
    """The limit is at most 1,000, and anything but a positive number means the default."""
    for key in ("list_limit:a", "list_limit:b"):
        await kv.put(key, "value")
    for one in (1, 1.5, "1"):
        assert names(await kv.list(prefix="list_limit:", limit=one)) == ["list_limit:a"]
    for limit in (0, -1, 0.5, None, "some", 1000):
        assert (await kv.list(prefix="list_limit:", limit=limit))["list_complete"] is True
    message = "KV GET failed: 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000."
    await raises(kv.list(limit=1001), message)


@register(CHECKS)
async def check_list_without_prefix(kv: Binding) -> None:
    """Without a prefix or cursor, or with an empty one or None, the list starts at the first key."""
    await kv.put("!list_without_prefix", "value")
    for options in ({}, {"prefix": ""}, {"prefix": None}, {"cursor": ""}, {"cursor": None}):
        assert names(await kv.list({**options, "limit": 1})) == ["!list_without_prefix"]
