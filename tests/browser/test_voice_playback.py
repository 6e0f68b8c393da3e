"""Playback: gapless, muted, cut off, or blocked by the browser; and the metrics of each turn."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from local.standin import SAMPLE_RATE, samples
from tests.browser.voice import LOUDSPEAKER, Talker, spoken
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from local.standin import StandIn

pytestmark = pytest.mark.browser

LONG = " ".join(f"This is sentence number {number} of a long answer." for number in range(1, 9))
SHORT = "We have three tiers. Ask about any."
SILENT = "() => sounds.every(({ over }) => over)"
# Sound arrives in pieces with an odd number of bytes.
ODD_PIECES = """() => {
  const { fetch } = window;
  window.fetch = async (...request) => {
    const response = await fetch(...request);
    if (!request[0].endsWith('/speech')) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    let at = 0;
    const next = () => bytes.slice(at, (at += 4801));
    const pull = (stream) => (at < bytes.length ? stream.enqueue(next()) : stream.close());
    return new Response(new ReadableStream({ pull }), response);
  };
}"""
# A page that asks without any gesture by the visitor.
ASKS = """
addEventListener('load', async () => {
  await customElements.whenDefined('voice-agent');
  const host = document.querySelector('voice-agent');
  host.setAttribute('read-aloud', '');
  await host.sendMessage('Hello?');
});
"""


@pytest.fixture
def listener(visitor: Browser, agent: str, model: StandIn) -> Talker:  # noqa: ARG001 - the model is put in order
    """A visitor with read-aloud, once the player is loaded."""
    talker = Talker(visitor, agent, LOUDSPEAKER, read_aloud="")
    talker.page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({name}) => name.includes('/voice-server-'))"
    )
    return talker


def metrics(talker: Talker) -> list[dict[str, Any]]:
    """The metrics of each turn."""
    found = [event for event in talker.events() if event["type"] == "voice-agent:metrics"]
    return [{key: value for key, value in each.items() if key != "type"} for each in found]


def heard(page: Page) -> list[int]:
    """All scheduled samples, in order."""
    found: list[int] = page.evaluate(
        "() => sounds.flatMap(({ samples }) => Array.from(samples, each => Math.round(each * 32768)))"
    )
    return found


def test_sentences_are_gapless(listener: Talker, model: StandIn) -> None:
    model.behave(on="speech", first_delay=0.2, times=None)
    model.reply_with("We have three tiers. Ask about any. Growth costs 49 dollars.")
    listener.widget.send("What do you have?")
    listener.reaches("speaking")
    listener.reaches("idle")
    found = listener.page.evaluate("() => sounds.map(({ when, seconds }) => [when, when + seconds])")
    assert len(spoken(model)) == 3
    assert all(abs(begin - end) * SAMPLE_RATE < 0.01 for (_, end), (begin, _) in pairwise(found))


def test_pieces_that_end_within_a_sample(listener: Talker, model: StandIn) -> None:
    listener.page.evaluate(ODD_PIECES)
    model.reply_with("Yes, of course.")
    listener.widget.send("May I?")
    listener.reaches("speaking")
    listener.reaches("idle")
    sound = b"".join(samples("Yes, of course."))
    assert heard(listener.page) == list(struct.unpack(f"<{len(sound) // 2}h", sound))


def test_muting_stops_sound_but_not_text(listener: Talker, model: StandIn) -> None:
    model.behave(on="chat", reply=LONG, piece_delay=0.02)
    listener.widget.send("Tell me all.")
    listener.reaches("speaking")
    listener.widget.choose("Read answers aloud")
    listener.page.wait_for_function(SILENT, timeout=1000)
    before = len(spoken(model))
    listener.answered(1)
    listener.reaches("idle")
    expect(listener.widget.answers).to_have_text(LONG)
    assert len(spoken(model)) == before < 5
    assert listener.states()[-2:] == ["answering", "idle"]
    model.reply_with("Yes.")
    listener.widget.ask("Is it all?")
    [chat] = [request for request in model.requests if "Is it all?" in str(request.body)]
    assert chat.body["messages"][2]["content"] == LONG


def test_hiding_stops_sound_but_not_text(listener: Talker, model: StandIn) -> None:
    model.behave(on="chat", reply=LONG, piece_delay=0.02)
    listener.widget.send("Tell me all.")
    listener.reaches("speaking")
    listener.widget.host.evaluate("host => host.minimize()")
    listener.page.wait_for_function(SILENT, timeout=1000)
    before = len(spoken(model))
    listener.answered(1)
    assert len(spoken(model)) == before < 5


def test_removed_element_is_silent(listener: Talker, model: StandIn) -> None:
    model.reply_with(LONG)
    listener.widget.send("Tell me all.")
    listener.reaches("speaking")
    listener.widget.host.evaluate("host => host.remove()")
    listener.page.wait_for_function(SILENT, timeout=1000)


def test_sound_cut_off_leaves_the_text(listener: Talker, model: StandIn) -> None:
    model.behave(on="speech", cut_after=2, piece_delay=0.3)
    model.reply_with(SHORT)
    listener.widget.send("What do you have?")
    expect(listener.problem).to_contain_text("speak right now")
    listener.reaches("speaking")
    listener.reaches("idle")
    expect(listener.widget.answers).to_have_text(SHORT)
    [error] = [event for event in listener.events() if event["type"] == "voice-agent:error"]
    assert not error["retrying"]
    first = next(samples("We have three tiers."))
    count = len(first) // 2
    assert heard(listener.page)[:count] == list(struct.unpack(f"<{count}h", first))
    before = len(heard(listener.page))
    model.reply_with("Yes.")
    listener.widget.ask("Are you there?")
    assert len(heard(listener.page)) > before


def test_failed_speech_is_not_requested_again(listener: Talker, model: StandIn) -> None:
    model.behave(on="speech", status=500, times=None)
    model.behave(on="chat", reply=LONG, piece_delay=0.01)
    listener.widget.ask("Tell me all.")
    expect(listener.problem).to_contain_text("speak right now")
    assert len([event for event in listener.events() if event["type"] == "voice-agent:error"]) == 1
    assert len(listener.widget.sent("POST", "/speech")) <= 2


def test_blocked_playback_starts_with_a_tap(visitor: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Yes.")
    page = visitor.new_context().new_page()
    page.add_init_script(LOUDSPEAKER + ASKS)
    widget = Widget(page)
    # Asking the page anything would count as a gesture, so wait for what it sends.
    with page.expect_response("**/speech"):
        page.goto(agent)
    problem = widget.panel.locator("div.failure")
    expect(problem).to_have_text("Tap anywhere to hear the answer.")
    expect(widget.answers).to_have_text("Yes.")
    assert page.evaluate("() => sounds.length") == 0
    page.mouse.click(5, 5)
    page.wait_for_function("() => sounds.length")
    widget.idle()
    expect(problem).to_be_empty()


def test_metrics_of_typed_turns(listener: Talker, model: StandIn) -> None:
    model.reply_with(SHORT, "Yes.")
    listener.widget.send("What do you have?")
    listener.reaches("speaking")
    listener.reaches("idle")
    listener.widget.choose("Read answers aloud")
    listener.widget.ask("Is it all?")
    aloud, silent = metrics(listener)
    assert 0 < aloud["firstText"] < aloud["firstAudio"]
    assert silent["firstText"] > 0
    assert (aloud["transcript"], silent["transcript"], silent["firstAudio"]) == (None, None, None)


def test_metrics_of_stopped_and_failed_turns(visitor: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(visitor, agent)
    model.behave(on="chat", stall_after=0)
    talker.widget.send("Hello?")
    talker.widget.button("Stop").click()
    talker.widget.idle()
    model.behave(on="chat", cut_after=5)
    talker.widget.send("Hello?")
    expect(talker.widget.failure).to_be_visible()
    stopped, failed = metrics(talker)
    assert stopped == {"transcript": None, "firstText": None, "firstAudio": None, "wastedSeconds": 0}
    assert failed["firstText"] > 0
    talker.widget.button("Try again").click()
    talker.answered(1)
    talker.widget.idle()
    assert len(metrics(talker)) == 3
