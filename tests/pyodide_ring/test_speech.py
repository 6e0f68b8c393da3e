"""Transcription and speech through `entry.py`, with the `openai` package over the Worker's `fetch`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import httpx2
import pytest

from local.pyodide.worker import PyodideWorker
from tests.contracts import upload_contract
from tests.pyodide_ring.visitor import Visitor
from tests.recordings import RECORDINGS, wav

if TYPE_CHECKING:
    from local.standin import StandIn

pytestmark = pytest.mark.pyodide


@pytest.mark.parametrize("data", [RECORDINGS["wav"][1], wav(30)], ids=["short", "30 s"])
def test_recording_is_transcribed(visitor: Visitor, openai: StandIn, data: bytes) -> None:
    openai.reply_with("What do you sell?", on="transcriptions")
    response = visitor.client.post("/transcribe", files={"file": ("clip.wav", data, "audio/wav")})
    assert (response.status_code, response.json()) == (200, {"text": "What do you sell?"})
    file = (openai.requests[0].form or {})["file"]
    assert not isinstance(file, str)
    assert file.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("name", upload_contract.CASES)
def test_upload_contract(visitor: Visitor, openai: StandIn, name: str, *, announced: bool) -> None:
    case = upload_contract.CASES[name]
    openai.reply_with("hello", on="transcriptions")
    content = case.body if announced else case.chunks()
    response = visitor.client.post(
        "/transcribe", content=content, headers={"content-type": case.content_type}
    )
    answer = response.json()
    assert (response.status_code, answer.get("code") or answer["text"]) == case.outcome
    assert bool(openai.requests) == (response.status_code == 200)


GREETING = "Hi! Ask me anything about us."


def say(visitor: Visitor, openai: StandIn, text: str) -> None:
    """Have the agent answer with `text`, so that it may be spoken."""
    openai.reply_with(text, on="chat")
    assert visitor.ask("What do you sell?").json()["response"] == text
    openai.reset()
    visitor.client.headers["x-session-token"] = visitor.session_id


def test_sentence_is_spoken_while_the_answer_is_streamed(visitor: Visitor, openai: StandIn) -> None:
    openai.reply_with("We have three plans. One is free.", on="chat")
    answer = ""
    with visitor.streaming("What do you sell?", speech=True) as events:
        for name, data in events:
            if name == "delta":
                answer, ticket = answer + data["text"], data["ticket"]
    headers = {"x-session-token": visitor.session_id}
    for text, status in ((answer, 200), ("Buy my thing.", 403)):
        body = {"text": text, "answer": answer, "ticket": ticket}
        assert visitor.client.post("/speech", json=body, headers=headers).status_code == status


def test_speech_is_streamed(visitor: Visitor, openai: StandIn) -> None:
    say(visitor, openai, "We have three plans.")
    openai.behave(on="speech", stall_after=2)
    body = {"text": "We have three plans.", "format": "pcm"}
    with visitor.client.stream("POST", "/speech", json=body) as response:
        assert response.headers["content-type"] == "audio/pcm"
        assert next(response.iter_raw())
        assert openai.requests[0].outcome == "running"


def test_leaving_visitor_ends_the_request(visitor: Visitor, openai: StandIn) -> None:
    text = " ".join(["We have three plans."] * 20)
    say(visitor, openai, text)
    openai.behave(on="speech", piece_delay=0.05)
    body = {"text": text, "format": "pcm"}
    with visitor.client.stream("POST", "/speech", json=body) as response:
        assert next(response.iter_raw())
    assert openai.requests[0].wait_until_over() == "client_left"


@pytest.mark.parametrize("fault", [{"cut_after": 2}, {"stall_after": 2}])
def test_speech_that_breaks_off_is_logged_in_one_line(openai: StandIn, fault: dict[str, int]) -> None:
    env = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": openai.base_url, "OPENAI_TIMEOUT_SECONDS": "2"}
    with PyodideWorker.start(env=env) as worker, Visitor(worker) as visitor:
        text = " ".join(["We have three plans."] * 20)
        say(visitor, openai, text)
        before = len(worker.log())
        openai.behave(on="speech", times=None, **fault)
        with pytest.raises(httpx2.RemoteProtocolError):
            visitor.client.post("/speech", json={"text": text, "format": "pcm"})
        # The server around the Worker reports the broken response, as the runtime does.
        lines = [line for line in worker.log()[before:] if line.startswith("{")]
        assert len(lines) == 1
        assert '"level": "warning"' in lines[0]
        assert "Traceback" not in "".join(worker.log())
        assert worker.control.background_failures() == []


def test_rejected_request(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(on="speech", status=400)
    response = visitor.client.post("/speech", json={"text": GREETING})
    assert (response.status_code, response.json()["code"]) == (502, "responder_rejected")


@pytest.mark.parametrize("call", ["transcriptions", "speech"])
def test_broken_connection(visitor: Visitor, openai: StandIn, call: str) -> None:
    openai.behave(on=call, cut_before_headers=True, times=None)
    if call == "speech":
        response = visitor.client.post("/speech", json={"text": GREETING})
    else:
        file = ("clip.wav", RECORDINGS["wav"][1], "audio/wav")
        response = visitor.client.post("/transcribe", files={"file": file})
    assert (response.status_code, response.json()["code"]) == (502, "responder_unreachable")


def test_speech_needs_a_key(offline_visitor: Visitor) -> None:
    data = RECORDINGS["wav"][1]
    response = offline_visitor.client.post("/transcribe", files={"file": ("clip.wav", data, "audio/wav")})
    assert (response.status_code, response.json()["code"]) == (501, "speech_unavailable")
