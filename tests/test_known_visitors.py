"""Conversations of known visitors over HTTP: whose they are, on which device, and when they sign out."""

from __future__ import annotations

import httpx2
import pytest

from session_id import generate_session_id
from tests.account_api import AccountApi
from tests.api import refusal
from tests.histories import dump
from tests.identity_tokens import bearer


@pytest.fixture
def api() -> AccountApi:
    return AccountApi()


async def questions(api: AccountApi, visitor: str = "visitor-1") -> list[list[str]]:
    """The questions of each of the visitor's conversations, the newest first."""
    listed = (await api.call("GET", "/conversations", visitor=visitor)).json()["conversations"]
    found = []
    for one in listed:
        messages = (await api.call("GET", f"/conversations/{one['id']}", visitor=visitor)).json()["messages"]
        found.append([message["content"] for message in messages if message["role"] == "user"])
    return found


async def test_another_device_sees_the_last_turn_with_its_next_request(api: AccountApi) -> None:
    laptop, phone = generate_session_id(), generate_session_id()
    await api.ask("What do you sell?", laptop)
    on_phone = AccountApi(of=api)
    (conversation,) = (await on_phone.call("GET", "/conversations")).json()["conversations"]
    assert conversation["title"] == "What do you sell?"
    assert conversation["turns"] == 1
    assert conversation["expiresAt"].startswith("2026-12-23")
    path = f"/conversations/{conversation['id']}/sessions"
    opened = (await on_phone.call("POST", path, {"sessionId": phone})).json()
    assert opened["messages"][0]["content"] == "What do you sell?"
    answer = (await on_phone.ask("And oaks?", phone)).json()
    assert (answer["turn"], answer["context"], answer["saved"]) == (2, "complete", True)
    answer = (await api.ask("And elms?", laptop)).json()
    assert answer["turn"] == 3
    assert await questions(api) == [["What do you sell?", "And oaks?", "And elms?"]]


async def test_anonymous_conversation_is_the_visitors_after_signing_in(api: AccountApi) -> None:
    session_id = generate_session_id()
    await api.ask("What do you sell?", session_id, visitor=None)
    assert await questions(api) == []
    await api.ask("And oaks?", session_id)
    assert await questions(api) == [["What do you sell?", "And oaks?"]]


@pytest.mark.parametrize("somebody", [None, "visitor-2"], ids=["signed out", "somebody else"])
async def test_conversation_is_for_its_visitor_only(api: AccountApi, somebody: str | None) -> None:
    session_id = generate_session_id()
    await api.ask("What do you sell?", session_id)
    before = await dump(api.d1)
    header = {"X-Session-Token": session_id}
    for response in (
        await api.ask("And oaks?", session_id, visitor=somebody),
        await api.call("GET", "/session", visitor=somebody, **header),
        await api.call("GET", "/session/export", visitor=somebody, **header),
        await api.call("DELETE", "/session", visitor=somebody, **header),
    ):
        assert refusal(response) == (403, "conversation_of_another")
        assert "What do you sell?" not in response.text
    assert await dump(api.d1) == before
    assert (await api.call("GET", "/session", **header)).status_code == 200
    assert (await api.call("DELETE", "/session", **header)).status_code == 204
    assert await questions(api) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/chat"), ("GET", "/session"), ("GET", "/session/export"), ("DELETE", "/session")],
)
async def test_invalid_token_is_refused_rather_than_ignored(api: AccountApi, method: str, path: str) -> None:
    """A visitor who believes to be signed in would otherwise talk anonymously."""
    session_id = generate_session_id()
    body = {"question": "What do you sell?", "sessionId": session_id}
    session = {"X-Session-Token": session_id}
    for identity, code in ((bearer("x" * 40), "identity_invalid"), (bearer(exp=1), "identity_expired")):
        response = await api.call(method, path, body, visitor=None, **identity, **session)
        assert refusal(response) == (401, code)
    assert (await dump(api.d1))["conversations"] == []


async def test_the_model_is_told_the_name_and_nothing_else() -> None:
    sent: list[str] = []

    def completion(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.content.decode() + str(request.headers))
        choice = {"message": {"content": "Oaks."}, "finish_reason": "stop"}
        return httpx2.Response(200, json={"choices": [choice], "model": "gpt"})

    api = AccountApi(OPENAI_API_KEY="sk-secret", transport=httpx2.MockTransport(completion))
    now = int(api.clock.now().timestamp())
    identity = bearer(sub="customer-4711", name="Ada", email="ada@shop.example", exp=now + 60)
    body = {"question": "What do you sell?", "sessionId": generate_session_id()}
    answer = await api.call("POST", "/chat", body, visitor=None, **identity)
    assert answer.json()["response"] == "Oaks."
    (request,) = sent
    assert "Ada" in request
    for secret in ("4711", "ada@shop.example", identity["Authorization"].split()[1]):
        assert secret not in request


async def test_subject_is_stored_nowhere(api: AccountApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await api.ask("What do you sell?", visitor="customer-4711")
    assert "4711" not in str(await dump(api.d1)) + caplog.text


async def test_token_without_accounts_is_ignored_with_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    api = AccountApi(IDENTITY_SECRET="")
    session_id = generate_session_id()
    assert (await api.ask("What do you sell?", session_id)).status_code == 200
    found = await api.call("GET", "/session", **{"X-Session-Token": session_id})
    assert found.status_code == 200
    assert "Ignored an identity token, because IDENTITY_SECRET is not set" in caplog.messages


async def test_everything_of_a_real_visitor_is_erased(api: AccountApi) -> None:
    for question in ("My secret oak", "My secret elm"):
        await api.ask(question, visitor="customer-4711")
    await api.ask("What do you sell?", visitor="visitor-2")
    assert "secret" in str(await dump(api.d1))
    assert api.services.accounts is not None
    now = int(api.clock.now().timestamp())
    token = bearer(sub="customer-4711", exp=now + 60)["Authorization"].removeprefix("Bearer ")
    owner = api.services.accounts.identity.visitor(token).owner
    assert (await api.call("DELETE", "/conversations", visitor="customer-4711")).status_code == 204
    rows = str(await dump(api.d1))
    assert not [text for text in ("secret", "4711", owner) if text in rows]
    assert await questions(api, "visitor-2") == [["What do you sell?"]]
