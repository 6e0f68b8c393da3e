"""Responses in the words of docs/faults.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.api import sse

if TYPE_CHECKING:
    import httpx2


def words_for(response: httpx2.Response) -> str:
    """Describe a response: its status, then its error code, or what is special about the answer."""
    if response.status_code >= 400:
        after = response.headers.get("retry-after")
        return f"{response.status_code} {response.json()['code']}{f', Retry-After: {after}' if after else ''}"
    if not response.content:
        return str(response.status_code)
    if not response.headers["content-type"].startswith("text/event-stream"):
        return _answer(response.json())
    name, data = sse(response.text)[-1]
    body = json.loads(data)
    return _answer(body) if name == "done" else f"200, then error {body['code']}"


def _answer(body: dict[str, Any]) -> str:
    words = ["200"]
    if body["finishReason"] != "stop":
        words.append(f"finishReason: {body['finishReason']}")
    if body["saved"] is False:
        words.append("saved: false")
    if body["context"] != "complete":
        words.append(f"context: {body['context']}")
    if body["repeated"]:
        words.append("repeated: true")
    return ", ".join(words)
