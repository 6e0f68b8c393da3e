"""`POST /transcribe` and `POST /speech`: the API in this process, with the stand-in as OpenAI over HTTP."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from local.standin import StandIn, running_standin
from speech.openai_recognizer import OpenAIRecognizer
from speech.recording import Recording
from speech.synthesizer import Utterance
from speech.upload import MemoryFile
from tests.api import STREAM, Api, sse
from tests.clocks import AutoClock
from tests.connections import connected
from tests.contracts import upload_contract
from tests.recordings import NOISE, RECORDINGS, wav
from tests.voices import talking, voice_of, with_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

WEBM = RECORDINGS["webm"]
# Long for a stand-in that answers at once, on a busy machine too, and short for one that never does.
PATIENCE, IMPATIENCE = "30", "1"


@pytest.fixture
def seconds() -> str:
    """The timeout; tests override it."""
    return PATIENCE


@pytest.fixture
async def client(standin: StandIn, seconds: str) -> AsyncIterator[httpx2.AsyncClient]:
    variables = with_key(
        standin,
        OPENAI_TIMEOUT_SECONDS=seconds,
        MAX_AUDIO_BYTES="50000",
        MAX_SPEECH_CHARS="100",
        ALLOWED_ORIGINS="https://shop.example",
        RATE_LIMIT="20/60",
    )
    async with talking(variables) as client:
        yield client


async def transcribe(
    client: httpx2.AsyncClient, content_type: str, data: bytes, **fields: str
) -> httpx2.Response:
    return await client.post("/transcribe", files={"file": ("clip", data, content_type)}, data=fields)


def outcome(response: httpx2.Response) -> tuple[int, str]:
    assert set(response.json()) == {"error", "code"}
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize("kind", RECORDINGS)
async def test_recording_of_each_kind_is_transcribed(
    standin: StandIn, client: httpx2.AsyncClient, kind: str
) -> None:
    content_type, data = RECORDINGS[kind]
    standin.reply_with(" What do you sell? ", on="transcriptions")
    response = await transcribe(client, content_type, data, language="en-GB")
    assert (response.status_code, response.json()) == (200, {"text": "What do you sell?"})
    assert response.headers["server-timing"].startswith("transcribe;dur=")
    (request,) = standin.requests
    assert "x-stainless-os" not in request.headers
    form: dict[str, Any] = request.form or {}
    assert (form["model"], form["language"]) == ("gpt-transcribe", "en")
    assert (form["file"].filename, form["file"].sha256) == (
        f"speech.{kind}",
        hashlib.sha256(data).hexdigest(),
    )


async def test_recording_without_words_has_an_empty_transcript(
    standin: StandIn, client: httpx2.AsyncClient
) -> None:
    standin.reply_with("", on="transcriptions")
    assert (await transcribe(client, *WEBM)).json() == {"text": ""}
    assert "language" not in (standin.requests[0].form or {})


@pytest.mark.parametrize(
    ("content_type", "data", "expected"),
    [
        ("audio/webm", b"", (400, "audio_empty")),
        ("audio/webm", WEBM[1][:100], (400, "audio_too_short")),
        ("audio/wav", wav(0.05), (400, "audio_too_short")),
        ("audio/webm", NOISE, (415, "unsupported_audio")),
        ("audio/webm", wav(1), (415, "unsupported_audio")),
        ("image/png", wav(1), (415, "unsupported_audio")),
        ("audio/wav", wav(1.58), (413, "audio_too_large")),
        ("audio/wav", wav(3), (413, "body_too_large")),
    ],
)
async def test_unusable_recording_is_rejected_before_it_is_sent(
    standin: StandIn,
    client: httpx2.AsyncClient,
    content_type: str,
    data: bytes,
    expected: tuple[int, str],
) -> None:
    assert outcome(await transcribe(client, content_type, data)) == expected
    assert not standin.requests


async def test_invalid_form_is_rejected(standin: StandIn, client: httpx2.AsyncClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert outcome(await client.post("/transcribe", json={})) == (415, "invalid_body")
    assert outcome(await client.post("/transcribe", content=b"x", headers=headers)) == (400, "invalid_form")
    assert outcome(await client.post("/transcribe", content=b"--x--\r\n", headers=headers)) == (
        400,
        "audio_required",
    )
    assert outcome(await transcribe(client, *WEBM, language="../etc")) == (400, "invalid_language")
    assert not standin.requests


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("name", upload_contract.CASES)
async def test_upload_contract(standin: StandIn, name: str, *, announced: bool) -> None:
    case = upload_contract.CASES[name]
    standin.reply_with("hello", on="transcriptions")
    async with talking(with_key(standin)) as client:
        content = case.body if announced else _later(case.chunks())
        headers = {"content-type": case.content_type}
        response = await client.post("/transcribe", content=content, headers=headers)
    answer = response.json()
    assert (response.status_code, answer.get("code") or answer["text"]) == case.outcome
    assert bool(standin.requests) == (response.status_code == 200)


async def _later(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_text_is_spoken(standin: StandIn, client: httpx2.AsyncClient) -> None:
    response = await client.post("/speech", json={"text": "We have three\nplans.", "format": "pcm"})
    assert (response.status_code, response.headers["content-type"]) == (200, "audio/pcm")
    assert response.headers["server-timing"].startswith("speech;dur=")
    assert response.headers["cache-control"] == "no-store, no-transform"
    assert response.headers["x-accel-buffering"] == "no"
    assert len(response.content) == pytest.approx(2 * 24_000 * 21 / 15, rel=0.01)
    assert standin.requests[0].body == {
        "model": "gpt-4o-mini-tts",
        "voice": "alloy",
        "input": "We have three plans.",
        "response_format": "pcm",
    }


async def test_voice_of_the_request(standin: StandIn, client: httpx2.AsyncClient) -> None:
    response = await client.post("/speech", json={"text": "Hi", "voice": "nova"})
    assert response.headers["content-type"] == "audio/mpeg"
    assert standin.requests[0].body["voice"] == "nova"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "text_required"),
        ({"text": " \n"}, "text_required"),
        ({"text": "x" * 101}, "text_too_long"),
        ({"text": "Hi", "voice": "hal9000"}, "unknown_voice"),
        ({"text": "Hi", "format": "aiff"}, "invalid_request"),
    ],
)
async def test_invalid_speech_request_is_rejected(
    standin: StandIn, client: httpx2.AsyncClient, body: object, code: str
) -> None:
    assert outcome(await client.post("/speech", json=body)) == (400, code)
    assert not standin.requests


@pytest.mark.parametrize("call", ["transcriptions", "speech"])
@pytest.mark.parametrize(
    ("behaviour", "expected", "seconds"),
    [
        ({"status": 401}, (502, "responder_rejected"), PATIENCE),
        ({"status": 429, "retry_after": "7"}, (503, "responder_busy"), PATIENCE),
        ({"status": 500}, (502, "responder_failed"), PATIENCE),
        ({"not_json": True}, (502, "responder_incomplete"), PATIENCE),
        ({"cut_before_headers": True}, (502, "responder_unreachable"), PATIENCE),
        ({"cut_after": 0}, (502, "responder_unreachable"), PATIENCE),
        ({"headers_delay": 30}, (504, "responder_timeout"), IMPATIENCE),
        ({"stall_after": 0}, (504, "responder_timeout"), IMPATIENCE),
    ],
)
async def test_error_for_each_fault(
    standin: StandIn,
    client: httpx2.AsyncClient,
    call: str,
    behaviour: dict[str, Any],
    expected: tuple[int, str],
) -> None:
    standin.behave(on=call, **behaviour)
    if call == "speech":
        response = await client.post("/speech", json={"text": "Hello there"})
    else:
        response = await transcribe(client, *WEBM)
    assert outcome(response) == expected
    assert response.headers.get("retry-after") == behaviour.get("retry_after")


async def test_malformed_transcript_is_an_incomplete_answer(
    standin: StandIn, client: httpx2.AsyncClient
) -> None:
    standin.behave(on="transcriptions", malformed_after=0)
    assert outcome(await transcribe(client, *WEBM)) == (502, "responder_incomplete")


@pytest.mark.parametrize("call", ["transcriptions", "speech"])
async def test_failed_call_is_retried(standin: StandIn, call: str) -> None:
    standin.behave(on=call, status=429, retry_after="2")
    clock = AutoClock()
    async with voice_of(with_key(standin, OPENAI_MAX_RETRIES="1"), clock) as voice:
        assert voice.synthesizer
        assert voice.recognizer
        if call == "speech":
            sound = await voice.synthesizer.speak(Utterance("Hi"))
            assert [piece async for piece in sound.pieces]
        else:
            assert await voice.recognizer.transcribe(Recording(MemoryFile(WEBM[1]), "webm"), None)
    assert (clock.sleeps, len(standin.requests)) == ([2], 2)


async def test_each_call_has_its_own_rate_limit(client: httpx2.AsyncClient) -> None:
    for _ in range(20):
        assert (await client.post("/speech", json={"text": "Hi"})).status_code == 200
    refused = await client.post("/speech", json={"text": "Hi"})
    assert outcome(refused) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) > 0
    assert (await transcribe(client, *WEBM)).status_code == 200


async def test_config_describes_speech_and_lets_other_origins_read_server_timing(
    client: httpx2.AsyncClient,
) -> None:
    response = await client.get("/config", headers={"origin": "https://shop.example"})
    assert response.json()["speech"] == {
        "input": True,
        "output": True,
        "voices": ["alloy", "ash", "coral", "nova", "sage", "shimmer"],
        "receiver": "127.0.0.1",
        "maxChars": 100,
    }
    assert "Server-Timing" in response.headers["access-control-expose-headers"]


async def test_speech_needs_a_key() -> None:
    api = Api()
    assert outcome(await transcribe(api.client, *WEBM)) == (501, "speech_unavailable")
    assert outcome(await api.client.post("/speech", json={"text": "Hi"})) == (501, "speech_unavailable")
    assert (await api.client.get("/config")).json()["speech"] == {
        "input": False,
        "output": False,
        "voices": [],
        "receiver": None,
        "maxChars": 1000,
    }


async def test_speech_server_of_its_own(standin: StandIn) -> None:
    with running_standin() as other:
        own = {"OPENAI_SPEECH_BASE_URL": other.base_url, "OPENAI_SPEECH_API_KEY": "sk-other"}
        async with talking(with_key(standin, **own)) as client:
            assert (await client.post("/speech", json={"text": "Hi"})).status_code == 200
            assert (await transcribe(client, *WEBM)).status_code == 200
        assert [request.path for request in other.requests] == ["/v1/audio/speech"]
    assert [request.path for request in standin.requests] == ["/v1/audio/transcriptions"]


async def test_speech_server_without_any_key_hears_and_speaks() -> None:
    with running_standin(StandIn(needs_key=False)) as own:
        async with talking({"OPENAI_SPEECH_BASE_URL": own.base_url}) as client:
            assert (await client.post("/speech", json={"text": "Hi"})).status_code == 200
            assert (await transcribe(client, *WEBM)).status_code == 200
        assert [request.path for request in own.requests] == ["/v1/audio/speech", "/v1/audio/transcriptions"]
        assert not any("authorization" in request.headers for request in own.requests)


async def test_speech_server_is_not_sent_the_key_of_the_other_one(standin: StandIn) -> None:
    with running_standin(StandIn(needs_key=False)) as own:
        async with talking(with_key(standin, OPENAI_SPEECH_BASE_URL=own.base_url)) as client:
            assert (await client.post("/speech", json={"text": "Hi"})).status_code == 200
        assert "authorization" not in own.requests[0].headers


async def test_transcript_is_streamed(standin: StandIn, client: httpx2.AsyncClient) -> None:
    standin.behave(on="transcriptions", reply="What do you sell?", piece_tokens=2)
    files = {"file": ("clip", WEBM[1], WEBM[0])}
    response = await client.post("/transcribe", files=files, headers=STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["server-timing"].startswith("transcribe;dur=")
    *deltas, (last, done) = sse(response.text)
    assert {name for name, _ in deltas} == {"delta"}
    assert "".join(json.loads(data)["text"] for _, data in deltas) == "What do you sell?"
    assert (last, json.loads(done)) == ("done", {"text": "What do you sell?"})
    assert (standin.requests[0].form or {})["stream"] == "true"


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [({"cut_after": 1}, "responder_unreachable"), ({"malformed_after": 1}, "responder_incomplete")],
)
async def test_transcript_that_breaks_off_ends_with_an_error(
    standin: StandIn, client: httpx2.AsyncClient, behaviour: dict[str, Any], code: str
) -> None:
    standin.behave(on="transcriptions", times=None, **behaviour)
    response = await client.post("/transcribe", files={"file": ("clip", WEBM[1], WEBM[0])}, headers=STREAM)
    name, data = sse(response.text)[-1]
    assert (name, json.loads(data)["code"]) == ("error", code)


async def test_transcript_that_does_not_begin_has_its_status(
    standin: StandIn, client: httpx2.AsyncClient
) -> None:
    standin.behave(on="transcriptions", status=500)
    response = await client.post("/transcribe", files={"file": ("clip", WEBM[1], WEBM[0])}, headers=STREAM)
    assert outcome(response) == (502, "responder_failed")


@pytest.mark.parametrize(
    ("body", "deltas"),
    [
        (b'data: {"text": "What do"}\n\ndata: {"text": " you sell?"}\n\n', 2),
        (b'{"text": "What do you sell?"}', 1),
    ],
    ids=["events without types", "no stream"],
)
async def test_streams_of_other_servers(body: bytes, deltas: int) -> None:
    kind = "text/event-stream" if body.startswith(b"data") else "application/json"
    heard: list[str] = []
    async with connected(
        lambda _: httpx2.Response(200, content=body, headers={"content-type": kind})
    ) as connection:
        recording = Recording(MemoryFile(WEBM[1]), "webm")
        text = await OpenAIRecognizer(connection, "m").stream(recording, None, heard.append)
    assert (text, "".join(heard)) == ("What do you sell?", "What do you sell?")
    assert 1 <= len(heard) <= deltas


async def test_server_that_rejects_streaming_is_asked_for_the_whole_text_from_then_on() -> None:
    asked: list[bool] = []

    def server(request: httpx2.Request) -> httpx2.Response:
        asked.append(b'name="stream"' in request.read())
        if asked[-1]:
            return httpx2.Response(400, json={"error": {"message": "Unknown parameter: stream"}})
        return httpx2.Response(200, json={"text": "Hello"})

    async with connected(server) as connection:
        recognizer = OpenAIRecognizer(connection, "m")
        for _ in range(2):
            recording = Recording(MemoryFile(WEBM[1]), "webm")
            assert await recognizer.stream(recording, None, lambda _: None) == "Hello"
    assert asked == [True, False, False]
