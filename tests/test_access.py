"""What may be spoken and recorded, over HTTP: an agent with the stand-in as its model."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from access import get_access
from api.app import create_app
from local.background import BackgroundTasks
from services import Services, build_services
from session_id import generate_session_id
from settings import Settings
from stores.fake_kv import FakeKV
from tests.api import STREAM, client_of, sse
from tests.clocks import AutoClock
from tests.recordings import RECORDINGS, wav
from tests.test_turnstile import SECRET, FakeSiteverify
from tests.widget.sources import FOLDER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from local.standin import StandIn

ANSWER = "We have three plans. The first costs 19 euros. Ask us about more."
SETTINGS = {"OPENAI_API_KEY": "sk-test", "OPENAI_MAX_RETRIES": "0", "GREETING": "Hi there! Ask me anything."}


class Env:
    """The Worker's bindings."""

    def __init__(self, kv: FakeKV) -> None:
        self.VOICE_SESSIONS = kv


class Agent:
    """A deployment: isolates that share KV, and a visitor with a session."""

    def __init__(self, standin: StandIn, transport: httpx2.AsyncBaseTransport, **settings: str) -> None:
        self.standin = standin
        self.transport = transport
        self.clock = AutoClock()
        self.kv = FakeKV(self.clock)
        self.settings = Settings.read({**SETTINGS, "OPENAI_BASE_URL": standin.base_url, **settings}.get)
        self.session_id = generate_session_id()
        self.isolate()

    def isolate(self) -> Services:
        """Let another isolate answer from now on."""
        self.services = build_services(
            settings=self.settings,
            env=Env(self.kv),
            documents={"a.md": "# A\n\nB."},
            clock=self.clock,
            background=BackgroundTasks(),
            transport=self.transport,
        )
        self.client = client_of(create_app(lambda _scope: self.services))
        return self.services

    async def ask(self, **fields: Any) -> httpx2.Response:
        self.standin.reply_with(ANSWER, on="chat")
        body = {"question": "What do you sell?", "sessionId": self.session_id, **fields}
        return await self.client.post("/chat", json=body, headers=STREAM)

    async def deltas(self) -> list[dict[str, str]]:
        response = await self.ask(speech=True)
        return [json.loads(data) for name, data in sse(response.text) if name == "delta"]

    async def speak(self, text: str, session_id: str | None = None, **fields: str) -> tuple[int, str]:
        headers = {"x-session-token": session_id or self.session_id}
        response = await self.client.post("/speech", json={"text": text, **fields}, headers=headers)
        return response.status_code, "" if response.status_code == 200 else response.json()["code"]


@pytest.fixture
async def start(standin: StandIn) -> AsyncIterator[Callable[..., Agent]]:
    """Starts an agent with the settings that it is called with."""
    transport = httpx2.AsyncHTTPTransport()
    yield partial(Agent, standin, transport)
    await transport.aclose()


@pytest.fixture
def agent(start: Callable[..., Agent]) -> Agent:
    return start()


REFUSED = (403, "speech_not_allowed")
SPOKEN = (200, "")


async def test_nothing_is_spoken_without_a_session_but_the_greeting(agent: Agent) -> None:
    for text, status in (("Buy my thing.", 403), ("Hi there!", 200)):
        assert (await agent.client.post("/speech", json={"text": text})).status_code == status
    assert [request.path for request in agent.standin.requests] == ["/v1/audio/speech"]


async def test_notice_of_an_answer_that_was_cut_off_is_spoken(agent: Agent) -> None:
    for language in ("en", "de", "ar"):
        texts = (FOLDER / "notices" / "texts" / f"{language}.js").read_text("utf-8")
        [notice] = re.findall(r"^  cutOff: '(.+)',$", texts, re.MULTILINE)
        assert await agent.speak(notice, agent.session_id) == SPOKEN
        assert await agent.speak(f"{notice} Buy my thing.", agent.session_id) == REFUSED


async def test_sentence_is_spoken_in_any_isolate_while_the_answer_is_not_stored(
    agent: Agent, start: Callable[..., Agent]
) -> None:
    deltas = await agent.deltas()
    other = start()  # with a KV of its own, in which nothing is stored
    answer = ""
    for delta in deltas:
        answer += delta["text"]
        ticket = delta["ticket"]
        first_words = " ".join(answer.split()[:3])
        spoken = await other.speak(first_words, agent.session_id, answer=answer, ticket=ticket)
        assert spoken == SPOKEN
    assert answer == ANSWER
    assert await other.speak("Buy my thing.", agent.session_id, answer=answer, ticket=ticket) == REFUSED


async def test_ticket_is_for_its_own_session_and_text(agent: Agent) -> None:
    *_, last = await agent.deltas()
    another = generate_session_id()
    assert await agent.speak("three plans", another, answer=ANSWER, ticket=last["ticket"]) == REFUSED
    forged = {"answer": "Buy my thing.", "ticket": last["ticket"]}
    assert await agent.speak("Buy my thing.", **forged) == REFUSED


async def test_stored_answer_is_spoken_without_a_ticket_in_any_isolate(agent: Agent) -> None:
    await agent.ask()
    agent.isolate()
    assert await agent.speak("The first costs 19 euros.") == SPOKEN
    assert await agent.speak("What do you sell, they asked.") == REFUSED
    assert await agent.speak("The first costs 19 euros.", generate_session_id()) == REFUSED


async def test_expired_ticket_leaves_what_is_stored(agent: Agent) -> None:
    *_, last = await agent.deltas()
    agent.clock.advance(1000)
    assert await agent.speak("three plans", answer=ANSWER, ticket=last["ticket"]) == SPOKEN


async def test_deltas_have_tickets_only_on_request(agent: Agent) -> None:
    response = await agent.ask()
    assert "ticket" not in response.text


async def test_long_answer_fits_into_a_request_for_speech(start: Callable[..., Agent]) -> None:
    agent = start(MAX_OUTPUT_TOKENS="4096")
    answer = "word " * 8000
    ticket = agent.services.access.ticket_for_answer(agent.session_id)
    assert ticket is not None
    assert await agent.speak("word word", answer=answer, ticket=ticket.add(answer)) == SPOKEN


async def test_speech_budget_of_a_session(start: Callable[..., Agent]) -> None:
    agent = start(SPEECH_BUDGET="30/600")
    await agent.ask()
    codes = [await agent.speak("We have three plans.") for _ in range(2)]
    assert codes == [SPOKEN, (429, "rate_limited")]
    agent.clock.advance(600)
    assert await agent.speak("We have three plans.") == SPOKEN


async def test_recording_budget_of_a_session_and_of_a_client(start: Callable[..., Agent]) -> None:
    agent = start(RECORDING_BUDGET="3/600")
    files = {"file": ("a", wav(2), "audio/wav")}
    session = {"x-session-token": agent.session_id}
    statuses = [
        (await agent.client.post("/transcribe", files=files, headers=headers)).status_code
        for headers in [session] * 2 + [{}] * 7
    ]
    assert statuses == [200, 429] + [200] * 6 + [429]


async def test_session_header_of_a_recording_is_checked(agent: Agent) -> None:
    files = {"file": ("a", RECORDINGS["webm"][1], "audio/webm")}
    response = await agent.client.post("/transcribe", files=files, headers={"x-session-token": "x"})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_session_id")


@pytest.fixture
def checked(start: Callable[..., Agent]) -> Agent:
    """An agent with Turnstile."""
    agent = start(TURNSTILE_SITE_KEY="0x4AAA", TURNSTILE_SECRET=SECRET)
    access = get_access(agent.settings, agent.services.sessions, agent.clock)
    access.turnstile = FakeSiteverify(SECRET).client()
    agent.services = replace(agent.services, access=access)
    agent.client = client_of(create_app(lambda _scope: agent.services))
    return agent


async def test_first_question_needs_a_token_and_later_ones_the_ticket(checked: Agent) -> None:
    refused = await checked.ask()
    assert (refused.status_code, refused.json()["code"]) == (403, "visitor_not_verified")
    assert not checked.standin.requests
    first = await checked.ask(turnstileToken="good-1")
    assert first.status_code == 200
    ticket = first.headers["x-visitor-token"]
    checked.client.headers["x-visitor-token"] = ticket
    second = await checked.ask()
    assert second.status_code == 200
    assert "x-visitor-token" not in second.headers
    assert await checked.speak("three plans") == SPOKEN
    checked.session_id = generate_session_id()
    assert (await checked.ask()).status_code == 403


async def test_recording_may_come_first_with_a_token_in_the_header(checked: Agent) -> None:
    files = {"file": ("a", RECORDINGS["webm"][1], "audio/webm")}
    headers = {"x-session-token": checked.session_id}
    assert (await checked.client.post("/transcribe", files=files, headers=headers)).status_code == 403
    headers["x-turnstile-token"] = "good-2"
    response = await checked.client.post("/transcribe", files=files, headers=headers)
    assert response.status_code == 200
    assert "x-visitor-token" in response.headers


async def test_config_names_the_site_key(checked: Agent) -> None:
    assert (await checked.client.get("/config")).json()["turnstileSiteKey"] == "0x4AAA"
