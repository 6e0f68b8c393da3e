"""The time until the agent answers aloud in Chromium, beyond the delays of its models, and its components.

The local server and the stand-in are processes of their own. Each turn is that of a new visitor, whose
microphone plays a recording. The stand-in takes 300 ms for a transcript, 300 ms for the first token, 20 ms
for each further token and 200 ms for the first byte of sound.

The floor is the sum of these for what is spoken first, up to its last token. Only the next token shows that
it has ended ('49.' may continue as '49.50'); its 20 ms count as ours. The first sound is when the first
audible sample is scheduled, so the latency of the loudspeaker is not included.

With push-to-talk, time starts when the button is released; hands-free, with the last sound that the
microphone picked up. The silence that the widget waits for counts as ours. The components follow one another,
and each is the median of its own, so that they do not add up exactly:

- `silence`: until the recording that was asked about is sent;
- `recognition`: until its text is there;
- `decision`: until the question is asked;
- `first_token`: until the first bytes of the answer;
- `first_sentence`: until its first part is sent to be spoken;
- `synthesis`: until the first bytes of its sound;
- `scheduling`: until the first audible sample.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from bench.figures import Figure
from bench.processes import running
from local.chromium import ALLOWED, FAKE_DEVICE, running_chromium
from local.environment import ROOT
from local.standin import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, Page

    # Times in milliseconds, and what was spoken first.
    Measured = dict[str, Any]

FIRST_SENTENCE = "Our Growth tier costs 49 dollars a month, and five people can use it."
ANSWER = f"{FIRST_SENTENCE} It has reminders by text message too. You can change at any time."
TRANSCRIBED, FIRST_TOKEN, TOKEN, FIRST_BYTE = 0.3, 0.3, 0.02, 0.2
BEHAVIOUR: list[dict[str, Any]] = [
    {"on": "transcriptions", "first_delay": TRANSCRIBED},
    {"on": "chat", "reply": ANSWER, "first_delay": FIRST_TOKEN, "piece_delay": TOKEN},
    {"on": "speech", "first_delay": FIRST_BYTE},
]
TURNS = 10
# What ends each component; hands-free, the first one begins with `lastVoiced`, and else with `released`.
COMPONENTS = {
    "silence": "recorded",
    "recognition": "transcribed",
    "decision": "asked",
    "first_token": "written",
    "first_sentence": "ordered",
    "synthesis": "synthesized",
    "scheduling": "firstSound",
}
RECORDING = ROOT / "tests" / "browser" / "recordings" / "question.wav"
RECORDING_MS = 3_200
LOUDSPEAKER = Path(__file__).parent / "inside" / "loudspeaker.js"
MICROPHONE = (
    FAKE_DEVICE,
    ALLOWED,
    f"--use-file-for-fake-audio-capture={RECORDING}%noloop",
)


def run() -> Iterator[Figure]:
    """Measure the first sound with push-to-talk and hands-free."""
    with (
        running("bench.serving", "model") as model,
        running("bench.serving", "ours", model.url) as ours,
        running_chromium(*MICROPHONE) as browser,
    ):
        _behave(model.url)
        _answered(browser, ours.url, _hold)  # a warm-up
        held = [_answered(browser, ours.url, _hold) for _ in range(TURNS)]
        yield from turns("", "released", held)
        free = [_answered(browser, ours.url, _tap, hands_free=True) for _ in range(TURNS)]
        yield from turns("hands_free_", "lastVoiced", free)


def turns(kind: str, begin: str, measured: Sequence[Measured]) -> Iterator[Figure]:
    """Yield the figures of turns that began with the mark `begin`, and their components."""
    floors = {floor(str(each["spoken"])) for each in measured}
    waits = [each["firstSound"] - each[begin] for each in measured]
    yield from figures(kind, waits, median(floors))
    marks = [begin, *COMPONENTS.values()]
    for name, (before, after) in zip(COMPONENTS, pairwise(marks), strict=True):
        yield Figure(f"voice.{kind}{name}_ms", median(each[after] - each[before] for each in measured), "ms")


def floor(spoken: str = FIRST_SENTENCE) -> float:
    """Return the milliseconds that the models' delays take until the first sound of an answer.

    `spoken` is what of `ANSWER` is spoken first.
    """
    further = len(tokens(spoken)) - 1
    return (TRANSCRIBED + FIRST_TOKEN + TOKEN * further + FIRST_BYTE) * 1000


def figures(kind: str, waits: Sequence[float], floor_ms: float) -> Iterator[Figure]:
    """Yield the median of `waits`, the floor and the difference, all in milliseconds."""
    yield Figure(f"voice.{kind}first_audio_ms", median(waits), "ms")
    yield Figure(f"voice.{kind}floor_ms", floor_ms, "ms")
    yield Figure(f"voice.{kind}first_audio_over_floor_ms", median(waits) - floor_ms, "ms")


def _behave(model_url: str) -> None:
    body = json.dumps([{"times": None, **each} for each in BEHAVIOUR]).encode()
    control = Request(model_url.removesuffix("/v1") + "/_standin/behaviour", data=body)  # noqa: S310 - our own
    with urlopen(control):  # noqa: S310 - our own
        pass


def _answered(
    browser: Browser, url: str, ask: Callable[[Page], None], *, hands_free: bool = False
) -> Measured:
    """Let a new visitor ask, and return what loudspeaker.js measured by the first sound of the answer."""
    with browser.new_context() as visitor:
        page = visitor.new_page()
        page.add_init_script(path=LOUDSPEAKER)
        page.goto(url)
        widget = page.locator("voice-agent")
        widget.evaluate("(host, free) => host.toggleAttribute('hands-free', free)", hands_free)
        page.locator("voice-agent button.launcher").click()
        ask(page)
        page.wait_for_function("() => measured.firstSound && measured.synthesized")
        found: Measured = page.evaluate("() => measured")
        return found


def _hold(page: Page) -> None:
    page.locator("voice-agent button.talk").hover()
    page.mouse.down()
    page.wait_for_timeout(RECORDING_MS)
    page.mouse.up()


def _tap(page: Page) -> None:
    page.locator("voice-agent button.talk").click()
