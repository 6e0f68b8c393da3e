"""Which behaviour a request meets, what the record holds, starting and stopping."""

from __future__ import annotations

import asyncio
import queue
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import httpx2
import openai
import pytest
from pydantic import ValidationError

from local.openai_standin import StandIn, running_standin
from tests.openai_standin.asking import (
    KEY,
    QUESTION,
    RecordedSleep,
    ask,
    messages,
    over,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class TestBehaviour:
    """Which behaviour a request meets."""

    async def test_standing_ones_lie_beneath_counted_ones(
        self, standin: StandIn, client: AsyncOpenAI, sleep: RecordedSleep
    ) -> None:
        standin.behave(times=None, headers_delay=0.5, reply="always")
        standin.behave(times=2, reply="twice")
        standin.reply_with("then")
        answers = [(await ask(client)).choices[0].message.content for _ in range(5)]
        assert answers == ["twice", "twice", "then", "always", "always"]
        assert sleep.asked == [0.5] * 5

    async def test_only_the_call_that_is_meant(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(on="speech", status=500)
        standin.behave(on="transcriptions", times=None, status=500)
        assert (await ask(client)).choices[0].finish_reason == "stop"
        with pytest.raises(openai.InternalServerError):
            await client.audio.speech.create(model="s", voice="alloy", input="Hi")

    def test_an_unknown_field_is_refused(self, standin: StandIn) -> None:
        with pytest.raises(ValidationError):
            standin.behave(statsu=500)

    async def test_over_http(self, standin: StandIn, http: httpx2.AsyncClient, client: AsyncOpenAI) -> None:
        posted = await http.post(
            f"{standin.control_url}/behaviour", json=[{"reply": "one", "times": 2}, {"reply": "two"}]
        )
        assert posted.status_code == 200
        assert (await ask(client)).choices[0].message.content == "one"
        left = await http.get(f"{standin.control_url}/behaviour")
        assert left.json() == [{"reply": "one", "times": 1}, {"reply": "two", "times": 1}]
        assert (await http.delete(f"{standin.control_url}/behaviour")).status_code == 204
        assert (await http.get(f"{standin.control_url}/behaviour")).json() == []
        assert standin.requests[0].body["model"] == "m"

    async def test_over_http_mistakes_are_named(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        for content in (b'{"statsu": 500}', b'{"status": 200}', b"nonsense"):
            answer = await http.post(f"{standin.control_url}/behaviour", content=content)
            assert answer.status_code == 400
        assert (await http.get(f"{standin.control_url}/nothing")).status_code == 404


class TestRecord:
    """What it was sent."""

    async def test_holds_body_headers_and_outcome(self, standin: StandIn, client: AsyncOpenAI) -> None:
        await ask(client, "Hello?", max_tokens=5)
        request = standin.requests[0]
        assert await over(request) == "sent"
        assert (request.method, request.path) == ("POST", "/v1/chat/completions")
        assert request.body == {"model": "m", "messages": messages("Hello?"), "max_tokens": 5}
        assert request.headers["authorization"] == "Bearer ***"
        assert "sk-secret" not in repr(request)

    async def test_over_http(self, http: httpx2.AsyncClient, client: AsyncOpenAI, standin: StandIn) -> None:
        await ask(client)
        await over(standin.requests[0])
        listed = (await http.get(f"{standin.control_url}/requests")).json()
        assert [(r["method"], r["path"], r["status"], r["outcome"]) for r in listed] == [
            ("POST", "/v1/chat/completions", 200, "sent")
        ]
        assert listed[0]["body"]["messages"] == messages("What's your pricing?")
        assert (await http.delete(f"{standin.control_url}/requests")).status_code == 204
        assert (await http.get(f"{standin.control_url}/requests")).json() == []

    async def test_reset_over_http(
        self, http: httpx2.AsyncClient, client: AsyncOpenAI, standin: StandIn
    ) -> None:
        standin.behave(times=None, reply="x")
        await ask(client)
        assert (await http.post(f"{standin.control_url}/reset")).status_code == 204
        assert (standin.requests, standin.behaviours.waiting()) == ((), [])

    async def test_a_client_that_leaves_before_its_body_is_through(self) -> None:
        lines: queue.Queue[str] = queue.Queue()
        with running_standin(StandIn(log=lines.put)) as standin:
            port = int(standin.base_url.rpartition(":")[2].partition("/")[0])
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
            writer.close()
            await writer.wait_closed()
            logged = await asyncio.to_thread(lines.get, timeout=10)
        assert logged == "POST /v1/chat/completions - client_left"
        assert standin.requests[0].client_left

    def test_waiting_for_a_request_that_goes_on_has_an_end(self, standin: StandIn) -> None:
        standin.behave(stall_after=0)
        with httpx2.stream("POST", f"{standin.base_url}/chat/completions", json=QUESTION, headers=KEY):
            request = standin.requests[0]
            with pytest.raises(TimeoutError, match="still running"):
                request.wait_until_over(timeout=0)
        assert request.wait_until_over() == "client_left"


class TestLifetime:
    """Starting and stopping."""

    def test_stopping_ends_a_stall_and_its_thread(self) -> None:
        before = set(threading.enumerate())
        with httpx2.Client() as http:
            with running_standin() as standin:
                standin.behave(stall_after=0)
                asked = http.build_request(
                    "POST", f"{standin.base_url}/chat/completions", json=QUESTION, headers=KEY
                )
                answer = http.send(asked, stream=True)
            with pytest.raises(httpx2.RemoteProtocolError):
                answer.read()
        assert standin.requests[0].outcome == "stopped"
        assert set(threading.enumerate()) <= before

    def test_the_command_says_where_it_is_and_stops_on_ctrl_c(self) -> None:
        code = "from local.openai_standin import run; run(port=0)"
        command = [sys.executable, "-c", code]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdout.readline().startswith("Stand-in OpenAI on http://localhost:")
            assert process.stdout.readline().startswith(
                "Point the agent at it: OPENAI_BASE_URL=http://localhost:"
            )
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
