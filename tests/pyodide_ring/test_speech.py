"""Speech through `entry.py`: a form with a recording goes in, sound comes out, over the `openai` package."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.recordings import RECORDINGS, wav

if TYPE_CHECKING:
    from local.openai_standin import StandIn
    from tests.pyodide_ring.visitor import Visitor

pytestmark = pytest.mark.pyodide


@pytest.mark.parametrize("data", [RECORDINGS["wav"][1], wav(30)], ids=["short", "30 s"])
def test_a_recording_is_written_down(visitor: Visitor, openai: StandIn, data: bytes) -> None:
    openai.reply_with("What do you sell?", on="transcriptions")
    response = visitor.client.post("/transcribe", files={"file": ("clip.wav", data, "audio/wav")})
    assert (response.status_code, response.json()) == (200, {"text": "What do you sell?"})
    file = (openai.requests[0].form or {})["file"]
    assert not isinstance(file, str)
    assert file.sha256 == hashlib.sha256(data).hexdigest()


def test_a_text_is_spoken_as_it_comes(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(on="speech", stall_after=2)
    body = {"text": "We have three plans.", "format": "pcm"}
    with visitor.client.stream("POST", "/speech", json=body) as response:
        assert response.headers["content-type"] == "audio/pcm"
        assert next(response.iter_raw())
        assert openai.requests[0].outcome == "running"


def test_speech_that_nobody_hears_is_not_fetched_to_its_end(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(on="speech", piece_delay=0.05)
    body = {"text": "We have three plans. " * 20, "format": "pcm"}
    with visitor.client.stream("POST", "/speech", json=body) as response:
        assert next(response.iter_raw())
    assert openai.requests[0].wait_until_over() == "client_left"


def test_a_fault_of_the_model_is_an_error_of_ours(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(on="speech", status=400)
    response = visitor.client.post("/speech", json={"text": "Hello"})
    assert (response.status_code, response.json()["code"]) == (502, "responder_rejected")


def test_without_a_key_there_is_no_speech(offline_visitor: Visitor) -> None:
    data = RECORDINGS["wav"][1]
    response = offline_visitor.client.post("/transcribe", files={"file": ("clip.wav", data, "audio/wav")})
    assert (response.status_code, response.json()["code"]) == (501, "speech_unavailable")
