"""How deep a body may be nested."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.route import nesting
from settings import Settings
from tests.api import Api

values = st.recursive(
    st.none() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(values)
def test_counts_levels_and_not_what_strings_hold(value: object) -> None:
    assert nesting(json.dumps(value).encode()) == depth(value)


@pytest.mark.parametrize(
    ("text", "levels"),
    [(b"", 0), (b"]]]][", 0), (b"[[[", 3), (b'"[[[', 0), (b'"\\"[[[', 0), (b'["\\\\"[', 2)],
)
def test_counts_what_is_no_json_too(text: bytes, levels: int) -> None:
    assert nesting(text) == levels


@pytest.mark.parametrize(("levels", "status"), [(2, 200), (3, 400)])
async def test_a_body_may_be_nested_so_deep(levels: int, status: int) -> None:
    api = Api(Settings(max_json_depth=2))
    body = {"question": "Hello?", "sessionId": api.session_id}
    more = json.loads("[" * (levels - 1) + "]" * (levels - 1))
    response = await api.client.post("/chat", json={**body, "more": more})
    assert response.status_code == status
    if status == 400:
        assert response.json() == {
            "error": "Invalid JSON: it is nested more than 2 levels deep.",
            "code": "invalid_json",
        }


@pytest.mark.parametrize(
    "content",
    [
        b'{"question": ' + b"9" * 5000 + b"}",
        b"\xff\xfe{}",
        ('{"question": "' + "\u2200" * 100 + "[" * 500 + '"}').encode("utf-16"),
        b"",
        b'{"question": "Hi", "sessionId": "\xc3"}',
    ],
    ids=["a long number", "no UTF-8", "UTF-16", "nothing", "half a character"],
)
async def test_what_cannot_be_read_is_refused_with_a_reason(content: bytes) -> None:
    response = await Api().client.post("/chat", content=content, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["code"]) in {(400, "invalid_json"), (415, "invalid_body")}


async def test_half_a_character_that_json_can_write_is_taken() -> None:
    api = Api()
    body = b'{"question": "Hi \\ud83d", "sessionId": "%b"}' % api.session_id.encode()
    response = await api.client.post("/chat", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200
    assert api.responder.prompts[0].question == "Hi"
