"""'Continue on your phone': codes, how they are used, and how they cannot be guessed."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from accounts.errors import PairingCodeUnknown
from accounts.pairing import (
    ALPHABET,
    CODE_CHARS,
    MAX_ATTEMPTS_OF_ADDRESS,
    MAX_ATTEMPTS_OF_SITE,
    Pairing,
)
from accounts.qr import qr_svg
from errors import RateLimited, SessionClosed
from models import Exchange
from session_id import fingerprint, generate_session_id
from session_storage import KVSessionStorage
from settings import Settings
from stores.d1_client import D1Client
from stores.fake_kv import FakeKV
from tests.account_api import AccountApi
from tests.api import Api, refusal
from tests.clocks import AutoClock
from tests.d1 import fake_d1
from tests.histories import OWNER, dump, store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    import httpx2

PAGE = "https://shop.example/trees"
MINUTES = 60


@pytest.fixture
def api() -> AccountApi:
    return AccountApi(IDENTITY_SECRET="")


async def offer(api: AccountApi, session_id: str, page: object = PAGE) -> httpx2.Response:
    headers = {"X-Session-Token": session_id}
    return await api.call("POST", "/pairings", {"page": page}, visitor=None, **headers)


async def redeem(api: AccountApi, code: object, session_id: str | None = None) -> httpx2.Response:
    body = {"code": code, "sessionId": session_id or generate_session_id()}
    return await api.call("POST", "/pairings/redeem", body, visitor=None)


async def conversation(api: AccountApi, *questions: str) -> str:
    """The session id of a new conversation."""
    session_id = generate_session_id()
    for question in questions or ("What do you sell?",):
        assert (await api.ask(question, session_id, visitor=None)).json()["saved"]
    return session_id


async def session(api: AccountApi, session_id: str) -> httpx2.Response:
    return await api.client.get("/session", headers={"X-Session-Token": session_id})


async def test_another_device_takes_over(api: AccountApi) -> None:
    first, second = await conversation(api, "What do you sell?", "And oaks?"), generate_session_id()
    offered = await offer(api, first)
    assert offered.status_code == 201
    code = offered.json()["code"]
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert offered.json()["expiresAt"] == "2026-11-23T12:05:06Z"
    phone = AccountApi(of=api, IDENTITY_SECRET="")
    taken = await redeem(phone, code, second)
    assert taken.status_code == 200
    assert taken.json()["sessionId"] == second
    questions = [message["content"] for message in taken.json()["messages"] if message["role"] == "user"]
    assert questions == ["What do you sell?", "And oaks?"]
    answer = (await phone.ask("And elms?", second, visitor=None)).json()
    assert (answer["turn"], answer["context"], answer["saved"]) == (3, "complete", True)
    assert refusal(await api.ask("Still there?", first, visitor=None)) == (410, "session_closed")
    assert refusal(await session(api, first)) == (404, "session_not_found")


async def test_only_the_hash_of_a_code_is_stored(api: AccountApi) -> None:
    code = (await offer(api, await conversation(api))).json()["code"]
    rows = await dump(api.d1)
    assert code not in str(rows)
    assert code.replace("-", "") not in str(rows)
    (row,) = rows["pairings"]
    assert re.fullmatch("[0-9a-f]{64}", str(row["code"]))


@pytest.mark.parametrize("form", ["{0}{1}", " {0} {1}\n", "{0}\u2013{1}", "{0}--{1}"])
@pytest.mark.parametrize("change", [str.upper, str.lower])
async def test_code_may_be_written_in_many_ways(
    api: AccountApi, form: str, change: Callable[[str], str]
) -> None:
    code = (await offer(api, await conversation(api))).json()["code"]
    assert (await redeem(api, change(form.format(*code.split("-"))))).status_code == 200


async def test_code_is_valid_once(api: AccountApi) -> None:
    code = (await offer(api, await conversation(api))).json()["code"]
    assert (await redeem(api, code)).status_code == 200
    assert refusal(await redeem(api, code)) == (404, "code_unknown")
    assert (await dump(api.d1))["pairings"] == []


async def test_code_is_valid_for_five_minutes(api: AccountApi) -> None:
    early, late = await conversation(api), await conversation(api)
    code, expiring = (await offer(api, early)).json()["code"], (await offer(api, late)).json()["code"]
    api.clock.advance(5 * MINUTES - 7)
    assert (await redeem(api, code)).status_code == 200
    api.clock.advance(3)
    assert refusal(await redeem(api, expiring)) == (404, "code_unknown")
    assert (await session(api, late)).status_code == 200


async def test_new_code_replaces_the_one_before(api: AccountApi) -> None:
    session_id = await conversation(api)
    old, new = [(await offer(api, session_id)).json()["code"] for _ in range(2)]
    assert refusal(await redeem(api, old)) == (404, "code_unknown")
    assert (await redeem(api, new)).status_code == 200


async def test_codes_do_not_pile_up(api: AccountApi) -> None:
    for _ in range(3):
        await offer(api, await conversation(api))
        api.clock.advance(5 * MINUTES)
    assert len((await dump(api.d1))["pairings"]) == 1


async def test_two_devices_cannot_both_take_over(api: AccountApi) -> None:
    """The second one has found the code before the first one used it."""
    session_id, first, second = await conversation(api), generate_session_id(), generate_session_id()
    code = (await offer(api, session_id)).json()["code"]
    pairing = api.services.pairing
    assert pairing is not None
    client = InterruptedClient(api, lambda: pairing.redeem(code, first, "other"))
    with pytest.raises(PairingCodeUnknown):
        await Pairing(client, api.clock, timedelta(hours=1)).redeem(code, second, "client")
    assert (await session(api, first)).status_code == 200
    assert (await session(api, second)).status_code == 404


class InterruptedClient(D1Client):
    """Something else happens between a query and the batch after it."""

    def __init__(self, api: AccountApi, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(api.d1, 5)
        self._meanwhile = meanwhile

    async def batch(self, statements: Sequence[str], **fields: object) -> Any:
        await self._meanwhile()
        return await super().batch(statements, **fields)


async def test_session_with_a_conversation_cannot_take_over_another(api: AccountApi) -> None:
    one, other = await conversation(api, "1"), await conversation(api, "2")
    code, others = [(await offer(api, session_id)).json()["code"] for session_id in (one, other)]
    for session_id in (other, one):
        assert refusal(await redeem(api, code, session_id)) == (409, "session_in_use")
    assert (await redeem(api, code)).status_code == 200
    assert (await redeem(api, others)).status_code == 200


async def test_turn_in_flight_is_not_saved_on_the_first_device(api: AccountApi) -> None:
    first, second = await conversation(api), generate_session_id()
    code = (await offer(api, first)).json()["code"]
    storage = api.services.storage
    read = await storage.open_session(first)
    await redeem(api, code, second)
    exchange = Exchange(turn_id="late", question="?", answer="!", timestamp=api.clock.now())
    with pytest.raises(SessionClosed):
        await storage.append(read, [exchange])
    assert (await session(api, second)).json()["turn"] == 1


async def test_known_visitor_needs_no_code() -> None:
    api = AccountApi()
    known = generate_session_id()
    await store(api.d1, api.clock.now(), "What do you sell?", owner=OWNER, session_id=known)
    assert refusal(await offer(api, known)) == (409, "pairing_not_needed")


async def test_code_is_void_once_the_visitor_signs_in(api: AccountApi) -> None:
    session_id = await conversation(api)
    code = (await offer(api, session_id)).json()["code"]
    await api.d1.prepare("UPDATE conversations SET owner = ?").bind(OWNER).run()
    assert refusal(await redeem(api, code)) == (404, "code_unknown")


async def test_there_is_nothing_to_take_over(api: AccountApi) -> None:
    assert refusal(await offer(api, generate_session_id())) == (404, "session_not_found")
    closed = await conversation(api)
    await api.client.delete("/session", headers={"X-Session-Token": closed})
    assert refusal(await offer(api, closed)) == (410, "session_closed")


async def test_kv_has_no_pairing() -> None:
    api = Api()
    headers = {"X-Session-Token": api.session_id}
    offered = await api.client.post("/pairings", json={"page": PAGE}, headers=headers)
    body = {"code": "K7QM-2F9T", "sessionId": generate_session_id()}
    redeemed = await api.client.post("/pairings/redeem", json=body)
    assert refusal(offered) == refusal(redeemed) == (501, "pairing_unavailable")


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("", "must not be empty"),
        ("shop.example", "must start with http"),
        ("javascript:alert(1)", "must start with http"),
        ("https://", "host name"),
        ("https://me:secret@shop.example/", "without a user name"),
        (f"https://shop.example/{'x' * 500}", "at most 500 characters"),
    ],
)
async def test_page_has_to_be_an_address(api: AccountApi, page: str, problem: str) -> None:
    response = await offer(api, await conversation(api), page)
    assert refusal(response) == (400, "invalid_page")
    assert problem in response.json()["error"]


async def test_qr_code_has_the_page_and_the_code_as_its_fragment(api: AccountApi) -> None:
    page = "https://Shop.example/trees?visitor=7#oaks"
    offered = (await offer(api, await conversation(api), page)).json()
    assert offered["qr"] == qr_svg(f"https://Shop.example/trees#voice-agent={offered['code']}")
    assert offered["qr"] != qr_svg(page)


async def test_conversation_that_is_still_in_kv_can_be_taken_over() -> None:
    clock = AutoClock()
    kv, session_id = FakeKV(clock), generate_session_id()
    before = KVSessionStorage(kv, Settings(), clock)
    exchange = Exchange(turn_id="1", question="What do you sell?", answer="Trees.", timestamp=clock.now())
    await before.save_session((await before.open_session(session_id)).with_exchange(exchange))
    both = SimpleNamespace(VOICE_SESSIONS=kv, VOICE_DB=fake_d1(clock))
    api = AccountApi(env=both, clock=clock, IDENTITY_SECRET="")
    code = (await offer(api, session_id)).json()["code"]
    assert (await redeem(api, code)).json()["messages"][0]["content"] == "What do you sell?"
    assert refusal(await api.ask("Still there?", session_id, visitor=None)) == (410, "session_closed")


def test_qr_code_is_an_svg_that_scales() -> None:
    svg = qr_svg(f"{PAGE}#voice-agent=K7QM-2F9T")
    assert svg.startswith("<svg xmlns=")
    assert 'viewBox="0 0' in svg
    assert "width=" not in svg.partition(">")[0]
    assert re.search(r"script|style|class|href", svg) is None


@pytest.mark.parametrize(
    "code", ["", "-", "K7QM2F9", "K7QM2F9TT", "K7QM2F90", "K7QM2F9\0", "é" * 8, "x" * 100]
)
async def test_no_code_is_looked_for_that_cannot_be_one(api: AccountApi, code: str) -> None:
    before = api.d1.calls["all"]
    assert refusal(await redeem(api, code)) == (404, "code_unknown")
    assert api.d1.calls["all"] == before


async def test_address_may_try_ten_times_in_five_minutes(api: AccountApi) -> None:
    code = (await offer(api, await conversation(api))).json()["code"]
    for _ in range(MAX_ATTEMPTS_OF_ADDRESS):
        assert (await redeem(api, "K7QM-2F9T")).status_code == 404
    refused = await redeem(api, code)
    assert refusal(refused) == (429, "rate_limited")
    assert 270 <= int(refused.headers["retry-after"]) <= 300


async def test_site_limits_attempts_from_many_addresses(api: AccountApi) -> None:
    pairing = api.services.pairing
    assert pairing is not None
    for number in range(MAX_ATTEMPTS_OF_SITE):
        with pytest.raises(PairingCodeUnknown):
            await pairing.redeem("K7QM-2F9T", "session", f"client {number}")
    with pytest.raises(RateLimited):
        await pairing.redeem("K7QM-2F9T", "session", "another client")


async def test_guesses_within_the_limits_hit_nothing() -> None:
    """10,000 guesses from many addresses, while 100 codes are valid all the time."""
    clock = AutoClock()
    d1 = fake_d1(clock)
    pairing = Pairing(D1Client(d1, 5), clock, timedelta(hours=1))
    sessions = [str(number) for number in range(100)]
    for name in sessions:
        await store(d1, clock.now(), "?", owner=None, session_id=name)
    for number in range(10_000):
        if number % MAX_ATTEMPTS_OF_SITE == 0:
            clock.advance(5 * MINUTES)
            for name in sessions:
                await pairing.offer(name)
        guess = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARS))
        with pytest.raises(PairingCodeUnknown):
            await pairing.redeem(guess, "guesser", f"client {number // MAX_ATTEMPTS_OF_ADDRESS}")
    rows = await dump(d1)
    assert {row["id"] for row in rows["conversations"]} == set(map(fingerprint, sessions))
    assert len(rows["pairings"]) == len(sessions)


async def test_code_never_appears_in_a_log(api: AccountApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    code = (await offer(api, await conversation(api))).json()["code"]
    await redeem(api, code)
    await redeem(api, code)
    assert code not in caplog.text
    assert code.replace("-", "") not in caplog.text
