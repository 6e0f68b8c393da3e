"""`POST /v1/audio/speech`."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from local.standin import StandIn
    from tests.openai_standin.asking import RecordedSleep

HI_THERE = 24_000 * (3 + 6) // 15  # samples


@pytest.mark.parametrize("response_format", ["wav", "mp3", "opus"])
async def test_wav_is_as_long_as_the_text_takes_to_say(client: AsyncOpenAI, response_format: Any) -> None:
    speech = await client.audio.speech.create(
        model="s", voice="alloy", input="Hi there", response_format=response_format
    )
    assert speech.response.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(speech.content)) as sound:
        assert sound.getparams()[:4] == (1, 2, 24_000, HI_THERE)
        samples = sound.readframes(sound.getnframes())
    assert len(samples) == 2 * HI_THERE
    assert max(samples) > 0


async def test_pcm_has_no_header_and_is_shortened_by_speed(client: AsyncOpenAI) -> None:
    speech = await client.audio.speech.create(
        model="s", voice="nova", input="Hi there", response_format="pcm", speed=2
    )
    assert speech.response.headers["content-type"] == "audio/pcm"
    assert len(speech.content) == 2 * HI_THERE // 2
    assert not speech.content.startswith(b"RIFF")


async def test_pieces_are_words(standin: StandIn, http: httpx2.AsyncClient, sleep: RecordedSleep) -> None:
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
async def test_invalid_field(http: httpx2.AsyncClient, change: dict[str, Any], param: str) -> None:
    body = {"model": "s", "voice": "alloy", "input": "Hi", **change}
    response = await http.post("audio/speech", json=body)
    assert (response.status_code, response.json()["error"]["param"]) == (400, param)
