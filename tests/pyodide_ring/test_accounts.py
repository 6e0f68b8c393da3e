"""Known visitors and pairing in Pyodide: two isolates, one for each device, over miniflare's D1."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from local.pyodide.database import Database, running_database
from local.pyodide.worker import PyodideWorker
from session_id import generate_session_id
from tests.identity_tokens import SECRET, token
from tests.pyodide_ring.visitor import API, SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pyodide


class Device:
    """A browser, whose requests reach an isolate of its own."""

    def __init__(self, worker: PyodideWorker) -> None:
        self.session_id = generate_session_id()
        self.client = httpx2.Client(base_url=f"{worker.base_url}{API}", timeout=SECONDS, trust_env=False)

    def call(self, method: str, path: str, body: object = None, subject: str | None = "ada") -> Any:
        """Send a request, of `subject` if that is not None; returns the response's JSON."""
        headers = {"X-Session-Token": self.session_id}
        if subject:
            now = int(time.time())
            headers["Authorization"] = f"Bearer {token(sub=subject, iat=now, exp=now + 60)}"
        response = self.client.request(method, path, json=body, headers=headers)
        return response.json() if response.content else None

    def ask(self, question: str, subject: str | None = "ada") -> Any:
        """Ask a question in this device's session."""
        return self.call("POST", "/chat", {"question": question, "sessionId": self.session_id}, subject)


@pytest.fixture(scope="module")
def running() -> Iterator[Database]:
    with running_database() as database:
        yield database


@pytest.fixture(scope="module")
def workers(running: Database) -> Iterator[list[PyodideWorker]]:
    options: dict[str, Any] = {"env": {"IDENTITY_SECRET": SECRET}, "database": running.url, "kv": False}
    with PyodideWorker.start(**options) as one, PyodideWorker.start(**options) as other:
        yield [one, other]


@pytest.fixture
def devices(running: Database, workers: list[PyodideWorker]) -> Iterator[list[Device]]:
    """Two devices whose visitor has asked nothing yet."""
    running.empty()
    both = list(map(Device, workers))
    yield both
    for device in both:
        device.client.close()


def test_visitor_goes_on_on_another_device_and_deletes_everything(
    devices: list[Device], running: Database
) -> None:
    laptop, phone = devices
    assert laptop.ask("What's your pricing?")["saved"] is True
    (listed,) = phone.call("GET", "/conversations")["conversations"]
    assert (listed["title"], listed["turns"]) == ("What's your pricing?", 1)
    path = f"/conversations/{listed['id']}"
    opened = phone.call("POST", f"{path}/sessions", {"sessionId": phone.session_id})
    assert opened["messages"][0]["content"] == "What's your pricing?"
    answer = phone.ask("And the middle tier?")
    assert (answer["turn"], answer["context"]) == (2, "complete")
    assert laptop.call("GET", path)["turns"] == 2
    assert phone.call("PATCH", path, {"title": "Prices"})["title"] == "Prices"
    exported = laptop.call("GET", "/conversations/export")
    assert [len(one["exchanges"]) for one in exported["conversations"]] == [2]
    assert laptop.call("GET", path, subject="eve")["code"] == "conversation_not_found"
    assert laptop.call("GET", "/session", subject="eve")["code"] == "conversation_of_another"
    assert phone.call("DELETE", "/conversations") is None
    assert laptop.call("GET", "/conversations")["conversations"] == []
    assert laptop.ask("Still there?")["code"] == "session_closed"
    everything = str(running.dump())
    assert not [text for text in ("pricing", "Prices", "ada", exported["visitor"]) if text in everything]


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("Größe der Räume, WLAN", "grösse RÄUME wlan"),
        ("абвгдежзийклмнопрстуфхцчшщъыьэюя", "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"),
        ("αβγδεζηθικλμνξοπρστυφχψω", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"),
    ],
)
def test_search_in_any_letter_case(devices: list[Device], question: str, typed: str) -> None:
    laptop, _ = devices
    laptop.ask(question)
    found = laptop.call("POST", "/conversations/search", {"text": typed})
    assert [one["title"] for one in found["conversations"]] == [question]
    assert laptop.call("POST", "/conversations/search", {"text": "nowhere"})["conversations"] == []


def test_conversation_moves_to_another_device(devices: list[Device], running: Database) -> None:
    laptop, phone = devices
    laptop.ask("What's your pricing?", subject=None)
    offered = laptop.call("POST", "/pairings", {"page": "https://shop.example/"}, subject=None)
    assert offered["qr"].startswith("<svg ")
    assert offered["code"] not in str(running.dump())
    redemption = {"code": offered["code"], "sessionId": phone.session_id}
    taken = phone.call("POST", "/pairings/redeem", redemption, subject=None)
    assert taken["turn"] == 1
    assert phone.ask("And the middle tier?", subject=None)["turn"] == 2
    assert laptop.ask("Still there?", subject=None)["code"] == "session_closed"
    assert laptop.call("POST", "/pairings/redeem", redemption, subject=None)["code"] == "code_unknown"


def test_forged_token_is_refused(devices: list[Device]) -> None:
    response = devices[0].client.get("/conversations", headers={"Authorization": f"Bearer {token('x' * 32)}"})
    assert (response.status_code, response.json()["code"]) == (401, "identity_invalid")
