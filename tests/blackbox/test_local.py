"""The local server over HTTP: the sample company's knowledge and the default settings, and others."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import httpx2
import pytest

from local.environment import ROOT
from session_id import generate_session_id
from tests.api import sse
from tests.blackbox.conftest import local_server
from tests.blackbox.visitor import STREAM, Visitor
from tests.other_knowledge import BAKERY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.blackbox

FOLLOW_UPS = ["What about the middle tier?", "Tell me more about the middle tier"]


@pytest.mark.parametrize("follow_up", FOLLOW_UPS)
async def test_follow_up_as_json(visitor: Visitor, follow_up: str) -> None:
    first = await visitor.answer("What's your pricing?")
    second = await visitor.answer(follow_up, turns=1)
    assert "Growth" in first["response"]
    assert "Growth" in second["response"]
    assert "Starter" not in second["response"]
    assert first["saved"] is second["saved"] is True


async def test_follow_up_as_stream(visitor: Visitor) -> None:
    await visitor.answer("What's your pricing?")
    *deltas, (_, data) = sse((await visitor.ask(FOLLOW_UPS[1], 1, **STREAM)).text)
    text = "".join(json.loads(piece)["text"] for _, piece in deltas)
    assert "Growth" in text
    assert (json.loads(data)["response"], json.loads(data)["saved"]) == (text, True)


async def test_stream_arrives_in_pieces(visitor: Visitor) -> None:
    body = {"question": "What's your pricing?", "sessionId": visitor.session_id}
    async with visitor.client.stream("POST", "/chat", json=body, headers=STREAM) as response:
        pieces = [piece async for piece in response.aiter_raw()]
    assert len(pieces) > 1


async def test_only_the_last_ten_messages_are_kept(visitor: Visitor) -> None:
    for number in range(1, 16):
        answer = await visitor.answer(f"Question {number}: what does it cost?", turns=number - 1)
        assert answer["turn"] == number
    session = (await visitor.session()).json()
    assert session["turn"] == 15
    assert [m["content"] for m in session["messages"][::2]] == [
        f"Question {number}: what does it cost?" for number in range(11, 16)
    ]
    assert [m["role"] for m in session["messages"]] == ["user", "assistant"] * 5


async def test_session_expires_after_an_hour(visitor: Visitor) -> None:
    answer = await visitor.answer("What's your pricing?")
    session = (await visitor.session()).json()
    left = datetime.fromisoformat(answer["expiresAt"]) - datetime.fromisoformat(session["createdAt"])
    assert 3600 <= left.total_seconds() < 3660


def test_conversations_in_a_file_outlive_the_server(tmp_path: Path) -> None:
    """A conversation goes on after a restart, and a closed one stays closed."""
    path, turns = str(tmp_path / "conversations.db"), []
    going_on, closed = {"x-session-id": generate_session_id()}, {"x-session-id": generate_session_id()}
    for _ in range(2):
        with local_server("--data", path) as url, httpx2.Client(base_url=f"{url}/api/voice-agent") as client:
            assert client.get("/health").json()["storage"] == "d1"
            for headers in (going_on, closed):
                body = {"question": "What's your pricing?", "sessionId": headers["x-session-id"]}
                answer = client.post("/chat", json=body).json()
                turns.append(answer.get("turn") or answer["code"])
            client.delete("/session", headers=closed)
    assert turns == [1, 1, 2, "session_closed"]


def test_ring_passes_with_other_knowledge_settings_and_limits(tmp_path: Path) -> None:
    """The rate limit forces the visitor to wait, but for seconds instead of minutes."""
    for name, text in BAKERY.items():
        (tmp_path / name).write_text(text, "utf-8")
    settings = {"RATE_LIMIT": "8/2", "MAX_MESSAGES": "2", "SESSION_TTL_SECONDS": "7200", "AGENT_NAME": "Bird"}
    with local_server("--knowledge", str(tmp_path), **settings) as url:
        ring = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "blackbox", "--base-url", url, "tests/blackbox"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ring.returncode == 0, ring.stdout
