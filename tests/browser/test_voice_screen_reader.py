"""A whole spoken turn with the keyboard alone, and what a screen reader says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.voice import QUESTION_MS, Talker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.standin import StandIn

pytestmark = pytest.mark.browser

# Records what is added to the live region, and the names of the buttons that the focus reaches.
LISTEN = """host => {
    window.said = [];
    const root = host.shadowRoot;
    new MutationObserver((changes) => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        said.push(...added.map(({ textContent }) => textContent.trim()));
    }).observe(root.querySelector('[aria-live]'), { childList: true });
    const name = ({ target }) => said.push(`[${target.ariaLabel ?? target.textContent}]`);
    root.addEventListener('focus', name, { capture: true });
}"""


def test_screen_reader_text_of_a_spoken_turn(asking: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("What is your pricing?", on="transcriptions")
    model.reply_with("Starter costs 19 dollars. Growth costs 49.")
    talker = Talker(asking, agent)
    talker.widget.host.evaluate(LISTEN)
    press = talker.page.keyboard.press
    press("Tab")
    press("Tab")
    press("Enter")
    talker.reaches("listening")
    talker.page.wait_for_timeout(QUESTION_MS)
    press("Tab")
    press("Tab")
    press("Enter")
    talker.answered(1)
    talker.reaches("idle")
    expect(talker.talk).to_be_focused()
    assert talker.page.evaluate("said") == [
        "[Send]",
        "[Talk]",
        "Listening…",
        "[Cancel]",
        "[Send]",
        "[Talk]",  # the button to send is gone
        "Writing down what you said…",
        "You: What is your pricing?",
        "Starter costs 19 dollars.",
        "Growth costs 49.",
    ]
