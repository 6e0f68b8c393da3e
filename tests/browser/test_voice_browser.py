"""Without a key: the browser's own speech recognition and synthesis if available, else text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.own_voice import HEARS, NEITHER, SPEAKS, said
from tests.browser.voice import Talker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ANSWER = "three tiers"


def test_spoken_question_gets_a_spoken_answer(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS + SPEAKS)
    talker.hold(500)
    talker.answered(1)
    talker.reaches("speaking")
    talker.reaches("idle")
    expect(talker.widget.questions).to_have_text("What's your pricing?")
    expect(talker.widget.input).to_have_value("")
    answer = talker.widget.answers.inner_text()
    assert ANSWER in answer
    assert "".join(said(talker)).replace(" ", "") == answer.replace(" ", "")
    assert [state for state in talker.states() if state != "answering"] == [
        "listening",
        "transcribing",
        "thinking",
        "speaking",
        "idle",
    ]
    [metrics] = [event for event in talker.events() if event["type"] == "voice-agent:metrics"]
    assert 0 <= metrics["transcript"] <= metrics["firstText"] <= metrics["firstAudio"]
    assert talker.widget.sent("POST", "/transcribe") == talker.widget.sent("POST", "/speech") == []


def test_interim_transcript_is_shown_and_can_be_discarded(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS)
    talker.talk.click()
    expect(talker.caption).to_have_text("What's your")
    talker.page.keyboard.press("Escape")
    talker.reaches("idle")
    expect(talker.caption).to_be_hidden()
    expect(talker.widget.input).to_have_value("")
    assert talker.widget.sent("POST", "/chat") == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("not-allowed", "I may not use the microphone"),
        ("audio-capture", "I found no microphone"),
        ("no-speech", "hear anything"),
        ("network", "did not reach me"),
    ],
)
def test_recognition_error_message(visitor: Browser, demo: str, code: str, sentence: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS)
    talker.talk.click()
    talker.reaches("listening")
    talker.page.evaluate("code => { recognition.say([]); recognition.fail(code); }", code)
    expect(talker.problem).to_contain_text(sentence)
    assert talker.states() == ["listening", "error"]
    talker.widget.ask("What's your pricing?")


def test_stopping_and_replaying_an_answer(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + SPEAKS, read_aloud="")
    expect(talker.talk).to_have_count(0)
    talker.widget.send("What's your pricing?")
    talker.reaches("speaking")
    talker.widget.button("Stop").click()
    talker.reaches("idle")
    before = len(said(talker))
    talker.widget.choose("Say that again")
    talker.reaches("speaking", 2)
    talker.reaches("idle", 2)
    assert len(said(talker)) > before
    assert talker.states()[-2:] == ["speaking", "idle"]


def test_blocked_speech_starts_with_a_tap(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + SPEAKS + "allowed = false;", read_aloud="")
    talker.widget.send("What's your pricing?")
    expect(talker.problem).to_have_text("Tap anywhere to hear the answer.")
    assert said(talker) == []
    talker.page.evaluate("() => { allowed = true; }")
    talker.page.mouse.click(5, 5)
    talker.reaches("idle")
    assert ANSWER in " ".join(said(talker))


def test_no_buttons_without_browser_speech(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER)
    expect(talker.widget.button("Talk")).to_have_count(0)
    expect(talker.widget.menu.locator(".entry")).to_have_text(["I have a code", "Hide the conversation"])
    assert ANSWER in talker.widget.ask("What's your pricing?")


def test_blocked_answer_is_dropped_when_the_visitor_talks(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS + SPEAKS + "allowed = false;", read_aloud="")
    talker.widget.send("What's your pricing?")
    talker.answered(1)
    expect(talker.problem).to_have_text("Tap anywhere to hear the answer.")
    talker.page.keyboard.press("Escape")
    talker.reaches("idle")
    talker.page.evaluate("() => { allowed = true; }")
    talker.hold(500)
    talker.answered(2)
    talker.reaches("speaking")
    talker.widget.idle()
    first, second = talker.widget.answers.all_inner_texts()
    assert "".join(said(talker)).replace(" ", "") == second.replace(" ", "")
    assert first


def test_blocked_speech_starts_with_a_key(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + SPEAKS + "allowed = false;", read_aloud="")
    talker.widget.send("What's your pricing?")
    talker.answered(1)
    expect(talker.problem).to_have_text("Tap anywhere to hear the answer.")
    talker.page.evaluate("() => { allowed = true; }")
    talker.page.keyboard.press("Shift")
    talker.widget.idle()
    answer = talker.widget.answers.inner_text()
    assert "".join(said(talker)).replace(" ", "") == answer.replace(" ", "")


def test_draft_survives_a_spoken_question(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS)
    talker.widget.input.fill("A draft")
    talker.talk.click()
    expect(talker.caption).to_have_text("What's your")
    talker.page.keyboard.press("Escape")
    expect(talker.widget.input).to_have_value("A draft")
    talker.hold(500)
    talker.answered(1)
    expect(talker.widget.questions).to_have_text("What's your pricing?")
    expect(talker.widget.input).to_have_value("A draft")


def test_typing_instead_ends_listening(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS)
    talker.talk.click()
    expect(talker.caption).to_have_text("What's your")
    talker.widget.button("Type").click()
    talker.reaches("idle")
    expect(talker.widget.input).to_be_focused()
    talker.widget.ask("What's your plan?")
    assert talker.states()[1:3] == ["idle", "thinking"]


def test_review_appends_the_transcript_to_the_draft(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS, review="")
    talker.widget.input.fill("Hello!")
    talker.hold(500)
    expect(talker.widget.input).to_have_value("Hello! What's your pricing?")


@pytest.mark.parametrize("end", ["clear", "close"])
def test_replay_disappears_when_the_conversation_ends(visitor: Browser, demo: str, end: str) -> None:
    talker = Talker(visitor, demo, NEITHER + SPEAKS, read_aloud="")
    talker.widget.send("What's your pricing?")
    talker.reaches("speaking")
    talker.widget.idle()
    expect(talker.widget.entry("Say that again")).to_be_visible()
    talker.widget.host.evaluate("(host, end) => host[end]()", end)
    talker.widget.host.evaluate("host => host.open()")
    expect(talker.widget.answers).to_have_count(0)
    expect(talker.widget.entry("Say that again")).to_have_count(0)
