"""The countdown: visible, announced, cancelled by any activity, paused while nobody can respond."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.clock import stop_time
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from local.standin import StandIn

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
IDLE, SECONDS = 30, 20
HIDDEN = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => window.away === true})"


@pytest.fixture
def idle(page: Page, agent: str, model: StandIn) -> Widget:
    """A conversation on a page whose clock the test controls."""
    assert model.requests == ()
    page.add_init_script(HIDDEN)
    page.clock.install()
    widget = Widget(page)
    page.goto(agent)
    page.evaluate(
        """([idle, seconds]) => {
            const host = document.querySelector('voice-agent');
            host.setAttribute('auto-close', idle);
            host.setAttribute('countdown', seconds);
        }""",
        [IDLE, SECONDS],
    )
    widget.open()
    widget.ask(PRICING)
    begin_to_be_idle(widget)
    return widget


def begin_to_be_idle(widget: Widget) -> None:
    """Be active for the last time; from now on, only the test moves the clock."""
    stop_time(widget.page)
    widget.page.mouse.move(10, 10)


def pass_seconds(widget: Widget, seconds: float) -> None:
    """Advance the page's clock."""
    widget.page.clock.run_for(int(seconds * 1000))


def test_countdown_appears_and_is_announced_after_idle_time(idle: Widget) -> None:
    pass_seconds(idle, IDLE - 1)
    expect(idle.countdown).to_be_hidden()
    pass_seconds(idle, 1)
    line = f"Still there? This conversation closes in {SECONDS} seconds."
    expect(idle.countdown).to_contain_text(line)
    expect(idle.live).to_contain_text(line)
    pass_seconds(idle, 1)
    expect(idle.countdown).to_contain_text("19 seconds")
    expect(idle.live).not_to_contain_text("19 seconds")
    pass_seconds(idle, 14)
    expect(idle.live).to_contain_text("closes in 5 seconds")


def test_countdown_ends_the_session_here_and_on_the_server(idle: Widget) -> None:
    closed = idle.session_id
    events = idle.listen("close")
    request = idle.expect_sent("DELETE", "/session", lambda: pass_seconds(idle, IDLE + SECONDS))
    assert request.headers["x-session-token"] == closed
    expect(idle.panel).to_be_hidden()
    assert idle.kept() is None
    assert events() == [{"type": "voice-agent:close", "reason": "countdown"}]
    expect(idle.launcher).to_be_focused()
    idle.open()
    expect(idle.messages).to_have_count(0)
    expect(idle.notes).to_have_text("Your last conversation was closed because nothing happened for a while.")


ACTIVITIES: dict[str, Callable[[Widget], object]] = {
    "the button": lambda widget: widget.button("Keep it open").press("Enter"),
    "a key": lambda widget: widget.page.keyboard.press("Shift"),
    "typing": lambda widget: widget.input.press_sequentially("x"),
    "the pointer on the page": lambda widget: widget.page.mouse.move(50, 50),
    "the wheel": lambda widget: widget.page.mouse.wheel(0, 10),
}


@pytest.mark.parametrize("activity", ACTIVITIES.values(), ids=ACTIVITIES)
def test_activity_cancels_the_countdown(idle: Widget, activity: Callable[[Widget], object]) -> None:
    pass_seconds(idle, IDLE + 5)
    expect(idle.countdown).to_be_visible()
    activity(idle)
    expect(idle.countdown).to_be_hidden()
    pass_seconds(idle, IDLE - 1)
    expect(idle.countdown).to_be_hidden()
    assert idle.sent("DELETE", "/session") == []


def test_activity_postpones_the_countdown(idle: Widget) -> None:
    pass_seconds(idle, IDLE - 5)
    idle.page.mouse.move(50, 50)
    pass_seconds(idle, 10)
    expect(idle.countdown).to_be_hidden()


def test_countdown_pauses_during_an_answer(idle: Widget, model: StandIn) -> None:
    model.behave(on="chat", stall_after=2)
    idle.send("And the trial?")
    expect(idle.answers).to_have_count(2)
    pass_seconds(idle, IDLE + SECONDS)
    expect(idle.countdown).to_be_hidden()
    idle.page.evaluate("document.querySelector('voice-agent').shadowRoot.querySelector('.stop').click()")
    idle.idle()
    pass_seconds(idle, IDLE)
    expect(idle.countdown).to_be_visible()


def test_countdown_pauses_while_the_tab_is_hidden(idle: Widget) -> None:
    pass_seconds(idle, IDLE + 5)
    expect(idle.countdown).to_contain_text("15 seconds")
    idle.page.evaluate("window.away = true")
    pass_seconds(idle, 2 * (IDLE + SECONDS))
    expect(idle.countdown).to_contain_text("15 seconds")
    idle.page.evaluate("window.away = false")
    pass_seconds(idle, 1)
    expect(idle.countdown).to_contain_text("14 seconds")


def test_countdown_of_a_hidden_panel_is_on_the_launcher(idle: Widget) -> None:
    idle.hide()
    badge = idle.host.locator(".badge")
    expect(badge).to_be_empty()
    pass_seconds(idle, IDLE + 5)
    expect(badge).to_have_text("15")
    expect(idle.live).to_contain_text("closes in 20 seconds")
    idle.page.mouse.move(50, 50)
    expect(badge).to_be_empty()
    pass_seconds(idle, IDLE + SECONDS)
    expect(badge).to_be_hidden()
    assert idle.kept() is None


def test_countdown_switched_off(idle: Widget) -> None:
    idle.host.evaluate("host => host.setAttribute('auto-close', 'off')")
    pass_seconds(idle, 2 * (IDLE + SECONDS))
    expect(idle.countdown).to_be_hidden()
    expect(idle.messages).to_have_count(2)


def test_countdown_length_from_the_server(page: Page, agent: str) -> None:
    page.clock.install()
    widget = Widget(page)
    page.goto(agent)
    config = page.request.get(f"{agent}/api/voice-agent/config").json()
    widget.open()
    widget.ask(PRICING)
    begin_to_be_idle(widget)
    pass_seconds(widget, config["autoCloseSeconds"] - 1)
    expect(widget.countdown).to_be_hidden()
    pass_seconds(widget, 1)
    expect(widget.countdown).to_contain_text(f"{config['countdownSeconds']} seconds")
