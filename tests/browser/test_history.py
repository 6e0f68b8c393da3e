"""A known visitor's conversations, on every device: to see, continue, search, rename and delete."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from accounts.identity import Identity
from tests.browser.backend import run_apart
from tests.browser.known import AUDIENCE, MIA, SECRET, Device, devices, token_for
from tests.histories import dump, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"


@pytest.fixture
def device(browser: Browser, known: Backend) -> Iterator[Device]:
    """A browser in which Mia is signed in."""
    with devices(browser, known, 1) as [device]:
        device.sign_in()
        yield device


def fill_history(backend: Backend, *titles: str) -> None:
    """Store a conversation of Mia's for each title, the last one first in the list."""
    owner = Identity([SECRET], AUDIENCE, backend.clock).visitor(token_for(backend, MIA)).owner
    assert backend.database
    now = backend.clock.now()
    for number, title in enumerate(titles):
        at = now - timedelta(hours=len(titles) - number)
        run_apart(store(backend.database, at, title, owner=owner, session_id=f"session-{number}"))


def test_conversation_on_another_device(browser: Browser, known: Backend) -> None:
    """Sign in, ask, see it on the other device, continue there, delete."""
    with devices(browser, known) as [laptop, phone]:
        for device in (laptop, phone):
            device.sign_in()
            device.open()
        said = [PRICING, laptop.ask(PRICING)]
        phone.show_history()
        expect(phone.past).to_have_count(1)
        phone.reopen(PRICING)
        expect(phone.messages).to_have_text(said)
        phone.ask(MIDDLE)
        assert [m["content"] for m in known.model.requests[-1].body["messages"][1:]] == [*said, MIDDLE]
        laptop.ask("And the largest one?")
        assert MIDDLE in [m["content"] for m in known.model.requests[-1].body["messages"]]

        phone.show_history()
        phone.past.get_by_role("button", name=f"Delete “{PRICING}”").click()
        phone.past.get_by_role("button", name="Delete", exact=True).click()
        expect(phone.sheet.get_by_role("heading")).to_be_focused()
        expect(phone.past).to_have_count(0)
        phone.button("Back to the conversation").click()
        expect(phone.messages).to_have_count(0)
        laptop.send("Do you remember?")
        expect(laptop.notes.first).to_contain_text("this is a new one")


def test_no_conversation(device: Device) -> None:
    device.open()
    device.show_history()
    expect(device.sheet).to_contain_text("You have no conversations yet.")
    expect(device.sheet.get_by_role("searchbox")).to_be_hidden()


def test_names_for_screen_readers(device: Device, known: Backend) -> None:
    fill_history(known, "Delivery times")
    device.open()
    device.show_history()
    expect(device.sheet).to_have_accessible_name("Your conversations")
    expect(device.sheet.get_by_role("list")).to_have_count(1)
    # It was an hour ago.
    expect(device.past.get_by_role("button").nth(0)).to_have_accessible_name(
        re.compile(r"^Delivery times (Today|Yesterday) · Questions: 1$")
    )
    expect(device.past.get_by_role("button").nth(1)).to_have_accessible_name("Rename “Delivery times”")
    expect(device.past.get_by_role("button").nth(2)).to_have_accessible_name("Delete “Delivery times”")
    expect(device.sheet.get_by_role("searchbox")).to_have_accessible_name("Search your conversations")


def test_200_conversations_by_keyboard(device: Device, known: Backend) -> None:
    fill_history(known, *(f"Question {number}" for number in range(200)))
    device.open()
    device.show_history()
    expect(device.sheet.get_by_role("heading", name="Your conversations")).to_be_focused()
    press = device.page.keyboard.press
    press("Tab")
    expect(device.sheet.get_by_role("searchbox")).to_be_focused()
    press("Tab")
    expect(device.topic("Question 199")).to_be_focused()
    for page in range(1, 10):
        press("End")
        for _ in range(3):
            press("Tab")
        expect(device.button("Show more")).to_be_focused()
        press("Enter")
        expect(device.topic(f"Question {199 - 20 * page}")).to_be_focused()
    expect(device.past).to_have_count(200)
    expect(device.button("Show more")).to_be_hidden()
    press("End")
    expect(device.topic("Question 0")).to_be_focused()
    press("ArrowUp")
    press("Enter")
    expect(device.questions).to_have_text(["Question 1"])
    expect(device.input).to_be_focused()


def test_search(device: Device, known: Backend) -> None:
    fill_history(known, "Delivery times", "Opening hours")
    device.open()
    device.show_history()
    field = device.sheet.get_by_role("searchbox")
    sent = device.expect_sent("POST", "/conversations/search", lambda: field.type("delivery"))
    expect(device.past).to_have_count(1)
    expect(device.past).to_contain_text("Delivery times")
    assert "delivery" not in sent.url
    field.fill("xyz")
    expect(device.sheet.get_by_role("status")).to_have_text("Nothing found.")
    field.fill("")
    expect(device.past).to_have_count(2)


def test_rename(device: Device, known: Backend) -> None:
    fill_history(known, "Delivery times")
    device.open()
    device.show_history()
    device.past.get_by_role("button", name="Rename").click()
    field = device.past.get_by_role("textbox", name="New name")
    expect(field).to_be_focused()
    field.fill("Oaks")
    field.press("Escape")
    expect(device.topic("Delivery times")).to_be_focused()
    device.past.get_by_role("button", name="Rename").click()
    field.fill("Oaks")
    field.press("Enter")
    expect(device.topic("Oaks")).to_be_focused()
    device.button("Back to the conversation").click()
    device.show_history()
    expect(device.past).to_contain_text(["Oaks"])


def test_keeping_what_was_about_to_be_deleted(device: Device, known: Backend) -> None:
    fill_history(known, "Delivery times")
    device.open()
    device.show_history()
    device.past.get_by_role("button", name="Delete").click()
    expect(device.past.get_by_role("button", name="Keep")).to_be_focused()
    device.page.keyboard.press("Escape")
    expect(device.topic("Delivery times")).to_be_focused()
    assert device.sent("DELETE", "/conversations") == []


def test_delete_everything(device: Device, known: Backend) -> None:
    fill_history(known, "Delivery times", "Opening hours")
    device.open()
    device.ask(PRICING)
    device.show_history()
    device.button("Delete everything about me").click()
    expect(device.sheet.get_by_role("group")).to_have_accessible_name(
        "This deletes all your conversations for good, on every device."
    )
    device.sheet.get_by_role("group").get_by_role("button", name="Delete everything").click()
    expect(device.sheet).to_contain_text("Everything about you was deleted.")
    device.button("Back to the conversation").click()
    expect(device.messages).to_have_count(0)
    assert known.database
    rows = run_apart(dump(known.database))
    assert not [row for row in rows["conversations"] if row["owner"]]
    for text in ("Delivery", "Opening", "pricing"):
        assert text not in json.dumps(rows)


def test_export(device: Device, known: Backend) -> None:
    fill_history(known, "Delivery times")
    device.open()
    device.show_history()
    with device.page.expect_download() as info:
        device.button("Download everything about me").click()
    assert info.value.suggested_filename.endswith(".json")
    assert "Delivery times" in Path(info.value.path()).read_text("utf-8")


def test_closing_keeps_the_conversation(device: Device) -> None:
    device.open()
    expect(device.panel.locator(".notice")).to_contain_text("stays in your history for 30 days")
    device.ask(PRICING)
    device.button("Close; the conversation stays in your history").click()
    device.open()
    expect(device.messages).to_have_count(0)
    assert device.sent("DELETE", "/session") == []
    device.show_history()
    expect(device.past).to_contain_text([PRICING])


def test_history_is_offered_to_known_visitors_only(browser: Browser, known: Backend) -> None:
    with devices(browser, known, 1) as [device]:
        device.open()
        assert "Your conversations" not in device.entries()


def test_failure_can_be_read(device: Device) -> None:
    device.open()
    device.page.route("**/conversations?**", lambda route: route.abort())
    device.choose("Your conversations")
    expect(device.sheet.get_by_role("alert")).to_contain_text("be reached right now")
