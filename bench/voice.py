"""The time until the agent answers aloud in Chromium, compared with the delays of its models.

The local server and the stand-in are processes of their own. Each round is a new visitor, whose microphone
plays a recording. The stand-in takes 300 ms for a transcript, 300 ms for the first token, 20 ms for each
further token and 200 ms for the first byte of sound.

The floor is the sum of these for the first sentence of `ANSWER`, up to the token with its full stop. Only
the next token shows that the sentence has ended ('49.' may continue as '49.50'); its 20 ms count as ours.
The first sound is when the first audible sample is scheduled, so the latency of the loudspeaker is not
included.

With push-to-talk, time starts when the button is released. Hands-free, it starts with the last sound that
the microphone picked up, and the silence that the widget waits for is part of the floor.
"""

from __future__ import annotations

import json
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

FIRST_SENTENCE = "Our Growth tier costs 49 dollars a month, and five people can use it."
ANSWER = f"{FIRST_SENTENCE} It has reminders by text message too. You can change at any time."
TRANSCRIBED, FIRST_TOKEN, TOKEN, FIRST_BYTE = 0.3, 0.3, 0.02, 0.2
BEHAVIOUR: list[dict[str, Any]] = [
    {"on": "transcriptions", "first_delay": TRANSCRIBED},
    {"on": "chat", "reply": ANSWER, "first_delay": FIRST_TOKEN, "piece_delay": TOKEN},
    {"on": "speech", "first_delay": FIRST_BYTE},
]
SILENCE = 0.9
ROUNDS = 7
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
        held = [_answered(browser, ours.url, _hold) for _ in range(ROUNDS)]
        yield from figures("", [m["firstSound"] - m["released"] for m in held], floor())
        free = [_answered(browser, ours.url, _tap, hands_free=True) for _ in range(ROUNDS)]
        waits = [m["firstSound"] - m["lastVoiced"] for m in free]
        yield from figures("hands_free_", waits, floor() + SILENCE * 1000)


def floor() -> float:
    """Return the milliseconds that the models' delays take until the first sound of `ANSWER`."""
    further = len(tokens(FIRST_SENTENCE)) - 1
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
) -> dict[str, float]:
    """Let a new visitor ask, and return what loudspeaker.js measured by the first sound of the answer."""
    with browser.new_context() as visitor:
        page = visitor.new_page()
        page.add_init_script(path=LOUDSPEAKER)
        page.goto(url)
        widget = page.locator("voice-agent")
        widget.evaluate("(host, free) => host.toggleAttribute('hands-free', free)", hands_free)
        widget.evaluate("(host, silence) => host.setAttribute('silence', silence)", SILENCE)
        page.locator("voice-agent button.launcher").click()
        ask(page)
        page.wait_for_function("() => measured.firstSound")
        found: dict[str, float] = page.evaluate("() => measured")
        return found


def _hold(page: Page) -> None:
    page.locator("voice-agent button.talk").hover()
    page.mouse.down()
    page.wait_for_timeout(RECORDING_MS)
    page.mouse.up()


def _tap(page: Page) -> None:
    page.locator("voice-agent button.talk").click()
