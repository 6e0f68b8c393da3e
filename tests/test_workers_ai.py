"""Workers AI through the stand-in for its binding, which speaks the binding's own protocol over HTTP."""

from __future__ import annotations

import base64
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from api.app import create_app
from errors import ConfigurationError, ResponderError
from local.background import BackgroundTasks
from local.standin import StandIn, running_standin
from local.standin.ai_binding import StandInAI
from prompt import Prompt
from responders.workers_ai_connection import WorkersAIConnection
from responders.workers_ai_responder import WorkersAIResponder
from services import build_services
from settings import Settings
from speech.synthesizer import Utterance
from tests.api import STREAM, client_of, sse
from tests.clocks import AutoClock
from tests.recordings import RECORDINGS
from tests.voices import talking, voice_of, with_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from services import Services

GEMMA, LLAMA = "@cf/google/gemma-4-26b-a4b-it", "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
AURA, MELOTTS = "@cf/deepgram/aura-1", "@cf/myshell-ai/melotts"
PROMPT = Prompt(
    system="# Knowledge\n\nWe sell tea.", history=(), question="What do you sell?", safety_identifier="x"
)
WEBM = RECORDINGS["webm"]
AFTER_THE_END = datetime(2027, 1, 7, tzinfo=UTC)


@pytest.fixture
def cloudflare() -> Iterator[StandIn]:
    """Cloudflare, which is asked for no key."""
    with running_standin() as standin:
        yield standin


@pytest.fixture
async def ai(cloudflare: StandIn) -> AsyncIterator[StandInAI]:
    """The binding."""
    binding = StandInAI(cloudflare.base_url.removesuffix("/v1"))
    yield binding
    await binding.aclose()


def responder(ai: StandInAI, model: str = GEMMA, **settings: str) -> WorkersAIResponder:
    variables = {"OPENAI_MAX_RETRIES": "0", **settings}
    connection = WorkersAIConnection(Settings.read(variables.get), AutoClock(), ai)
    return WorkersAIResponder(connection, model=model, max_output_tokens=50, max_seconds=20, batch_seconds=0)


def models(standin: StandIn) -> list[str]:
    """Which models were run, in order."""
    return [request.headers["cf-consn-model-id"] for request in standin.requests]


@pytest.mark.parametrize("model", [GEMMA, LLAMA])
@pytest.mark.parametrize("streamed", [True, False])
async def test_answer(cloudflare: StandIn, ai: StandInAI, model: str, *, streamed: bool) -> None:
    cloudflare.behave(on="chat", reply="We sell tea.", piece_tokens=1)
    written: list[str] = []
    one = responder(ai, model)
    reply = await (one.stream(PROMPT, written.append) if streamed else one.answer(PROMPT))
    assert (reply.text, reply.finish_reason) == ("We sell tea.", "stop")
    assert reply.usage
    assert reply.usage.output_tokens == 4
    assert "".join(written) == ("We sell tea." if streamed else "")


async def test_only_documented_fields_are_sent(cloudflare: StandIn, ai: StandInAI) -> None:
    cloudflare.reply_with("Tea.")
    await responder(ai).stream(PROMPT, lambda _: None)
    (request,) = cloudflare.requests
    assert request.headers["cf-consn-model-id"] == GEMMA
    inputs = request.body["inputs"]
    assert inputs.pop("messages")[0]["role"] == "system"
    assert inputs == {
        "max_tokens": 50,
        "chat_template_kwargs": {"enable_thinking": False},
        "stream": True,
    }


@pytest.mark.parametrize(
    ("behaviour", "code", "retry_after"),
    [
        ({"status": 429, "error_code": "3036"}, "responder_rejected", None),
        ({"status": 429, "error_code": "3040", "retry_after": "7"}, "responder_busy", 7),
        ({"status": 404}, "responder_rejected", None),
        ({"status": 400, "error_code": "5007"}, "responder_rejected", None),
        ({"status": 403}, "responder_rejected", None),
        ({"status": 408}, "responder_timeout", None),
        ({"status": 500}, "responder_failed", None),
        ({"not_json": True}, "responder_incomplete", None),
        ({"cut_before_headers": True}, "responder_unreachable", None),
        ({"cut_after": 1}, "responder_unreachable", None),
        ({"malformed_after": 1}, "responder_incomplete", None),
    ],
)
async def test_error_for_each_fault(
    cloudflare: StandIn, ai: StandInAI, behaviour: dict[str, Any], code: str, retry_after: int | None
) -> None:
    cloudflare.behave(on="chat", **behaviour)
    with pytest.raises(ResponderError) as raised:
        await responder(ai).stream(PROMPT, lambda _: None)
    assert (raised.value.code, raised.value.retry_after) == (code, retry_after)


async def test_owner_is_told_when_the_free_neurons_are_used_up(
    cloudflare: StandIn, ai: StandInAI, caplog: pytest.LogCaptureFixture
) -> None:
    cloudflare.behave(on="chat", status=429, error_code="3036")
    with pytest.raises(ResponderError):
        await responder(ai).answer(PROMPT)
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "3036: the day's free neurons are used up" in record.getMessage()


async def test_conversation_that_is_too_long_is_shortened(cloudflare: StandIn, ai: StandInAI) -> None:
    cloudflare.behave(on="chat", status=413, error_message="Request is too large")
    with pytest.raises(ResponderError) as raised:
        await responder(ai).answer(PROMPT)
    assert raised.value.code == "responder_too_long"


async def test_field_that_a_model_does_not_know_is_left_out(cloudflare: StandIn, ai: StandInAI) -> None:
    cloudflare.behave(on="chat", unknown_fields=["chat_template_kwargs"], times=None)
    await responder(ai).answer(PROMPT)
    assert "chat_template_kwargs" not in cloudflare.requests[-1].body["inputs"]


async def transcribe(client: httpx2.AsyncClient, **headers: str) -> httpx2.Response:
    file = ("clip", WEBM[1], WEBM[0])
    return await client.post("/transcribe", files={"file": file}, data={"language": "en-GB"}, headers=headers)


async def test_recording_is_sent_in_base64(cloudflare: StandIn, ai: StandInAI) -> None:
    cloudflare.reply_with(" What do you sell? ", on="transcriptions")
    async with talking({}, ai=ai) as client:
        assert (await transcribe(client)).json() == {"text": "What do you sell?"}
        events = sse((await transcribe(client, **STREAM)).text)
        assert [name for name, _ in events] == ["delta", "done"]
    inputs = cloudflare.requests[0].body["inputs"]
    assert base64.b64decode(inputs.pop("audio")) == WEBM[1]
    assert inputs == {"language": "en"}
    assert models(cloudflare) == ["@cf/openai/whisper-large-v3-turbo"] * 2


@pytest.mark.parametrize(
    ("fault", "code"),
    [({"malformed_after": 0}, "responder_incomplete"), ({"status": 500}, "responder_failed")],
)
async def test_fault_of_transcription(
    cloudflare: StandIn, ai: StandInAI, fault: dict[str, Any], code: str
) -> None:
    cloudflare.behave(on="transcriptions", **fault)
    async with talking({"OPENAI_MAX_RETRIES": "0"}, ai=ai) as client:
        assert (await transcribe(client)).json()["code"] == code


async def test_aura_speaks_pcm(cloudflare: StandIn, ai: StandInAI) -> None:
    async with talking({"WORKERS_AI_SPEECH_MODEL": AURA}, ai=ai) as client:
        response = await client.post(
            "/speech", json={"text": "We sell tea.", "format": "pcm", "voice": "hera"}
        )
    assert (response.status_code, response.headers["content-type"]) == (200, "audio/pcm")
    assert len(response.content) == pytest.approx(2 * 24_000 * 13 / 15, rel=0.01)
    assert cloudflare.requests[0].body["inputs"] == {
        "text": "We sell tea.",
        "speaker": "hera",
        "encoding": "linear16",
        "container": "none",
        "sample_rate": 24_000,
    }


async def test_melotts_speaks_what_it_can(cloudflare: StandIn, ai: StandInAI) -> None:
    async with talking({"LANGUAGES": "fr"}, ai=ai) as client:
        response = await client.post("/speech", json={"text": "Bonjour.", "format": "pcm"})
        assert (response.status_code, response.headers["content-type"]) == (200, "audio/wav")
        assert response.content.startswith(b"RIFF")
        english = await client.post("/speech", json={"text": "Hello.", "language": "en"})
        assert english.status_code == 200
    assert [request.body["inputs"] for request in cloudflare.requests] == [
        {"prompt": "Bonjour.", "lang": "fr"},
        {"prompt": "Hello."},
    ]
    assert models(cloudflare) == [MELOTTS] * 2


async def test_language_that_no_provider_speaks_is_left_to_the_browser(
    cloudflare: StandIn, ai: StandInAI
) -> None:
    async with talking({"LANGUAGES": "de"}, ai=ai) as client:
        response = await client.post("/speech", json={"text": "Hallo."})
        assert (response.status_code, response.json()["code"]) == (501, "speech_unavailable")
        speech = (await client.get("/config")).json()["speech"]
        assert (speech["input"], speech["output"], speech["receiver"]) == (True, False, "Cloudflare")
    assert not cloudflare.requests


async def test_next_provider_takes_over_and_the_first_is_asked_again_later(
    standin: StandIn, cloudflare: StandIn, ai: StandInAI
) -> None:
    clock = AutoClock()
    async with voice_of(with_key(standin, WORKERS_AI_SPEECH_MODEL=AURA), clock, ai) as voice:
        assert voice.synthesizer
        standin.behave(on="speech", status=500)
        for _ in range(2):
            sound = await voice.synthesizer.speak(Utterance("Hi", "pcm", "alloy", "en"))
            assert [piece async for piece in sound.pieces]
        assert (len(standin.requests), len(cloudflare.requests)) == (1, 2)
        clock.advance(31)
        await voice.synthesizer.speak(Utterance("Hi", "pcm", "alloy", "en"))
    assert (len(standin.requests), len(cloudflare.requests)) == (2, 2)
    assert {request.body["inputs"]["speaker"] for request in cloudflare.requests} == {"luna"}


async def test_recording_is_transcribed_by_the_next_provider(
    standin: StandIn, cloudflare: StandIn, ai: StandInAI
) -> None:
    standin.behave(on="transcriptions", cut_after=1, piece_tokens=1)
    cloudflare.reply_with("Hello again.", on="transcriptions")
    async with talking(with_key(standin, OPENAI_MAX_RETRIES="0"), ai=ai) as client:
        *_, (last, data) = sse((await transcribe(client, **STREAM)).text)
    assert (last, json.loads(data)) == ("done", {"text": "Hello again."})


@pytest.mark.parametrize("status", [404, 410])
async def test_discontinued_service_is_not_asked_for_every_sentence(
    standin: StandIn, cloudflare: StandIn, ai: StandInAI, status: int
) -> None:
    standin.behave(on="speech", status=status, times=None)
    clock = AutoClock()
    async with talking(with_key(standin), clock, ai) as client:
        for _ in range(5):
            assert (await client.post("/speech", json={"text": "Hi"})).status_code == 200
        assert (len(standin.requests), len(cloudflare.requests)) == (1, 5)
        assert (await client.get("/config")).json()["speech"]["voices"][0] == "melotts"
        clock.advance(16 * 60)
        await client.post("/speech", json={"text": "Hi"})
        assert len(standin.requests) == 2


async def test_wrong_key_leaves_listening_to_the_browser(standin: StandIn) -> None:
    standin.behave(on="transcriptions", status=401)
    async with talking(with_key(standin)) as client:
        assert (await transcribe(client)).status_code == 502
        assert (await transcribe(client)).json()["code"] == "speech_unavailable"
        assert (await client.get("/config")).json()["speech"]["input"] is False
    assert len(standin.requests) == 1


async def test_discontinued_service_alone_leaves_speaking_to_the_browser(standin: StandIn) -> None:
    standin.behave(on="speech", status=404, times=None)
    async with talking(with_key(standin)) as client:
        answers = [await client.post("/speech", json={"text": "Hi"}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [502, 501, 501]
        speech = (await client.get("/config")).json()["speech"]
    assert (speech["input"], speech["output"], len(standin.requests)) == (True, False, 1)


@pytest.mark.parametrize("bound", [True, False])
async def test_after_the_end_of_openai_s_speech_the_default_setting_speaks(
    cloudflare: StandIn, ai: StandInAI, *, bound: bool
) -> None:
    """Through Workers AI if it is bound; else `/config` leaves speaking to the browser."""
    asked: list[httpx2.Request] = []
    transport = httpx2.MockTransport(lambda request: asked.append(request) or httpx2.Response(404))  # type: ignore[func-returns-value]
    services = build_services(
        settings=Settings.read({"OPENAI_API_KEY": "sk-test", "SIGNING_SECRET": "s" * 32}.get),
        env=SimpleNamespace(AI=ai) if bound else SimpleNamespace(),
        documents={"tea.md": "# Tea\n\nWe sell tea."},
        clock=AutoClock(AFTER_THE_END),
        background=BackgroundTasks(),
        transport=transport,
    )
    async with serving(services) as client:
        assert (await client.get("/config")).json()["speech"]["output"] is bound
        for _ in range(3):
            response = await client.post("/speech", json={"text": services.settings.greeting})
            assert response.status_code == (200 if bound else 501)
    assert not asked
    assert len(cloudflare.requests) == (3 if bound else 0)


@pytest.mark.parametrize(
    ("value", "key", "bound", "names"),
    [
        ("auto", True, True, ("openai, workers-ai", "openai, workers-ai")),
        ("auto", False, True, ("workers-ai", "workers-ai")),
        ("auto", False, False, (None, None)),
        ("openai", True, True, ("openai", "openai")),
        ("workers-ai", True, True, ("workers-ai", "workers-ai")),
        ("browser", True, True, (None, None)),
    ],
)
async def test_voice_setting(
    standin: StandIn,
    ai: StandInAI,
    value: str,
    names: tuple[str | None, str | None],
    *,
    key: bool,
    bound: bool,
) -> None:
    variables = {"VOICE": value, **(with_key(standin) if key else {})}
    async with talking(variables, ai=ai if bound else None) as client:
        health = (await client.get("/health")).json()
    assert (health["recognition"], health["synthesis"]) == names


@pytest.mark.parametrize("value", ["openai", "workers-ai"])
async def test_voice_that_is_not_there_is_a_wrong_setting(value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"VOICE is {value}, but"):
        async with voice_of({"VOICE": value}):
            pass


@asynccontextmanager
async def serving(services: Services) -> AsyncIterator[httpx2.AsyncClient]:
    yield client_of(create_app(lambda _scope: services))


async def test_keyless_deployment_speaks_its_answers_only(cloudflare: StandIn, ai: StandInAI) -> None:
    """A whole spoken exchange: what is heard is asked, and the streamed answer is spoken with its ticket."""
    background = BackgroundTasks()
    services = build_services(
        settings=Settings(),
        env=SimpleNamespace(AI=ai),
        documents={"tea.md": "# Tea\n\nWe sell tea."},
        clock=AutoClock(),
        background=background,
    )
    cloudflare.reply_with("We sell tea.", on="chat")
    session = "6ff4bb05-28a5-4a26-b2f6-25b4ca5f4d2e"
    async with serving(services) as client:
        question = (await transcribe(client)).json()["text"]
        body = {"question": question, "sessionId": session, "speech": True}
        (_, delta), *_, (_, done) = sse((await client.post("/chat", json=body, headers=STREAM)).text)
        said, headers = json.loads(delta), {"X-Session-Token": session}
        speech = {"text": said["text"], "answer": said["text"], "ticket": said["ticket"]}
        assert (await client.post("/speech", json=speech, headers=headers)).status_code == 200
        refused = await client.post("/speech", json={"text": "Buy something else!"}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "speech_not_allowed")
        config, health = (await client.get("/config")).json(), (await client.get("/health")).json()
    assert json.loads(done)["model"] == GEMMA
    assert (config["demo"], config["speech"]["receiver"]) == (False, "Cloudflare")
    assert (health["responder"], health["synthesis"]) == ("workers-ai", "workers-ai")
    await background.drain()
