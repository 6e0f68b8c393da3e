"""`/conversations`: a known visitor's history over HTTP."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from accounts.export import TURNS_AT_ONCE
from errors import ConfigurationError
from session_id import fingerprint, generate_session_id
from stores.d1_faults import OVERLOADED, D1Faults
from tests.account_api import AccountApi
from tests.api import Api, refusal
from tests.clocks import AutoClock
from tests.d1 import fake_d1
from tests.histories import dump, store
from tests.identity_tokens import SECRET, bearer, token

OTHER_SECRET = "another-websites-secret-0123456789abcdef"  # noqa: S105 - made up
HANDLE = "0f" * 32
ROUTES = [
    ("GET", "/conversations"),
    ("DELETE", "/conversations"),
    ("GET", "/conversations/export"),
    ("POST", "/conversations/search"),
    ("GET", f"/conversations/{HANDLE}"),
    ("PATCH", f"/conversations/{HANDLE}"),
    ("DELETE", f"/conversations/{HANDLE}"),
    ("POST", f"/conversations/{HANDLE}/sessions"),
]
BODIES: dict[str, object] = {
    "/conversations/search": {"text": "oaks"},
    f"/conversations/{HANDLE}": {"title": "Oaks"},
    f"/conversations/{HANDLE}/sessions": {"sessionId": generate_session_id()},
}


@pytest.fixture
def api() -> AccountApi:
    return AccountApi()


def owner_of(api: AccountApi, visitor: str = "visitor-1") -> str:
    assert api.services.accounts is not None
    return api.services.accounts.identity.visitor(token(sub=visitor)).owner


async def stored(api: AccountApi, *texts: str, visitor: str = "visitor-1") -> str:
    """A stored conversation of the visitor; returns its handle."""
    api.clock.advance(60)
    owner, session_id = owner_of(api, visitor), generate_session_id()
    return await store(api.d1, api.clock.now(), *texts, owner=owner, session_id=session_id)


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_history_is_for_known_visitors(api: AccountApi, method: str, path: str) -> None:
    missing = await api.call(method, path, BODIES.get(path), visitor=None)
    assert refusal(missing) == (401, "identity_required")
    assert missing.headers["www-authenticate"] == "Bearer"
    for headers, code in (
        (bearer(OTHER_SECRET), "identity_invalid"),
        ({"Authorization": "Bearer "}, "identity_invalid"),
        ({"Authorization": "Bearer undefined"}, "identity_invalid"),
        (bearer(exp=1), "identity_expired"),
        ({"Authorization": "Basic dmlzaXRvcjpwYXNz"}, "identity_required"),
        ({"Authorization": token()}, "identity_required"),
    ):
        response = await api.call(method, path, BODIES.get(path), visitor=None, **headers)
        assert refusal(response) == (401, code)


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_there_is_no_history_without_a_secret(
    method: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    api = AccountApi(IDENTITY_SECRET="")
    response = await api.call(method, path, BODIES.get(path))
    assert refusal(response) == (501, "accounts_unavailable")
    assert "eyJ" not in caplog.text


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_history_is_rate_limited(method: str, path: str) -> None:
    api = AccountApi(RATE_LIMIT="1/60")
    await api.call(method, path, BODIES.get(path))
    response = await api.call(method, path, BODIES.get(path))
    assert refusal(response) == (429, "rate_limited")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_scheme_is_in_any_letter_case(api: AccountApi, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {token()}"}
    assert (await api.call("GET", "/conversations", visitor=None, **headers)).status_code == 200


async def test_history_over_http(api: AccountApi) -> None:
    handle = await stored(api, "What do you sell?", "And oaks?")
    other = await stored(api, "Do you deliver?")
    listed = (await api.call("GET", "/conversations", visitor="visitor-1")).json()
    assert [one["id"] for one in listed["conversations"]] == [other, handle]
    assert listed["next"] is None
    assert listed["conversations"][1] == {
        "id": handle,
        "title": "What do you sell?",
        "turns": 2,
        "createdAt": "2026-11-23T12:01:00Z",
        "updatedAt": "2026-11-23T12:01:00Z",
        "expiresAt": "2026-12-23T12:01:00Z",
    }
    page = (await api.call("GET", "/conversations?limit=1")).json()
    rest = (await api.call("GET", f"/conversations?limit=1&cursor={page['next']}")).json()
    assert [rest["conversations"][0]["id"], rest["next"]] == [handle, None]
    found = (await api.call("POST", "/conversations/search", {"text": " OAKS\n"})).json()
    assert [one["id"] for one in found["conversations"]] == [handle]


async def test_conversation_is_read_in_pages(api: AccountApi) -> None:
    handle = await stored(api, "1", "2", "3")
    last = (await api.call("GET", f"/conversations/{handle}?limit=2")).json()
    assert [message["content"] for message in last["messages"]] == ["2", "On 2", "3", "On 3"]
    assert (last["title"], last["turns"], last["before"]) == ("1", 3, 2)
    first = (await api.call("GET", f"/conversations/{handle}?limit=2&before=2")).json()
    assert first["messages"] == [
        {"role": "user", "content": "1", "timestamp": "2026-11-23T12:01:00Z"},
        {"role": "assistant", "content": "On 1", "timestamp": "2026-11-23T12:01:00Z"},
    ]
    assert "before" not in first


async def test_title_is_cleaned(api: AccountApi) -> None:
    handle = await stored(api, "What do you sell?")
    renamed = await api.call("PATCH", f"/conversations/{handle}", {"title": "  Oaks\u202e\n elms "})
    assert renamed.json()["title"] == "Oaks elms"


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("PATCH", f"/conversations/{HANDLE}", {"title": " "}, "title_required"),
        ("PATCH", f"/conversations/{HANDLE}", {"title": "x" * 81}, "title_too_long"),
        ("PATCH", f"/conversations/{HANDLE}", {}, "invalid_request"),
        ("POST", "/conversations/search", {"text": "\u200b"}, "text_required"),
        ("POST", "/conversations/search", {}, "text_required"),
        ("POST", "/conversations/search", {"text": "x" * 201}, "text_too_long"),
        ("POST", "/conversations/search", {"text": "x", "limit": 0}, "invalid_request"),
        ("GET", "/conversations?limit=101", None, "invalid_request"),
        ("GET", "/conversations?cursor=x", None, "invalid_cursor"),
        ("GET", f"/conversations/{HANDLE}?before=0", None, "invalid_request"),
        ("POST", f"/conversations/{HANDLE}/sessions", {"sessionId": "x"}, "invalid_session_id"),
        ("POST", f"/conversations/{HANDLE}/sessions", {}, "session_id_required"),
    ],
)
async def test_invalid_request_is_rejected(
    api: AccountApi, method: str, path: str, body: object, code: str
) -> None:
    assert refusal(await api.call(method, path, body)) == (400, code)


@pytest.mark.parametrize("handle", [HANDLE, "x", "EXPORT", "a" * 64, "%00", "é", "x" * 500])
async def test_unknown_handle_and_another_visitors_look_the_same(api: AccountApi, handle: str) -> None:
    theirs = await stored(api, "What do you sell?", visitor="visitor-2")
    for method, body in (("GET", None), ("PATCH", {"title": "Mine"}), ("DELETE", None)):
        unknown = await api.call(method, f"/conversations/{handle}", body)
        others = await api.call(method, f"/conversations/{theirs}", body)
        assert refusal(unknown) == refusal(others) == (404, "conversation_not_found")
        assert unknown.json() == others.json()
    assert (await api.call("GET", f"/conversations/{theirs}", visitor="visitor-2")).status_code == 200


async def test_handle_is_no_credential(api: AccountApi) -> None:
    """It is neither a session id nor of use without the visitor's token."""
    handle = await stored(api, "What do you sell?")
    response = await api.client.get("/session", headers={"X-Session-Token": handle})
    assert refusal(response) == (400, "invalid_session_id")
    anonymous = await api.call("GET", f"/conversations/{handle}", visitor=None)
    assert refusal(anonymous) == (401, "identity_required")


async def test_deleted_conversation_is_gone_and_its_session_closed(api: AccountApi) -> None:
    session_id = generate_session_id()
    handle = await store(
        api.d1, api.clock.now(), "What do you sell?", owner=owner_of(api), session_id=session_id
    )
    assert (await api.call("DELETE", f"/conversations/{handle}")).status_code == 204
    assert refusal(await api.call("DELETE", f"/conversations/{handle}")) == (404, "conversation_not_found")
    assert refusal(await api.ask("And oaks?", session_id)) == (410, "session_closed")


async def test_delete_everything_leaves_nothing_of_the_visitor(api: AccountApi) -> None:
    for number in range(3):
        handle = await stored(api, f"My secret {number}")
        await api.call("POST", f"/conversations/{handle}/sessions", {"sessionId": generate_session_id()})
    await stored(api, "Somebody else's", visitor="visitor-2")
    for _ in range(2):
        assert (await api.call("DELETE", "/conversations")).status_code == 204
    assert (await api.call("GET", "/conversations")).json()["conversations"] == []
    everything = str(await dump(api.d1))
    assert "visitor-1" not in everything
    assert owner_of(api) not in everything
    assert "My secret" not in everything
    assert "Somebody else's" in everything


async def test_delete_everything_includes_what_could_not_be_stored_yet() -> None:
    faults = D1Faults()
    clock = AutoClock()
    api = AccountApi(clock=clock, env=SimpleNamespace(VOICE_DB=fake_d1(clock, faults)))
    faults.fail("batch", OVERLOADED)
    assert (await api.ask("My secret")).json()["saved"] is False
    assert (await api.call("DELETE", "/conversations")).status_code == 204
    await api.background.drain()
    assert (await api.call("GET", "/conversations")).json()["conversations"] == []


async def test_delete_everything_includes_what_is_stored_under_a_former_key(api: AccountApi) -> None:
    rotated = AccountApi(of=api, IDENTITY_SECRET=f"{OTHER_SECRET},{SECRET}")
    await rotated.call("GET", "/conversations")
    await stored(api, "My secret")  # by an isolate that does not know the new secret yet
    exported = (await rotated.call("GET", "/conversations/export")).json()
    assert [one["title"] for one in exported["conversations"]] == ["My secret"]
    await stored(api, "My other secret")
    assert (await rotated.call("DELETE", "/conversations")).status_code == 204
    assert "secret" not in str(await dump(api.d1))


async def test_export_has_everything_that_is_stored(api: AccountApi) -> None:
    handle = await stored(api, "What do you sell?", "And oaks?")
    await stored(api, "Somebody else's", visitor="visitor-2")
    session_id = generate_session_id()
    await api.call("POST", f"/conversations/{handle}/sessions", {"sessionId": session_id})
    response = await api.call("GET", "/conversations/export")
    assert response.headers["content-disposition"] == 'attachment; filename="conversations-2026-11-23.json"'
    exported = response.json()
    assert exported["visitor"] == owner_of(api)
    (conversation,) = exported["conversations"]
    assert conversation["sessions"] == [fingerprint(session_id)]
    assert [exchange["answer"] for exchange in conversation["exchanges"]] == [
        "On What do you sell?",
        "On And oaks?",
    ]
    await assert_complete(api, exported)


async def assert_complete(api: AccountApi, exported: dict[str, object]) -> None:
    """Every value of the visitor's rows is in the export, times apart, which it has in another form."""
    text = json.dumps(exported)
    rows = await dump(api.d1)
    own = {row["id"] for row in rows["conversations"] if row["owner"] == exported["visitor"]}
    values = [
        value
        for table in rows.values()
        for row in table
        if row.get("conversation", row.get("id")) in own
        for name, value in row.items()
        if isinstance(value, str) and name != "record"
    ]
    assert len(values) > 8
    assert not [value for value in values if value not in text]


async def test_long_export_is_read_in_parts(api: AccountApi) -> None:
    counts = [TURNS_AT_ONCE - 1, 1, 1, TURNS_AT_ONCE, 2]
    for number, count in enumerate(counts):
        await stored(api, *(f"{number}.{turn}" for turn in range(count)))
    before = api.d1.calls["all"]
    exported = (await api.call("GET", "/conversations/export")).json()
    assert api.d1.calls["all"] - before == 1 + 3
    numbers = [[one["number"] for one in found["exchanges"]] for found in exported["conversations"]]
    assert numbers == [list(range(1, count + 1)) for count in counts]


async def test_history_moves_when_the_secret_is_replaced(api: AccountApi) -> None:
    handle = await stored(api, "What do you sell?")
    now = int(api.clock.now().timestamp())
    rotated = AccountApi(of=api, IDENTITY_SECRET=f"{OTHER_SECRET},{SECRET}")
    listed = await rotated.call("GET", "/conversations")  # still signed with the old secret
    assert [one["id"] for one in listed.json()["conversations"]] == [handle]
    calls = rotated.d1.calls["all"]
    await rotated.call("GET", "/conversations")
    assert rotated.d1.calls["all"] == calls + 1
    done = AccountApi(of=api, IDENTITY_SECRET=OTHER_SECRET)
    headers = bearer(OTHER_SECRET, exp=now + 3600)
    listed = await done.call("GET", "/conversations", visitor=None, **headers)
    assert [one["id"] for one in listed.json()["conversations"]] == [handle]


async def test_pages_of_other_websites_may_send_a_token() -> None:
    api = AccountApi(ALLOWED_ORIGINS="https://shop.example")
    for method in ("GET", "PATCH", "DELETE"):
        preflight = await api.client.options(
            "/conversations",
            headers={
                "origin": "https://shop.example",
                "access-control-request-method": method,
                "access-control-request-headers": "authorization,content-type",
            },
        )
        assert preflight.status_code == 200


async def test_method_that_is_not_allowed_lists_those_that_are(api: AccountApi) -> None:
    response = await api.call("PUT", f"/conversations/{HANDLE}")
    assert refusal(response) == (405, "method_not_allowed")
    assert response.headers["allow"] == "DELETE, GET, PATCH"


async def test_secret_without_a_database_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="IDENTITY_SECRET needs the binding VOICE_DB"):
        AccountApi(env=SimpleNamespace())


async def test_config_says_what_is_kept(api: AccountApi) -> None:
    config = (await api.client.get("/config")).json()
    assert (config["accounts"], config["historyDays"], config["pairing"]) == (True, 30, True)
    assert (config["keepsMinutes"], config["privacyUrl"], config["consent"]) == (60, None, "none")
    asks = AccountApi(
        IDENTITY_SECRET="", PRIVACY_URL="https://shop.example/privacy", CONSENT="ask", SESSION_TTL_SECONDS=90
    )
    config = (await asks.client.get("/config")).json()
    assert (config["accounts"], config["historyDays"], config["pairing"]) == (False, None, True)
    assert (config["keepsMinutes"], config["privacyUrl"]) == (2, "https://shop.example/privacy")
    assert config["consent"] == "ask"
    kv = (await Api().client.get("/config")).json()
    assert (kv["accounts"], kv["historyDays"], kv["pairing"]) == (False, None, False)
