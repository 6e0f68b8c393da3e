"""Speech in and speech out."""

from __future__ import annotations

import hashlib
import io
import wave
from typing import TYPE_CHECKING, Any

import pytest

from tests.openai_standin.asking import (
    SAID,
    RecordedSleep,
)

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from local.openai_standin import StandIn


class TestTranscription:
    """`POST /v1/audio/transcriptions`."""

    async def test_hears_what_it_was_told(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.reply_with(SAID, on="transcriptions")
        audio = ("clip.webm", b"not really webm", "audio/webm")
        heard = await client.audio.transcriptions.create(model="t", file=audio)
        again = await client.audio.transcriptions.create(model="t", file=audio)
        assert (heard.text, again.text) == (SAID, "What's your pricing?")

    async def test_as_text(self, client: AsyncOpenAI) -> None:
        heard = await client.audio.transcriptions.create(
            model="t", file=("a.wav", b"x", "audio/wav"), response_format="text"
        )
        assert heard == "What's your pricing?\n"

    async def test_as_a_stream(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.reply_with(SAID, on="transcriptions")
        file = ("a.mp4", b"x", "audio/mp4")
        events = [
            e async for e in await client.audio.transcriptions.create(model="t", file=file, stream=True)
        ]
        deltas = [e.delta for e in events if e.type == "transcript.text.delta"]
        assert "".join(deltas) == SAID
        assert len(deltas) > 5
        assert events[-1].type == "transcript.text.done"
        assert events[-1].text == SAID

    async def test_the_record_describes_the_file(self, standin: StandIn, client: AsyncOpenAI) -> None:
        await client.audio.transcriptions.create(
            model="t", file=("a.ogg", b"12345", "audio/ogg"), language="de"
        )
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
    async def test_refusals(
        self, http: httpx2.AsyncClient, file: tuple[str, bytes], fields: dict[str, str], param: str
    ) -> None:
        answer = await http.post("audio/transcriptions", files={"file": file}, data=fields)
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)

    @pytest.mark.parametrize(
        "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "application/json"]
    )
    async def test_what_is_no_form_has_no_file(self, http: httpx2.AsyncClient, kind: str) -> None:
        answer = await http.post(
            "audio/transcriptions", content=b"--y nonsense", headers={"Content-Type": kind}
        )
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "file")


class TestSpeech:
    """`POST /v1/audio/speech`."""

    @pytest.mark.parametrize("wanted", ["wav", "mp3", "opus"])
    async def test_is_a_wav_file_as_long_as_the_text_takes(self, client: AsyncOpenAI, wanted: Any) -> None:
        answer = await client.audio.speech.create(
            model="s", voice="alloy", input="Hi there", response_format=wanted
        )
        assert answer.response.headers["content-type"] == "audio/wav"
        assert len(answer.content) == 44 + 2 * 24_000 * (3 + 6) // 15
        with wave.open(io.BytesIO(answer.content)) as sound:
            assert sound.getparams()[:4] == (1, 2, 24_000, 24_000 * (3 + 6) // 15)
            samples = sound.readframes(sound.getnframes())
        assert len(samples) == 2 * sound.getnframes()
        assert max(samples) > 0

    async def test_pcm_has_no_header_and_speed_shortens_it(self, client: AsyncOpenAI) -> None:
        answer = await client.audio.speech.create(
            model="s", voice="nova", input="Hi there", response_format="pcm", speed=2
        )
        assert answer.response.headers["content-type"] == "audio/pcm"
        assert len(answer.content) == 2 * 24_000 * 9 // 15 // 2
        assert not answer.content.startswith(b"RIFF")

    async def test_comes_word_by_word(
        self, standin: StandIn, http: httpx2.AsyncClient, sleep: RecordedSleep
    ) -> None:
        standin.behave(first_delay=0.2, piece_delay=0.05)
        await http.post("audio/speech", json={"model": "s", "voice": "alloy", "input": "One two three"})
        assert sleep.asked == [0.2, 0.05, 0.05]

    @pytest.mark.parametrize(
        ("change", "param"),
        [
            ({"input": None}, "input"),
            ({"input": ""}, "input"),
            ({"input": "x" * 4097}, "input"),
            ({"voice": None}, "voice"),
            ({"voice": "nobody"}, "voice"),
            ({"voice": []}, "voice"),
            ({"model": None}, "model"),
            ({"response_format": "ogg"}, "response_format"),
            ({"stream_format": "sse"}, "stream_format"),
            ({"speed": 5}, "speed"),
        ],
    )
    async def test_refusals(self, http: httpx2.AsyncClient, change: dict[str, Any], param: str) -> None:
        asked = {"model": "s", "voice": "alloy", "input": "Hi", **change}
        answer = await http.post("audio/speech", json=asked)
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
