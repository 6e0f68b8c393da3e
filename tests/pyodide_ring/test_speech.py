"""Transcription and speech through `entry.py`, with the `openai` package over the Worker's `fetch`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.recordings import RECORDINGS, wav

if TYPE_CHECKING:
    from local.standin import StandIn
    from tests.pyodide_ring.visitor import Visitor

pytestmark = pytest.mark.pyodide


@pytest.mark.parametrize("data", [RECORDINGS["wav"][1], wav(30)], ids=["short", "30 s"])
def test_recording_is_transcribed(visitor: Visitor, openai: StandIn, data: bytes) -> None:
    openai.reply_with("What do you sell?", on="transcriptions")
    response = visitor.client.post("/transcribe", files={"file": ("clip.wav", data, "audio/wav")})
    assert (response.status_code, response.json()) == (200, {"text": "What do you sell?"})
    file = (openai.requests[0].form or {})["file"]
    assert not isinstance(file, str)
    assert file.sha256 == hashlib.sha256(data).hexdigest()


def test_speech_is_streamed(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(on="speech", stall_after=2)
    body = {"text": "We have three plans.", "format": "pcm"}
    with visitor.client.stream("POST", "/speech", json=body) as response:
        assert response.headers["content-type"] == "audio/pcm"
        assert next(response.iter_raw())
        assert openai.requests[0].outcome == "running"


def test_leaving_visitor_ends_the_request(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(on="speech", piece_delay=0.05)
    body = {"text": "We have three plans. " * 20, "format": "pcm"}
    with visitor.client.stream("POST", "/speech", json=body) as response:
        assert next(response.iter_raw())
    assert openai.requests[0].wait_until_over() == "client_left"


def test_rejected_request(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(on="speech", status=400)
    response = visitor.client.post("/speech", json={"text": "Hello"})
    assert (response.status_code, response.json()["code"]) == (502, "responder_rejected")


@pytest.mark.parametrize("call", ["transcriptions", "speech"])
def test_broken_connection(visitor: Visitor, openai: StandIn, call: str) -> None:
    openai.behave(on=call, cut_before_headers=True, times=None)
    if call == "speech":
        response = visitor.client.post("/speech", json={"text": "Hello"})
    else:
        file = ("clip.wav", RECORDINGS["wav"][1], "audio/wav")
        response = visitor.client.post("/transcribe", files={"file": file})
    assert (response.status_code, response.json()["code"]) == (502, "responder_unreachable")


def test_speech_needs_a_key(offline_visitor: Visitor) -> None:
    data = RECORDINGS["wav"][1]
    response = offline_visitor.client.post("/transcribe", files={"file": ("clip.wav", data, "audio/wav")})
    assert (response.status_code, response.json()["code"]) == (501, "speech_unavailable")
