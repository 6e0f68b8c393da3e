"""How deep a body may be nested."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from json_body import nesting
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
            "error": "This JSON cannot be read: it is nested deeper than 2 levels.",
            "code": "invalid_json",
        }
