"""`POST /v1/audio/transcriptions`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.openai_standin.asking import UNICODE

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from local.standin import StandIn


async def test_transcript_is_the_given_reply(standin: StandIn, client: AsyncOpenAI) -> None:
    standin.reply_with(UNICODE, on="transcriptions")
    audio = ("clip.webm", b"not really webm", "audio/webm")
    first = await client.audio.transcriptions.create(model="t", file=audio)
    second = await client.audio.transcriptions.create(model="t", file=audio)
    assert (first.text, second.text) == (UNICODE, "What's your pricing?")


async def test_response_format_text(client: AsyncOpenAI) -> None:
    transcript = await client.audio.transcriptions.create(
        model="t", file=("a.wav", b"x", "audio/wav"), response_format="text"
    )
    assert transcript == "What's your pricing?\n"


async def test_stream(standin: StandIn, client: AsyncOpenAI) -> None:
    standin.reply_with(UNICODE, on="transcriptions")
    file = ("a.mp4", b"x", "audio/mp4")
    events = [e async for e in await client.audio.transcriptions.create(model="t", file=file, stream=True)]
    deltas = [e.delta for e in events if e.type == "transcript.text.delta"]
    assert "".join(deltas) == UNICODE
    assert len(deltas) > 5
    assert events[-1].type == "transcript.text.done"
    assert events[-1].text == UNICODE


async def test_record_describes_the_file(standin: StandIn, client: AsyncOpenAI) -> None:
    await client.audio.transcriptions.create(model="t", file=("a.ogg", b"12345", "audio/ogg"), language="de")
    form = standin.requests[0].as_json()["form"]
    file = form.pop("file")
    assert form == {"model": "t", "language": "de"}
    digest = hashlib.sha256(b"12345").hexdigest()
    assert file == {"filename": "a.ogg", "content_type": "audio/ogg", "size": 5, "sha256": digest}


@pytest.mark.parametrize(
    ("file", "fields", "param"),
    [
        (("a.exe", b"x"), {"model": "t"}, "file"),
        (("a.wav", b""), {"model": "t"}, "file"),
        (("a.wav", b"x"), {}, "model"),
        (("a.wav", b"x"), {"model": "t", "response_format": "srt"}, "response_format"),
    ],
)
async def test_invalid_field(
    http: httpx2.AsyncClient, file: tuple[str, bytes], fields: dict[str, str], param: str
) -> None:
    response = await http.post("audio/transcriptions", files={"file": file}, data=fields)
    assert (response.status_code, response.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=x", "multipart/form-data", "application/json"]
)
async def test_malformed_form_has_no_file(http: httpx2.AsyncClient, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    response = await http.post("audio/transcriptions", content=b"--y nonsense", headers=headers)
    assert (response.status_code, response.json()["error"]["param"]) == (400, "file")
