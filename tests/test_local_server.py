"""The local server: streaming piece by piece, and saving answers in progress when it stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from typing import TYPE_CHECKING

import httpx2
import pytest
from pydantic import SecretStr

from api.route import PREFIX
from clock import SystemClock
from conversation import Question
from local.background import BackgroundTasks
from local.running import running_app
from local.server import local_app
from local.standin import StandIn, running_standin
from services import build_services
from session_id import generate_session_id
from settings import Settings
from tests.api import Api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

PATIENCE_SECONDS = 30  # far longer than anything here takes on a busy machine


@contextlib.contextmanager
def running_agent(base_url: str) -> Iterator[str]:
    """The local server, asking the model at `base_url` and closing its connections at the end."""
    background, transport = BackgroundTasks(), httpx2.AsyncHTTPTransport()
    services = build_services(
        settings=Settings(openai_api_key=SecretStr("stand-in"), openai_base_url=base_url),
        env=None,
        documents={"about.md": "We rent out telescopes."},
        clock=SystemClock(),
        background=background,
        transport=transport,
    )
    with running_app(local_app(services, background), transport.aclose) as url:
        yield url


def test_speech_that_breaks_off_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with running_standin() as standin, running_agent(standin.base_url) as url:
        standin.behave(on="speech", cut_after=2)
        with pytest.raises(httpx2.RemoteProtocolError):
            httpx2.post(f"{url}{PREFIX}/speech", json={"text": Settings().greeting})
    [record] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert (record.levelname, record.name, record.exc_info) == ("WARNING", "voice_agent.openai", None)


async def serve(app: Starlette, stop: asyncio.Event) -> None:
    async with app.router.lifespan_context(app):
        await stop.wait()


async def test_answer_in_progress_is_saved_before_the_server_stops() -> None:
    api = Api()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(local_app(api.services, api.background), stop))
    api.responder.released.clear()
    await api.services.conversation.stream(Question(api.session_id, "Hello?"))
    stop.set()
    for _ in range(10):  # turns of the event loop, far more than stopping takes by itself
        await asyncio.sleep(0)
    assert not serving.done()
    api.responder.released.set()
    await serving
    history = await api.storage.get_conversation_history(api.session_id)
    assert [message.content for message in history] == ["Hello?", "answer 1"]


def test_first_piece_arrives_while_the_model_is_still_answering() -> None:
    first_piece_arrived = threading.Event()

    async def sleep(_seconds: float) -> None:
        await asyncio.to_thread(first_piece_arrived.wait, PATIENCE_SECONDS)

    body = {"question": "What's your pricing?", "sessionId": generate_session_id()}
    headers = {"Accept": "text/event-stream"}
    with running_standin(StandIn(sleep=sleep)) as model:
        model.behave(reply="One two three.", piece_delay=1)
        with (
            running_agent(model.base_url) as url,
            httpx2.Client(base_url=f"{url}{PREFIX}", trust_env=False, timeout=PATIENCE_SECONDS) as client,
            client.stream("POST", "/chat", json=body, headers=headers) as response,
        ):
            pieces = response.iter_raw()
            assert b"event: delta" in next(pieces)
            assert model.requests[0].outcome == "running"
            first_piece_arrived.set()
            assert b"event: done" in b"".join(pieces)
