"""Talking: push-to-talk, tap-to-talk, keyboard and hands-free, with spoken answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from prompt import INTERRUPTED_HERE
from tests.browser.voice import QUESTION_MS, Talker, hearing, spoken

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.standin import StandIn

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
LONG = " ".join(f"This is sentence number {number} of a long answer." for number in range(1, 9))


def asked(model: StandIn) -> list[dict[str, Any]]:
    """The chat requests to the model."""
    return [request.body for request in model.requests if request.path.endswith("/completions")]


def bodies(talker: Talker) -> list[dict[str, Any]]:
    """What the widget has asked."""
    return [json.loads(request.post_data or "") for request in talker.widget.sent("POST", "/chat")]


def test_push_to_talk_conversation(asking: Browser, agent: str, model: StandIn) -> None:
    model.reply_with(PRICING, MIDDLE, on="transcriptions")
    model.reply_with("We have three tiers. Ask about any.", "Growth costs 49 dollars.")
    talker = Talker(asking, agent)
    talker.hold()
    talker.answered(1)
    talker.reaches("idle")
    talker.hold()
    talker.answered(2)
    talker.reaches("idle", 2)
    expect(talker.widget.questions).to_have_text([PRICING, MIDDLE])
    turn = ["listening", "transcribing", "thinking", "answering", "speaking", "idle"]
    assert [state for state in talker.states() if state != "answering"] == 2 * [
        state for state in turn if state != "answering"
    ]
    assert [message["content"] for message in asked(model)[1]["messages"][1:]] == [
        PRICING,
        "We have three tiers. Ask about any.",
        MIDDLE,
    ]
    assert spoken(model) == ["We have three tiers.", "Ask about any.", "Growth costs 49 dollars."]
    assert talker.widget.complaints == []


def test_metrics_of_a_spoken_turn(asking: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="transcriptions", reply=PRICING)
    talker = Talker(asking, agent)
    talker.hold()
    talker.answered(1)
    talker.reaches("speaking")
    [metrics] = [event for event in talker.events() if event["type"] == "voice-agent:metrics"]
    assert 0 < metrics["transcript"] < metrics["firstText"] < metrics["firstAudio"]


def test_talk_view_shows_the_state(asking: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="transcriptions", headers_delay=1)
    talker = Talker(asking, agent, max_recording="9")
    talker.hold()
    expect(talker.doing).to_have_text("Writing down what you said…")
    talker.answered(1)
    talker.reaches("idle")
    expect(talker.doing).to_be_hidden()
    talker.talk.click()
    expect(talker.doing).to_have_text("Listening… · 8 seconds left")


def test_tap_to_talk(asking: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(asking, agent)
    talker.talk.click()
    talker.reaches("listening")
    expect(talker.talk).to_have_attribute("aria-pressed", "true")
    talker.page.wait_for_timeout(QUESTION_MS)
    talker.talk.click()
    talker.answered(1)
    assert len(asked(model)) == 1


def test_talking_from_the_keyboard(asking: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(asking, agent)
    talker.talk.press("Enter")
    talker.reaches("listening")
    talker.page.wait_for_timeout(QUESTION_MS)
    talker.talk.press("Space")
    talker.answered(1)
    assert len(asked(model)) == 1


def test_review_before_sending(asking: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="transcriptions", reply="What is your prizing?")
    model.behave(on="chat", reply="Yes.")
    talker = Talker(asking, agent, review="")
    talker.hold()
    expect(talker.widget.input).to_have_value("What is your prizing?")
    expect(talker.widget.input).to_be_focused()
    assert not asked(model)
    talker.widget.ask(PRICING)
    assert len(asked(model)) == 1


def test_escape_discards_a_recording(asking: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(asking, agent)
    talker.talk.click()
    talker.reaches("listening")
    talker.page.wait_for_timeout(QUESTION_MS)
    talker.page.keyboard.press("Escape")
    talker.reaches("idle")
    expect(talker.talk).to_have_attribute("aria-pressed", "false")
    assert not model.requests


def test_max_recording_ends_a_recording(asking: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(asking, agent, max_recording="3")
    talker.talk.click()
    talker.answered(1)
    assert len(asked(model)) == 1


def test_tap_interrupts_speech_and_keeps_what_was_heard(asking: Browser, agent: str, model: StandIn) -> None:
    model.reply_with(PRICING, MIDDLE, on="transcriptions")
    model.reply_with(LONG, "Yes.")
    talker = Talker(asking, agent)
    talker.hold()
    talker.answered(1)
    talker.reaches("speaking")
    talker.talk.click()
    talker.reaches("listening", 2)
    talker.page.wait_for_timeout(QUESTION_MS)
    talker.talk.click()
    talker.answered(2)
    assert len([text for text in spoken(model) if text in LONG]) < 5
    remembered = asked(model)[1]["messages"][2]["content"]
    assert remembered.endswith(INTERRUPTED_HERE)
    assert LONG.startswith(remembered.removesuffix(INTERRUPTED_HERE))


def test_stop_ends_speech(asking: Browser, agent: str, model: StandIn) -> None:
    model.reply_with(LONG)
    talker = Talker(asking, agent)
    talker.hold()
    talker.answered(1)
    talker.reaches("speaking")
    talker.widget.button("Stop").click()
    talker.reaches("idle")
    before = len(talker.widget.sent("POST", "/speech"))
    talker.page.wait_for_timeout(1000)
    assert len(talker.widget.sent("POST", "/speech")) == before < 5


def test_read_aloud_and_replay_of_a_typed_question(asking: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Yes.", "No.", "Maybe.")
    talker = Talker(asking, agent)
    talker.widget.ask("One?")
    assert not spoken(model)
    talker.widget.choose("Read answers aloud")
    talker.widget.expect_checked("Read answers aloud")  # what speaks is loaded now
    talker.widget.send("Two?")
    talker.reaches("speaking")
    talker.widget.idle()
    talker.widget.choose("Say that again")
    talker.reaches("speaking", 2)
    talker.widget.idle()
    talker.widget.choose("Read answers aloud")
    talker.widget.ask("Three?")
    assert spoken(model) == ["No.", "No."]


def test_hands_free_conversation(browser: Browser, agent: str, model: StandIn) -> None:
    model.reply_with(PRICING, MIDDLE, on="transcriptions")
    model.reply_with("Yes.", "No.")
    with hearing(browser, "question_and_silence.wav", again=True) as hearer:
        talker = Talker(hearer, agent, hands_free="")
        talker.talk.click()
        talker.answered(2)
        expect(talker.widget.questions).to_have_text([PRICING, MIDDLE])
        assert talker.states()[:2] == ["listening", "thinking"]
        assert [message["content"] for message in asked(model)[1]["messages"][1:]] == [
            PRICING,
            "Yes.",
            MIDDLE,
        ]


def test_hands_free_listens_again_after_a_silent_answer(asking: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Yes.")
    talker = Talker(asking, agent, hands_free="", max_recording="3")
    talker.talk.click()
    talker.widget.choose("Read answers aloud")
    talker.answered(1)
    talker.reaches("listening", 2)
    assert not spoken(model)


def test_talking_over_an_answer_interrupts_it(asking: Browser, agent: str, model: StandIn) -> None:
    model.reply_with(LONG, "Yes.")
    talker = Talker(asking, agent, hands_free="")
    talker.talk.click()
    talker.answered(1)
    talker.reaches("speaking")
    talker.reaches("listening", 2)
    talker.answered(2)
    first, second, *_ = bodies(talker)
    assert second["interrupted"]["turnId"] == first["turnId"]
    assert len([text for text in spoken(model) if text in LONG]) < 5
    remembered = asked(model)[1]["messages"][2]["content"]
    assert remembered.endswith(INTERRUPTED_HERE)
    assert LONG.startswith(remembered.removesuffix(INTERRUPTED_HERE))


def test_pause_in_a_question_that_is_not_complete(browser: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("What does the", "What does the middle tier cost?", on="transcriptions")
    with hearing(browser, "pause.wav") as hearer:
        talker = Talker(hearer, agent, hands_free="", silence="2")
        talker.talk.click()
        talker.answered(1)
        expect(talker.widget.questions).to_have_text(["What does the middle tier cost?"])
        assert len(talker.widget.sent("POST", "/transcribe")) == 2
        talker.reaches("speaking")
        [metrics] = [event for event in talker.events() if event["type"] == "voice-agent:metrics"]
        assert metrics["wastedSeconds"] > 0


def test_words_before_the_answer_go_on_with_the_question(
    browser: Browser, agent: str, model: StandIn
) -> None:
    model.reply_with("What about your.", "What about your middle tier?", on="transcriptions")
    model.behave(on="chat", stall_after=0)
    model.reply_with("Yes.")
    with hearing(browser, "pause.wav") as hearer:
        talker = Talker(hearer, agent, hands_free="")
        talker.talk.click()
        talker.answered(1)
        expect(talker.widget.questions).to_have_text(["What about your middle tier?"])
        first, second = bodies(talker)
        assert second["replaces"] == [first["turnId"]]
        assert "interrupted" not in second


def test_steady_noise_is_not_sent(browser: Browser, agent: str, model: StandIn) -> None:
    with hearing(browser, "noise.wav", again=True) as hearer:
        talker = Talker(hearer, agent, hands_free="")
        talker.talk.click()
        talker.reaches("listening")
        talker.page.wait_for_timeout(9000)
        assert talker.states() == ["listening"]
        assert not model.requests
