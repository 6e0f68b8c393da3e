"""The states of the widget to take screenshots of: how a visitor gets there, and what is to be seen then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.scene import Scene

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from local.stage import Stage

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
PANEL = ".panel"
ANSWERS = ".message.assistant >> nth=1"
DENY = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };
}"""
# Syllables of different loudness: the beep of the fake microphone is not taken for speech.
SPEECH = """() => {
  const context = new AudioContext();
  const voice = new OscillatorNode(context, { type: 'sawtooth', frequency: 140 });
  const loudness = new GainNode(context, { gain: 0 });
  const microphone = new MediaStreamAudioDestinationNode(context);
  for (let at = 0; at < 60; at += 0.3) {
    loudness.gain.setTargetAtTime(0.2 + 0.2 * Math.sin(9 * at), at, 0.03);
    loudness.gain.setTargetAtTime(0, at + 0.18, 0.03);
  }
  voice.connect(loudness).connect(microphone);
  voice.start();
  navigator.mediaDevices.getUserMedia = async () => microphone.stream;
}"""


def _closed(stage: Stage) -> None:
    stage.page.locator("voice-agent button.launcher").wait_for()


def _empty(stage: Stage) -> None:
    stage.open()
    stage.page.locator("voice-agent .suggestions button").first.wait_for()


def _thinking(stage: Stage) -> None:
    stage.model.behave(on="chat", stall_after=0)
    stage.open()
    stage.ask(PRICING, wait=".thinking")


def _streaming(stage: Stage) -> None:
    stage.model.behave(on="chat", stall_after=14)
    stage.open()
    stage.ask(PRICING, wait=".message.assistant")


def _answered(stage: Stage) -> None:
    stage.open()
    stage.ask(PRICING, MIDDLE)


def _told(stage: Stage, question: str, answer: str) -> None:
    stage.model.reply_with(answer)
    stage.open()
    stage.ask(question)


def _link(stage: Stage) -> None:
    answer = "You find every plan at https://thistledesk.example/pricing, with what it includes."
    _told(stage, PRICING, answer)


def _stopped(stage: Stage) -> None:
    _streaming(stage)
    stage.page.locator("voice-agent .stop").click()


def _failed(stage: Stage) -> None:
    stage.model.behave(on="chat", error_after=9)
    stage.open()
    stage.ask(PRICING, wait="li.failure")


def _busy(stage: Stage) -> None:
    stage.model.behave(on="chat", status=429, retry_after="12")
    stage.open()
    stage.ask(PRICING, wait="li.failure")


def _offline(stage: Stage) -> None:
    stage.open()
    stage.ask(PRICING)
    stage.page.context.set_offline(offline=True)
    stage.ask(MIDDLE, wait="li.failure")


def _not_loaded(stage: Stage) -> None:
    stage.page.context.set_offline(offline=True)
    stage.page.locator("voice-agent button.launcher").click()
    stage.page.locator("voice-agent .oops").wait_for()


def _wrong_address(stage: Stage) -> None:
    def nothing_here(route: Route) -> None:
        route.fulfill(status=404, content_type="text/html", body="<h1>Not found</h1>")

    stage.page.route("**/api/voice-agent/config", nothing_here)
    stage.page.locator("voice-agent button.launcher").click()
    stage.page.locator("voice-agent li.failure").wait_for()


def _too_long(stage: Stage) -> None:
    _empty(stage)
    stage.page.locator("voice-agent textarea").fill("Why? " * 500)
    stage.page.locator("voice-agent textarea").press("Enter")


def _countdown(stage: Stage) -> None:
    stage.set(auto_close="1", countdown="20")
    stage.open()
    stage.ask(PRICING)
    stage.page.locator("voice-agent .countdown").wait_for()


def _hidden(stage: Stage) -> None:
    _answered(stage)
    stage.page.locator("voice-agent button.launcher").click()


def _german(stage: Stage) -> None:
    stage.set(language="de")
    answer = "Es gibt drei Tarife: Starter für 19, Growth für 49 und Scale für 129 Dollar im Monat."
    _told(stage, "Was kostet das?", answer)


def _arabic(stage: Stage) -> None:
    stage.set(language="ar")
    answer = "لدينا ثلاث باقات: Starter بسعر 19 دولارًا، وGrowth بسعر 49، وScale بسعر 129 دولارًا شهريًا."
    _told(stage, "كم الأسعار؟", answer)


def _listening(stage: Stage) -> None:
    _answered(stage)
    stage.talk()


def _transcribing(stage: Stage) -> None:
    stage.model.behave(on="transcriptions", first_delay=10)
    _answered(stage)
    stage.page.evaluate(SPEECH)
    stage.talk()
    stage.page.wait_for_timeout(2000)
    stage.talk()
    stage.reaches("transcribing")


def _speaking(stage: Stage) -> None:
    _answered(stage)
    stage.read_aloud()
    stage.ask("And the largest one?", wait=".stop")
    stage.reaches("speaking")


def _no_microphone(stage: Stage) -> None:
    stage.page.evaluate(DENY)
    stage.open()
    stage.page.locator("voice-agent .talk").click()
    stage.page.locator("voice-agent div.failure:not(:empty)").wait_for()


def _menu(stage: Stage) -> None:
    _answered(stage)
    stage.open_menu()


def _undo(stage: Stage) -> None:
    _answered(stage)
    stage.page.keyboard.press("Escape")
    stage.page.locator("voice-agent .undo").wait_for()


def _undo_in_panel(stage: Stage) -> None:
    _undo(stage)
    stage.open()


def _loading(stage: Stage) -> None:
    stage.page.route("**/panel/panel.js", lambda _: None)
    stage.page.locator("voice-agent button.launcher").click()


def _themed(stage: Stage) -> None:
    stage.page.get_by_label("Colour", exact=True).fill("#8a1538")
    stage.page.get_by_label("Corners").fill("4")
    stage.page.get_by_label("Side").select_option("bottom-start")
    stage.page.get_by_label("Theme").scroll_into_view_if_needed()
    _answered(stage)


def _focus(stage: Stage) -> None:
    _answered(stage)
    for _ in range(4):
        stage.page.keyboard.press("Shift+Tab")


def _says(text: str) -> tuple[str, str]:
    return PANEL, f"text={text}"


CLOSED = Scene(_closed, (".launcher",), (PANEL, ".badge", ".oops"))
LOADING = Scene(_loading, (".launcher[aria-busy=true]",), (PANEL,))
EMPTY = Scene(_empty, (PANEL, ".suggestions button"), ("li", ".stop"))
THINKING = Scene(_thinking, (PANEL, ".thinking", ".stop"), (".message.assistant",), "thinking")
STREAMING = Scene(_streaming, (PANEL, ".message.assistant", ".stop"), (".copy",), "answering")
ANSWERED = Scene(_answered, (PANEL, ANSWERS, ".send"), (".stop", ".thinking", ".failure", ".menu"))
LINK = Scene(_link, (PANEL, "a[href='https://thistledesk.example/pricing']"))
STOPPED = Scene(_stopped, _says("You stopped this answer."), (".stop",))
HIDDEN = Scene(_hidden, (".launcher", ".badge"), (PANEL,))
MENU = Scene(_menu, (".menu", ".entry.speakAloud", ".entry.restart", ".entry.download", ".entry.hide"))
UNDO = Scene(_undo, (".launcher", ".undo >> text=You closed this conversation.", ".undo button"), (PANEL,))
UNDO_IN_PANEL = Scene(_undo_in_panel, (".panel .undo button", ".suggestions button"), ("li",))
COUNTDOWN = Scene(_countdown, (PANEL, ".countdown >> text=This conversation closes in", ".stay"))
FOCUS = Scene(_focus, (PANEL, ".close:focus-visible"))
FAILED = Scene(_failed, (PANEL, "li.failure button"), (".stop",), "error")
BUSY = Scene(_busy, _says("Many people are asking right now."), (), "thinking")
OFFLINE = Scene(_offline, _says("You are offline."), (), "thinking")
NOT_LOADED = Scene(_not_loaded, (".launcher", ".oops"), (PANEL,))
WRONG_ADDRESS = Scene(_wrong_address, (PANEL, "li.failure button"), ("li.message",), "error")
TOO_LONG = Scene(_too_long, _says("Please shorten your question to"), ("li",))
LISTENING = Scene(_listening, (PANEL, "[placeholder='Listening…']", ".stop"), (), "listening")
TRANSCRIBING = Scene(
    _transcribing,
    (PANEL, "[placeholder^='Writing down']", ".stop"),
    ("div.failure:not(:empty)",),
    "transcribing",
)
SPEAKING = Scene(_speaking, (PANEL, ANSWERS, ".stop"), (".thinking", ".menu"), "speaking")
NO_MICROPHONE = Scene(_no_microphone, _says("I may not use the microphone."), (), "error")
GERMAN = Scene(_german, (PANEL, ".root[lang=de] .message.assistant >> text=Es gibt drei Tarife"))
ARABIC = Scene(_arabic, (PANEL, ".root[dir=rtl] .message.assistant >> text=لدينا ثلاث باقات"))
THEMED = Scene(_themed, (PANEL, ANSWERS))
