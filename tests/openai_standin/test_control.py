"""Control calls under `/_standin/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.openai_standin.asking import answer, messages, outcome

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from local.standin import StandIn


async def test_behaviours(standin: StandIn, http: httpx2.AsyncClient, client: AsyncOpenAI) -> None:
    url = f"{standin.control_url}/behaviour"
    posted = await http.post(url, json=[{"reply": "one", "times": 2}, {"reply": "two"}])
    assert posted.status_code == 200
    assert await answer(client) == "one"
    assert (await http.get(url)).json() == [{"reply": "one", "times": 1}, {"reply": "two", "times": 1}]
    assert (await http.delete(url)).status_code == 204
    assert (await http.get(url)).json() == []
    assert len(standin.requests) == 1


async def test_invalid_calls(standin: StandIn, http: httpx2.AsyncClient) -> None:
    for content in (b'{"statsu": 500}', b'{"status": 200}', b"nonsense"):
        response = await http.post(f"{standin.control_url}/behaviour", content=content)
        assert response.status_code == 400
    assert (await http.get(f"{standin.control_url}/nothing")).status_code == 404


async def test_requests(http: httpx2.AsyncClient, client: AsyncOpenAI, standin: StandIn) -> None:
    url = f"{standin.control_url}/requests"
    standin.behave(times=None, reply="x")
    await answer(client, "What's your pricing?")
    await outcome(standin.requests[0])
    (listed,) = (await http.get(url)).json()
    assert (listed["method"], listed["path"], listed["status"], listed["outcome"]) == (
        "POST",
        "/v1/chat/completions",
        200,
        "sent",
    )
    assert listed["body"]["messages"] == messages("What's your pricing?")
    assert (await http.delete(url)).status_code == 204
    assert (await http.get(url)).json() == []
    assert standin.behaviours.waiting()


async def test_reset(http: httpx2.AsyncClient, client: AsyncOpenAI, standin: StandIn) -> None:
    standin.behave(times=None, reply="x")
    await answer(client)
    assert (await http.post(f"{standin.control_url}/reset")).status_code == 204
    assert (standin.requests, standin.behaviours.waiting()) == ((), [])
