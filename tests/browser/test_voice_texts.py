"""What is said and heard: text as a person would say it, the page's language, and recognition that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import expect

from tests.browser.voice import LOUDSPEAKER, Talker, spoken
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from local.standin import StandIn
    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

SAID = {
    "Visit https://shop.example/s?q=Price&lang=en now. See [prices](https://shop.example/p?x=A!y). Bye.": [
        "Visit now.",
        "See prices.",
        "Bye.",
    ],
    "Go to www.shop.example/s?q=Price. Thanks.": ["Go to www.shop.example.", "Thanks."],
    "Great choice! \U0001f389 See you \U0001f44b\U0001f3fd soon.": ["Great choice!", "See you soon."],
    "Dr. Smith is here. Come on Monday, e.g. at 9, i.e. early. It costs 3.5 euros.": [
        "Doctor Smith is here.",
        "Come on Monday, for example at 9, that is early.",
        "It costs 3.5 euros.",
    ],
    "It costs 9. Come early, on the 3. of May or am 3. Mai. Growth costs 49.50.": [
        "It costs 9.",
        "Come early, on the 3. of May or am 3. Mai.",
        "Growth costs 49.50.",
    ],
    "Steps:\n1. Open it.\n2. Take it.\n- One\n* Two": ["Steps:", "Open it.", "Take it.", "One", "Two"],
    "We use C# and john_doe@shop.example. **Bold** and `code`.": [
        "We use C# and john_doe@shop.example.",
        "Bold and code.",
    ],
    "Run this:\n```js\nlet x = 1. Foo!\n```\nDone.": ["Run this:", "Done."],
    "## Prices\n\n| A | B |\n|-|-|\n| one | two |": ["Prices", "A, B", "one, two"],
}
# What is said for abbreviations, and where the sentences end, by language.
ABBREVIATIONS = {
    ("en", "We sell pens, paper, etc. Delivery is free, e.g.\u00a0Growth."): [
        "We sell pens, paper, and so on.",
        "Delivery is free, for example Growth.",
    ],
    ("en", "Pens, ink, etc. are here. E.g. two. Open from 9 a.m. We close at 5 p.m. Come."): [
        "Pens, ink, and so on are here.",
        "For example two.",
        "Open from 9 a.m.",
        "We close at 5 p.m.",
        "Come.",
    ],
    ("en-GB", "No. We mean No. 5, approx. 3 vs. 4. Mr. Bond, incl. VAT, see p. 7."): [
        "No.",
        "We mean number 5, approximately 3 versus 4.",
        "Mister Bond, including VAT, see page 7.",
    ],
    ("de", "Z. B. Growth, z.B. am 3. Mai, d. h. bald, 5 Mio. Kunden usw. Die Nr. 1 bzw. Nr. 2."): [
        "Zum Beispiel Growth, zum Beispiel am 3. Mai, das heißt bald, 5 Millionen Kunden und so weiter.",
        "Die Nummer 1 beziehungsweise Nummer 2.",
    ],
    ("de-AT", "Dr. Weber hilft i. d. R. gern, inkl. MwSt. Fr. Huber u.\u202fa. am Fr."): [
        "Doktor Weber hilft in der Regel gern, inklusive Mehrwertsteuer Frau Huber unter anderem am Fr.",
    ],
    ("ar", "د. أحمد هنا، ص.ب. 15. لدينا أقلام وورق إلخ. السعر 20 ر.س. شهريًا."): [
        "دكتور أحمد هنا، صندوق بريد 15.",
        "لدينا أقلام وورق إلى آخره.",
        "السعر 20 ريال سعودي شهريًا.",
    ],
    ("fr", "Mme Curie et M. Dupont, p. ex. ici."): ["Mme Curie et M. Dupont, p. ex. ici."],
}
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


class Speak(Protocol):
    """Returns what is spoken of a text that arrives in pieces of a size."""

    def __call__(self, text: str, size: int, language: str = "en") -> list[str]: ...


SPEAK = """async ([text, size, language]) => {
    const { SpokenSentences } = await import('/voice-agent/voice/spoken-text.js');
    const sentences = new SpokenSentences(language);
    const said = [];
    for (let at = 0; at < text.length; at += size) said.push(...sentences.add(text.slice(at, at + size)));
    return [...said, ...sentences.flush()].map(({ text }) => text);
}"""


@pytest.fixture
def speak(page: Page, sources: Backend) -> Speak:
    """Returns what is spoken of a text that arrives in pieces of a size."""
    page.goto(sources.url)

    def spoken_parts(text: str, size: int, language: str = "en") -> list[str]:
        return list(page.evaluate(SPEAK, [text, size, language]))

    return spoken_parts


@pytest.mark.parametrize("size", [1, 9])
@pytest.mark.parametrize(("text", "said"), SAID.items())
def test_text_that_is_spoken(speak: Speak, text: str, said: list[str], size: int) -> None:
    assert speak(text, size) == said


@pytest.mark.parametrize("size", [1, 500])
@pytest.mark.parametrize(("written", "said"), ABBREVIATIONS.items())
def test_abbreviations_are_said_in_full(
    speak: Speak, written: tuple[str, str], said: list[str], size: int
) -> None:
    language, text = written
    assert speak(text, size, language) == said


@pytest.mark.parametrize("separator", [", ", " ", "", "\U0001f600x"])
def test_long_sentence_is_spoken_in_parts(speak: Speak, separator: str) -> None:
    parts = speak(separator.join(f"item{number}" for number in range(300)), 100)
    assert max(map(len, parts)) <= 500
    assert "".join(parts).count("item") == 300


def test_sentences_are_spoken_one_after_the_other(visitor: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(visitor, agent, LOUDSPEAKER, read_aloud="")
    model.reply_with("Dr. Smith is **here**. See https://shop.example/s?q=Price now.")
    talker.widget.send("Who is there?")
    talker.reaches("speaking")
    talker.reaches("idle")
    assert spoken(model) == ["Doctor Smith is here.", "See now."]


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


def test_words_before_an_error_are_kept(ear: Widget) -> None:
    listen(ear)
    ear.page.evaluate("hear(['prices for ten people'])")
    ear.page.evaluate("ear.onerror({ error: 'network' })")
    expect(ear.questions).to_have_text(["prices for ten people"])


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
