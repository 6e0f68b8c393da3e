"""Chat requests that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx2

MESSAGES = [{"role": "user", "content": "x"}]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"model": None}, "model"),
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "x"}, "messages"),
        ({"messages": ["x"]}, "messages[0]"),
        ({"messages": [{"role": "king", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": [], "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "x"}]}]}, "messages[0].content"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": {"x": 1}}, "stream_options"),
    ],
)
async def test_invalid_field(http: httpx2.AsyncClient, change: dict[str, Any], param: str) -> None:
    response = await http.post("chat/completions", json={"model": "m", "messages": MESSAGES, **change})
    error = response.json()["error"]
    assert (response.status_code, error["type"], error["param"]) == (400, "invalid_request_error", param)
    assert set(error) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("body", [b"[]", b"{", b"[" * 200_000], ids=["a list", "not JSON", "nested too deep"])
async def test_body_is_not_an_object(http: httpx2.AsyncClient, body: bytes) -> None:
    response = await http.post("chat/completions", content=body)
    assert (response.status_code, response.json()["error"]["param"]) == (400, None)
