"""What is said and heard: text as a person would say it, the page's language, and recognition that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.own_voice import SPEAKS, said
from tests.browser.voice import Talker, spoken
from tests.browser.widget import Widget
from tests.spoken.speaking import TABLE, Expected

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from local.standin import StandIn

pytestmark = pytest.mark.browser

# A line that is spoken in a few seconds.
LINE = 60

EAR = """window.SpeechRecognition = window.webkitSpeechRecognition = class {
    start() { window.ear = this; }
    stop() { setTimeout(() => this.onend?.(), 20); }
    abort() {}
};
window.hear = (all) => ear.onresult({ resultIndex: all.length - 1, results: all.map((transcript) =>
    Object.assign([{ transcript, confidence: 0 }], { isFinal: true })) });"""
MUTE_SYNTHESIS = """Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [{}], addEventListener() {}, cancel() {}, resume() {},
    speak(utterance) { setTimeout(() => utterance.onstart?.(), 10); },
} });"""
KEEP_CONTEXTS = """window.contexts = [];
window.AudioContext = class extends AudioContext {
    constructor(...all) { super(...all); contexts.push(this); }
};"""


def lines_of_the_table(language: str) -> list[Expected]:
    """Rows that are spoken the same in the middle of an answer, where nothing is cut off early."""
    return [
        row
        for row in TABLE
        if row.language == language
        and len(row.answer) < LINE
        and all(part[-1] in ".!?\u061f" for part in row.spoken)
    ]


def test_server_and_browser_are_given_what_the_table_says(
    visitor: Browser, agent: str, model: StandIn
) -> None:
    """The browser speaks once the server fails."""
    talker = Talker(visitor, agent, SPEAKS, read_aloud="")
    rows = lines_of_the_table("en")
    by_server, by_browser = rows[:3], rows[3:13]
    model.reply_with(*("\n".join(row.answer for row in part) for part in (by_server, by_browser)))
    talker.widget.send("One?")
    talker.reaches("speaking")
    talker.reaches("idle")
    talker.page.route("**/speech", lambda route: route.abort())
    talker.widget.send("Two?")
    expected = [part for row in by_browser for part in row.spoken]
    talker.page.wait_for_function("count => said.length >= count", arg=len(expected))
    assert said(talker) == expected
    assert spoken(model) == [part for row in by_server for part in row.spoken]


@pytest.fixture
def ear(page: Page, demo: str) -> Widget:
    """The widget where the browser listens, in a page that says what it hears."""
    page.add_init_script(EAR)
    widget = Widget(page)
    page.goto(demo)
    widget.open()
    return widget


def listen(widget: Widget) -> None:
    widget.button("Talk").click()
    widget.page.wait_for_function("() => window.ear")


def test_cumulative_results_count_once(ear: Widget) -> None:
    listen(ear)
    said = ["what's", "what's your", "What's your pricing"]
    for count in (1, 2, 3):
        ear.page.evaluate("all => hear(all)", said[:count])
    ear.button("Talk").click()
    expect(ear.questions).to_have_text(["What's your pricing"])


def test_successive_results_are_joined(ear: Widget) -> None:
    listen(ear)
    ear.page.evaluate("hear(['What is', ' what is', ' your pricing'])")
    ear.button("Talk").click()
    expect(ear.questions).to_have_text(["What is what is your pricing"])


def test_words_before_and_after_an_error_are_one_question(ear: Widget) -> None:
    listen(ear)
    ear.page.evaluate("hear(['prices for ten people'])")
    ear.page.evaluate("(([failed]) => { ear = null; failed.onerror({ error: 'network' }) })([ear])")
    ear.page.wait_for_function("() => window.ear")  # it has begun again
    ear.page.evaluate("hear(['and for twenty'])")
    ear.button("Talk").click()
    expect(ear.questions).to_have_text(["prices for ten people and for twenty"])


def test_each_recognition_error_has_a_text(ear: Widget) -> None:
    problem = ear.panel.locator("div.failure")
    texts: set[str] = set()
    errors = (
        "not-allowed service-not-allowed language-not-supported audio-capture no-speech aborted network other"
    )
    for error in errors.split():
        ear.page.evaluate("window.ear = null")
        listen(ear)
        ear.page.evaluate("error => ear.onerror({ error })", error)
        expect(problem).not_to_be_empty()
        texts.add(problem.inner_text())
    assert len(texts) == len(errors.split())


@pytest.mark.parametrize(
    ("lang", "expected"), [("fr", "fr"), ("pt_BR", "pt-BR"), ("x!", "en-US"), ("", "en-US")]
)
def test_recognition_in_the_language_of_the_page(ear: Widget, lang: str, expected: str) -> None:
    ear.page.evaluate("lang => { document.documentElement.lang = lang; }", lang)
    listen(ear)
    assert ear.page.evaluate("ear.lang") == expected


def test_synthesis_that_never_ends_does_not_speak_for_ever(page: Page, demo: str) -> None:
    page.clock.install()
    page.add_init_script(MUTE_SYNTHESIS)
    widget = Widget(page)
    page.goto(demo)
    widget.open()
    widget.choose("Read answers aloud")
    widget.expect_checked("Read answers aloud")
    widget.send("What's your pricing?")
    page.wait_for_function("() => document.querySelector('voice-agent').state === 'speaking'")
    page.clock.run_for(120_000)
    page.wait_for_function("() => document.querySelector('voice-agent').state === 'idle'")


def test_suspended_sound_ends_speaking(visitor: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(visitor, agent, KEEP_CONTEXTS, read_aloud="")
    model.reply_with("One sentence here. Another sentence there.")
    talker.widget.send("Go on?")
    talker.page.wait_for_function("() => document.querySelector('voice-agent').state === 'speaking'")
    talker.page.evaluate(
        """() => contexts.forEach((each) => {
            each.resume = () => new Promise(() => {});
            return each.suspend();
        })"""
    )
    talker.page.wait_for_function(
        "() => document.querySelector('voice-agent').state === 'idle'", timeout=9000
    )


@pytest.mark.parametrize(("lang", "sent"), [("fr-CA", "fr"), ("de", "de"), ("haw", None)])
def test_language_of_the_page_is_sent_with_recordings(
    asking: Browser, agent: str, model: StandIn, lang: str, sent: str | None
) -> None:
    model.reply_with("Oui.")
    talker = Talker(asking, agent)
    talker.page.evaluate("lang => { document.documentElement.lang = lang; }", lang)
    talker.page.evaluate(
        """() => { const { fetch } = window; window.languages = []; window.fetch = (url, init) => {
            if (url.endsWith('/transcribe')) languages.push(init.body.get('language'));
            return fetch(url, init);
        }; }"""
    )
    talker.widget.button("Talk").or_(talker.widget.button("Sprechen")).hover()
    talker.page.mouse.down()
    talker.page.wait_for_timeout(2500)
    talker.page.mouse.up()
    talker.page.wait_for_function("() => languages.length")
    assert talker.page.evaluate("languages") == [sent]
