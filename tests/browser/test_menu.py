"""The menu in the panel's header, and the name that it leaves room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.voice import Talker
from tests.browser.widget import Widget, box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from local.standin import StandIn

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
ENTRIES = ["Read answers aloud", "Start over", "Download the conversation", "Hide the conversation"]
MAX_TOOLS = 2
FOCUSED = "host => host.shadowRoot.activeElement?.textContent || host.shadowRoot.activeElement?.title"
NAMES = {"en": "Voice agent", "de": "Sprachassistent", "ar": "المساعد الصوتي"}
PHONES = [(390, 780), (320, 568)]


@pytest.fixture
def asked(widget: Widget, model: StandIn) -> Widget:
    """A widget with an answer."""
    model.reply_with("Yes.")
    widget.open()
    widget.ask(PRICING)
    return widget


def focused(widget: Widget) -> str:
    """The text or the name of what has the focus."""
    return str(widget.host.evaluate(FOCUSED))


def test_menu_is_one_for_screen_readers(asked: Widget) -> None:
    expect(asked.more).to_have_role("button")
    expect(asked.more).to_have_attribute("aria-haspopup", "menu")
    expect(asked.more).not_to_have_attribute("aria-expanded", "true")
    expect(asked.menu).to_have_accessible_name("Menu")
    expect(asked.more).to_have_attribute("aria-expanded", "true")
    expect(asked.menu.get_by_role("menuitemcheckbox")).to_have_text(ENTRIES[:1])
    expect(asked.menu.get_by_role("menuitem")).to_have_text(ENTRIES[1:])


def test_keys_move_in_the_menu(asked: Widget) -> None:
    asked.more.press("Enter")
    expect(asked.panel.get_by_role("menu")).to_be_visible()
    keyboard = asked.page.keyboard
    stops = [focused(asked)]
    for key in ("ArrowDown", "End", "ArrowDown", "ArrowUp", "Home", "d", "r"):
        keyboard.press(key)
        stops.append(focused(asked))
    expected = [0, 1, 3, 0, 3, 0, 2, 0]
    assert stops == [ENTRIES[index] for index in expected]


@pytest.mark.parametrize("key", ["Escape", "Tab", "Shift+Tab"])
def test_leaving_the_menu_closes_only_the_menu(asked: Widget, key: str) -> None:
    asked.more.press("Enter")
    expect(asked.panel.get_by_role("menu")).to_be_visible()
    asked.page.keyboard.press(key)
    expect(asked.panel.get_by_role("menu")).to_have_count(0)
    expect(asked.more).to_have_attribute("aria-expanded", "false")
    expect(asked.panel).to_be_visible()
    neighbours = {"Escape": "Menu", "Tab": "Close and end the conversation"}
    if key in neighbours:
        assert focused(asked) == neighbours[key]
    assert asked.sent("DELETE", "/session") == []


def test_pressing_elsewhere_or_the_button_again_closes_the_menu(asked: Widget) -> None:
    for target in (asked.input, asked.panel.locator(".log"), asked.more):
        expect(asked.menu).to_be_visible()
        target.click()
        expect(asked.panel.get_by_role("menu")).to_have_count(0)


def test_choosing_returns_the_focus_to_the_button(asked: Widget) -> None:
    with asked.page.expect_download():
        asked.more.press("Enter")
        expect(asked.panel.get_by_role("menu")).to_be_visible()
        asked.page.keyboard.press("d")
        asked.page.keyboard.press("Enter")
    expect(asked.panel.get_by_role("menu")).to_have_count(0)
    expect(asked.more).to_be_focused()


def test_menu_is_loaded_when_it_is_opened(asked: Widget) -> None:
    loaded = [request.url for request in asked.requests if "menu" in request.url]
    assert loaded == []
    asked.page.route("**/panel-menu-*.js", lambda route: route.abort(), times=1)
    asked.more.click()
    problem = asked.panel.locator("div.failure")
    expect(problem).to_contain_text("be reached right now")
    expect(asked.menu).to_be_visible()
    expect(problem).to_be_empty()


@pytest.fixture(params=PHONES, ids=str)
def phone(request: pytest.FixtureRequest, hearer: Browser, agent: str) -> Iterator[Talker]:
    """A phone with a microphone, on which the agent reads answers aloud."""
    width, height = request.param
    talker = Talker(hearer, agent, read_aloud="")
    talker.page.set_viewport_size({"width": width, "height": height})
    yield talker
    talker.page.context.close()


@pytest.mark.parametrize("language", NAMES)
def test_name_is_readable_on_a_phone(phone: Talker, model: StandIn, language: str) -> None:
    model.reply_with("Yes.")
    widget = phone.widget
    widget.host.evaluate(
        """(host, [language, name]) => {
            host.texts = { name };
            host.setAttribute('language', language);
        }""",
        [language, NAMES[language]],
    )
    name = widget.panel.locator(".name")
    expect(name).to_have_text(NAMES[language])
    widget.send(PRICING)
    phone.answered(1)
    expect(widget.panel.locator(".talk")).to_be_visible()
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth")
    assert widget.panel.locator(".header .tool:visible").count() <= MAX_TOOLS
    menu = box(widget.menu)
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= box(widget.panel)["width"]
