"""Strategies for requests: from the OpenAPI document, and what a broken or hostile client might send."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from api.route import PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy
    from starlette.types import ASGIApp

JSON = "application/json"
STREAM = "text/event-stream"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.just("x" * 2001),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)


@dataclass(frozen=True)
class Sent:
    """One request."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


def from_openapi(app: ASGIApp) -> SearchStrategy[Sent]:
    """Requests to every operation in the OpenAPI document that `app` serves."""
    schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return st.one_of([operation.as_strategy() for operation in operations]).map(_of_case)


def _of_case(case: schemathesis.Case[Any]) -> Sent:
    query = urlencode(case.query or {}, doseq=True)
    path = quote(case.formatted_path.removeprefix(PREFIX), safe="/%") + (f"?{query}" if query else "")
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
    if isinstance(case.body, dict | list | str | int | float | bool) or case.body is None:
        return Sent(case.method, path, {**headers, "content-type": JSON}, json.dumps(case.body).encode())
    return Sent(case.method, path, headers)


def near_good(session_ids: Sequence[str], turn_ids: Sequence[str]) -> SearchStrategy[Sent]:
    """Valid questions, and invalid ones close to them: wrong values in some fields, or a truncated body."""
    ids = st.sampled_from(session_ids)
    good = st.fixed_dictionaries(
        {"sessionId": ids, "question": st.text(min_size=1, max_size=40)},
        optional={"turnId": st.sampled_from(turn_ids), "turns": st.integers(0, 20)},
    )
    wrong = st.fixed_dictionaries(
        {"sessionId": st.one_of(ids, _VALUES), "question": st.one_of(st.text(max_size=40), _VALUES)},
        optional={"turnId": _VALUES, "turns": _VALUES, "more": _VALUES},
    )
    contents = st.one_of(good.map(_json), wrong.map(_json), good.map(_json).map(lambda text: text[:-7]))
    headers = st.fixed_dictionaries({"content-type": st.just(JSON)}, optional={"accept": st.just(STREAM)})
    return st.builds(Sent, st.just("POST"), st.just("/chat"), headers, contents)


def strange(session_ids: Sequence[str]) -> SearchStrategy[Sent]:
    """Any path with any method and any body, with known and unknown session ids."""
    contents = st.one_of(
        _VALUES.map(_json),
        st.binary(max_size=60),
        st.integers(1, 9000).map(lambda depth: b"[" * depth),
        st.just(b" " * 20_000),
    )
    headers = {
        "content-type": st.sampled_from([JSON, "text/plain", "application/x+json", ""]),
        "accept": st.sampled_from([STREAM, "*/*"]),
        "x-session-id": st.one_of(
            st.sampled_from(session_ids),
            st.uuids(version=4).map(str),
            st.text("0af-", max_size=40),
        ),
        "origin": st.sampled_from(["https://evil.example", "null", "http://agent.test"]),
    }
    paths = ["/chat", "/session", "/session/export", "/session/export?format=x", "/config", "/health", "/%00"]
    methods = st.sampled_from(["POST", "GET", "DELETE", "PUT", "OPTIONS", "HEAD"])
    return st.builds(
        Sent, methods, st.sampled_from(paths), st.fixed_dictionaries({}, optional=headers), contents
    )


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
