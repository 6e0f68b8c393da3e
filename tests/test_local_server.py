"""The local server: an answer is passed on while it is written, and saved when the server stops meanwhile."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import httpx2

from api.route import PREFIX
from conversation import Question
from local.listening import listen
from local.server import local_app
from session_id import generate_session_id
from tests.api import Api
from tests.browser.backend import running_backend

if TYPE_CHECKING:
    from starlette.applications import Starlette

ANSWER = " ".join(f"word{number}" for number in range(20))


async def serve(app: Starlette, stop: asyncio.Event) -> None:
    async with app.router.lifespan_context(app):
        await stop.wait()


async def test_a_server_that_stops_saves_the_answer_that_is_being_written() -> None:
    api = Api()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(local_app(api.services, api.background), stop))
    api.responder.hold.clear()
    await api.services.conversation.stream(Question(api.session_id, "Hello?"))
    stop.set()
    await asyncio.wait([serving], timeout=0.05)
    assert not serving.done()
    api.responder.hold.set()
    await serving
    history = await api.storage.get_conversation_history(api.session_id)
    assert [message.content for message in history] == ["Hello?", "answer 1"]


def test_small_pieces_are_sent_at_once() -> None:
    with listen() as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_first_piece_arrives_while_the_answer_is_being_written() -> None:
    body = {"question": "What's your pricing?", "sessionId": generate_session_id()}
    headers = {"Accept": "text/event-stream"}
    with running_backend() as agent:
        agent.model.behave(reply=ANSWER, piece_delay=0.1)
        with (
            httpx2.Client(base_url=f"{agent.url}{PREFIX}", trust_env=False, timeout=30) as client,
            client.stream("POST", "/chat", json=body, headers=headers) as response,
        ):
            pieces = response.iter_raw()
            assert b"event: delta" in next(pieces)
            assert agent.model.requests[0].outcome == "running"
            assert b"event: done" in b"".join(pieces)
