"""Every state can be left by Escape, the stop button or the microphone button, and nothing continues."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.browser.voice import LOUDSPEAKER, MICROPHONE, QUESTION_MS, Talker
from tests.widget.test_docs import follows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from local.standin import StandIn

pytestmark = pytest.mark.browser

LONG = " ".join(f"This is sentence number {number} of a long answer." for number in range(1, 9))
STILL_MS = 600
SILENT = "() => sounds.every(({ over }) => over)"
DEAF = "() => microphones.every(({ readyState }) => readyState === 'ended')"


@pytest.fixture
def talker(hearer: Browser, agent: str, model: StandIn) -> Iterator[Talker]:  # noqa: ARG001 - put in order
    """A visitor with read-aloud. Afterwards, checks all state changes against the table in docs/widget.md."""
    talker = Talker(hearer, agent, LOUDSPEAKER + MICROPHONE, read_aloud="")
    yield talker
    states = ["idle", *talker.states()]
    hearer.contexts[-1].close()
    assert all(after in follows()[before] for before, after in pairwise(states))


def listening(talker: Talker, _: StandIn) -> None:
    talker.talk.click()
    talker.reaches("listening")


def transcribing(talker: Talker, model: StandIn) -> None:
    model.behave(on="transcriptions", headers_delay=4)
    talker.hold(QUESTION_MS)
    talker.reaches("transcribing")


def thinking(talker: Talker, model: StandIn) -> None:
    model.behave(on="chat", stall_after=0)
    talker.widget.send("Hello?")
    talker.reaches("thinking")


def answering(talker: Talker, model: StandIn) -> None:
    model.behave(on="chat", reply=LONG, stall_after=3)
    talker.widget.send("Hello?")
    talker.reaches("answering")


def speaking(talker: Talker, model: StandIn) -> None:
    model.behave(on="chat", reply=LONG, stall_after=30)
    talker.widget.send("Hello?")
    talker.reaches("speaking")


def error(talker: Talker, model: StandIn) -> None:
    model.behave(on="chat", status=500)
    talker.widget.send("Hello?")
    talker.reaches("error")


WORKING = [listening, transcribing, thinking, answering, speaking]


def by_escape(talker: Talker) -> None:
    talker.page.keyboard.press("Escape")


def by_the_stop_button(talker: Talker) -> None:
    talker.widget.panel.get_by_role("button", name=re.compile("^(Stop|Cancel)$")).click()


@pytest.mark.parametrize("leave", [by_escape, by_the_stop_button])
@pytest.mark.parametrize("reach", WORKING)
def test_stopping_in_each_state(
    talker: Talker, model: StandIn, reach: Callable[[Talker, StandIn], None], leave: Callable[[Talker], None]
) -> None:
    reach(talker, model)
    before = len(talker.states())
    leave(talker)
    talker.reaches("idle")
    sent = len(talker.widget.requests)
    talker.page.wait_for_timeout(STILL_MS)
    *between, last = talker.states()[before:]
    assert last == "idle"
    assert set(between) <= {"answering"}
    assert len(talker.widget.requests) == sent
    assert talker.page.evaluate(SILENT)
    assert talker.page.evaluate(DEAF)
    assert talker.widget.host.evaluate("host => host.isOpen")


@pytest.mark.parametrize(
    ("reach", "call"),
    [
        (transcribing, "/transcribe"),
        (thinking, "/chat"),
        (answering, "/chat"),
        (speaking, "/chat"),
        (error, None),
    ],
)
def test_microphone_button_in_each_state(
    talker: Talker, model: StandIn, reach: Callable[[Talker, StandIn], None], call: str | None
) -> None:
    reach(talker, model)
    before = talker.states().count("listening")
    talker.talk.click()
    talker.reaches("listening", before + 1)
    talker.page.wait_for_timeout(QUESTION_MS)
    assert talker.states()[-1] == "listening"
    assert talker.page.evaluate(SILENT)
    assert all(request.failure for request in talker.widget.sent("POST", call or "/none"))
    model.reply_with("Yes.")
    questions, interrupted = talker.widget.questions.count(), talker.widget.answers.count()
    talker.talk.click()
    talker.answered(1, interrupted=interrupted)
    assert talker.widget.questions.count() == questions + 1


def test_stopping_before_the_microphone_is_open(talker: Talker, model: StandIn) -> None:
    talker.talk.click()
    talker.page.keyboard.press("Escape")
    talker.page.wait_for_timeout(STILL_MS)
    assert talker.states()[-1:] in ([], ["idle"])
    assert talker.talk.get_attribute("aria-pressed") == "false"
    assert talker.page.evaluate("() => microphones.length") == 1
    assert talker.page.evaluate(DEAF)
    assert not model.requests


def test_typing_interrupts(talker: Talker, model: StandIn) -> None:
    speaking(talker, model)
    talker.widget.input.press_sequentially("And")
    talker.reaches("idle")
    model.behaviours.clear()
    model.reply_with("Yes.")
    talker.widget.send("And now?")
    talker.page.wait_for_function("() => heard.some(({ content }) => content === 'Yes.')")
