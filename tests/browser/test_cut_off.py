"""Answers that were cut off say so: on the screen, aloud, in the history and in the download."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.own_voice import SPEAKS
from tests.browser.test_failures import PRICING
from tests.browser.voice import Talker, spoken

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from local.standin import StandIn
    from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

NOTE = "The answer was cut off here."
ANSWER = "First sentence. The second is not compl"
SPOKEN = sorted(["First sentence.", "The second is not compl", NOTE])


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_note_and_offer(widget: Widget, model: StandIn, reason: str) -> None:
    model.behave(on="chat", reply=ANSWER, finish_reason=reason)
    widget.open()
    assert widget.ask(PRICING) == ANSWER
    expect(widget.notes).to_contain_text(NOTE)
    expect(widget.live).to_contain_text(NOTE)
    model.reply_with("ete.")
    widget.button("Go on").click()
    expect(widget.messages).to_have_text([PRICING, ANSWER, "Please go on.", "ete."])
    widget.idle()
    expect(widget.button("Go on")).to_have_count(0)
    expect(widget.notes).to_have_text([NOTE])


def test_complete_answer_has_no_note(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_count(2)
    expect(widget.notes).to_have_count(0)


def test_unknown_reason_counts_as_cut_off(widget: Widget) -> None:
    body = 'event: done\ndata: {"response": "So", "turn": 1, "saved": true, "finishReason": "tired"}\n\n'
    widget.page.route("**/chat", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    widget.open()
    widget.ask(PRICING)
    expect(widget.notes).to_contain_text(NOTE)


def test_history(widget: Widget, model: StandIn) -> None:
    """The offer is made only for the last answer."""
    for _ in range(2):
        model.behave(on="chat", reply=ANSWER, finish_reason="length")
    widget.open()
    widget.ask(PRICING)
    widget.ask(PRICING)
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_text(2 * [PRICING, ANSWER])
    expect(widget.notes).to_have_count(2)
    expect(widget.notes.first).to_have_text(NOTE)
    expect(widget.notes.last).to_contain_text("Go on")
    expect(widget.live).to_be_empty()
    widget.button("Go on").click()
    expect(widget.questions.last).to_have_text("Please go on.")


def test_download(widget: Widget, model: StandIn, tmp_path: Path) -> None:
    model.behave(on="chat", reply=ANSWER, finish_reason="length")
    widget.open()
    widget.ask(PRICING)
    expect(widget.notes).to_contain_text(NOTE)
    with widget.page.expect_download() as info:
        widget.choose("Download the conversation")
    info.value.save_as(tmp_path / "conversation.txt")
    assert f"{ANSWER}\n({NOTE})" in (tmp_path / "conversation.txt").read_text("utf-8")


def test_spoken_by_the_agent(hearer: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="chat", reply=ANSWER, finish_reason="length")
    talker = Talker(hearer, agent, read_aloud="")
    talker.widget.send(PRICING)
    talker.answered(1)
    talker.reaches("speaking")
    talker.reaches("idle")
    assert sorted(spoken(model)) == SPOKEN  # two sentences are fetched at a time
    assert [event for event in talker.events() if event["type"] == "voice-agent:error"] == []
    talker.widget.choose("Say that again")
    talker.reaches("speaking", 2)
    talker.reaches("idle", 2)
    assert sorted(spoken(model)[3:]) == SPOKEN


def test_spoken_by_the_browser(visitor: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="speech", status=500, times=None)
    model.behave(on="chat", reply=ANSWER, finish_reason="length")
    talker = Talker(visitor, agent, SPEAKS, read_aloud="")
    talker.widget.send(PRICING)
    talker.page.wait_for_function("note => said.at(-1) === note", arg=NOTE)


def test_muted_answer_is_not_followed_by_a_note(hearer: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="chat", reply=ANSWER, finish_reason="length")
    talker = Talker(hearer, agent)
    talker.widget.send(PRICING)
    talker.answered(1)
    expect(talker.widget.notes).to_contain_text(NOTE)
    assert spoken(model) == []
