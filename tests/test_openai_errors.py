"""Errors of the server and of the connection mean the same in chat, transcription and speech."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx2
import pytest

from errors import ResponderBusy, ResponderError
from prompt import Prompt
from responders.openai_errors import retry_after
from responders.openai_responder import OpenAIResponder
from speech.openai_recognizer import OpenAIRecognizer
from speech.openai_synthesizer import OpenAISynthesizer
from speech.recording import Recording
from speech.synthesizer import Utterance
from speech.upload import MemoryFile
from tests.clocks import START
from tests.connections import connected
from tests.recordings import RECORDINGS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from responders.openai_connection import OpenAIConnection

PROMPT = Prompt(system="", history=(), question="?", safety_identifier="")
MEDIA_TYPES = {
    "answer": "application/json",
    "stream": "text/event-stream",
    "transcribe": "application/json",
    "speak": "audio/mpeg",
}


async def call(name: str, connection: OpenAIConnection) -> None:
    responder = OpenAIResponder(connection, model="m", max_output_tokens=16)
    if name == "answer":
        await responder.answer(PROMPT)
    elif name == "stream":
        await responder.stream(PROMPT, lambda _: None)
    elif name == "transcribe":
        await OpenAIRecognizer(connection, "m").transcribe(
            Recording(MemoryFile(RECORDINGS["wav"][1]), "wav"), None
        )
    else:
        sound = await OpenAISynthesizer(connection, "m", ("alloy",)).speak(Utterance("Hi"))
        async for _ in sound.pieces:
            pass


class BreakingBody(httpx2.AsyncByteStream):
    """One piece, then `error`."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        raise self._error


@pytest.mark.parametrize("name", MEDIA_TYPES)
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx2.ConnectError("refused"), "responder_unreachable"),
        (httpx2.ReadError("reset"), "responder_unreachable"),
        (ConnectionResetError("reset"), "responder_unreachable"),
        (httpx2.ReadTimeout("slow"), "responder_timeout"),
    ],
)
async def test_error_before_the_headers(name: str, error: Exception, code: str) -> None:
    def fail(_: httpx2.Request) -> httpx2.Response:
        raise error

    async with connected(fail) as connection:
        with pytest.raises(ResponderError) as raised:
            await call(name, connection)
    assert raised.value.code == code


@pytest.mark.parametrize("name", MEDIA_TYPES)
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx2.ReadError("reset"), "responder_unreachable"),
        (httpx2.RemoteProtocolError("incomplete body"), "responder_unreachable"),
        (httpx2.ReadTimeout("slow"), "responder_timeout"),
        (httpx2.DecodingError("not gzip"), "responder_incomplete"),
    ],
)
async def test_error_within_the_body(name: str, error: Exception, code: str) -> None:
    def break_off(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": MEDIA_TYPES[name]}, stream=BreakingBody(error))

    async with connected(break_off) as connection:
        with pytest.raises(ResponderError) as raised:
            await call(name, connection)
    assert raised.value.code == code


@pytest.mark.parametrize("name", MEDIA_TYPES)
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (302, "responder_rejected"),
        (401, "responder_rejected"),
        (408, "responder_timeout"),
        (429, "responder_busy"),
        (500, "responder_failed"),
        (503, "responder_busy"),
        (504, "responder_timeout"),
    ],
)
async def test_error_status(name: str, status: int, code: str) -> None:
    async with connected(lambda _: httpx2.Response(status, headers={"retry-after": "7"})) as connection:
        with pytest.raises(ResponderError) as raised:
            await call(name, connection)
    assert raised.value.code == code
    assert raised.value.retry_after == (7 if isinstance(raised.value, ResponderBusy) else None)


@pytest.mark.parametrize("name", MEDIA_TYPES)
async def test_connection_that_cannot_be_made(name: str) -> None:
    async with connected("http://127.0.0.1:9/v1") as connection:
        with pytest.raises(ResponderError) as raised:
            await call(name, connection)
    assert raised.value.code == "responder_unreachable"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT"}, 30),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1", "retry-after-ms": "8000"}, 8),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert datetime(2026, 11, 23, 12, tzinfo=UTC) == START
    assert retry_after(httpx2.Response(429, headers=headers), START) == seconds


@pytest.mark.parametrize("name", MEDIA_TYPES)
@pytest.mark.parametrize(
    ("status", "error_code", "advice"),
    [
        (401, "invalid_api_key", "does not accept the key"),
        (402, None, "has run out of credit"),
        (429, "insufficient_quota", "has run out of credit"),
        (403, "unsupported_country_region_territory", "not from here"),
        (404, "model_not_found", "check the name of the model"),
    ],
)
async def test_what_only_the_owner_can_correct_is_an_error_in_the_log(
    name: str, status: int, error_code: str | None, advice: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"error": {"message": "sk-secret", "code": error_code}}
    async with connected(lambda _: httpx2.Response(status, json=body)) as connection:
        with pytest.raises(ResponderError, match="not available right now") as error:
            await call(name, connection)
    assert error.value.code == "responder_rejected"
    (record,) = [record for record in caplog.records if record.name == "voice_agent.openai"]
    assert record.levelname == "ERROR"
    assert advice in record.message
    assert "sk-secret" not in record.message


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("transcribe", httpx2.Response(200, json={})),
        ("speak", httpx2.Response(200, content=b"", headers={"content-type": "audio/mpeg"})),
        ("speak", httpx2.Response(200, content=b"<html>", headers={"content-type": "text/html"})),
        ("speak", httpx2.Response(200, content=bytes(4_100_000), headers={"content-type": "audio/pcm"})),
    ],
)
async def test_useless_response_is_logged(
    name: str, response: httpx2.Response, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(lambda _: response) as connection:
        with pytest.raises(ResponderError):
            await call(name, connection)
    assert [record.name for record in caplog.records] == ["voice_agent.openai"]
