"""Accessibility: keyboard, screen readers, input methods, writing directions, small screens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.widget import Widget, box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from local.standin import StandIn
    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
PHONE = {
    "viewport": {"width": 390, "height": 780},
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}
COUNT_LISTENERS = """window.followed = 0;
const add = visualViewport.addEventListener;
visualViewport.addEventListener = function (...listener) { followed += 1; add.apply(this, listener); };"""


@pytest.fixture
def phone(browser: Browser, agent: str, model: StandIn) -> Iterator[Widget]:
    """The widget on a small touch screen."""
    assert model.requests == ()
    with browser.new_context(**PHONE) as context:  # type: ignore[arg-type] # PHONE is what Playwright takes
        widget = Widget(context.new_page())
        widget.page.goto(agent)
        yield widget


def test_keyboard_only(widget: Widget) -> None:
    keyboard = widget.page.keyboard
    widget.launcher.focus()
    keyboard.press("Enter")
    expect(widget.input).to_be_focused()
    keyboard.type(PRICING)
    keyboard.press("Enter")
    expect(widget.answers).to_contain_text("Growth")
    widget.idle()
    keyboard.type("One line")
    keyboard.press("Shift+Enter")
    keyboard.type("and another")
    expect(widget.input).to_have_value("One line\nand another")
    stops = []
    keyboard.press("Shift+Tab")
    for _ in range(5):
        stops.append(widget.host.evaluate("host => host.shadowRoot.activeElement?.ariaLabel ?? 'outside'"))
        keyboard.press("Shift+Tab")
    assert stops == [
        "Copy",
        "Conversation",
        "Close and end the conversation",
        "Menu",
        "outside",
    ]


def test_launcher_exposes_expanded_state(widget: Widget) -> None:
    expect(widget.launcher).to_have_role("button")
    expect(widget.launcher).to_have_accessible_name("Ask the voice agent")
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")
    widget.open()
    expect(widget.launcher).to_have_attribute("aria-expanded", "true")
    expect(widget.panel).to_have_accessible_name("Voice agent")
    widget.hide()
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")


def test_closed_panel_is_inert(widget: Widget) -> None:
    widget.open()
    widget.page.keyboard.press("Escape")
    panel = widget.host.locator(".panel")
    expect(panel).to_have_attribute("inert", "")
    expect(panel).not_to_be_visible()
    widget.launcher.focus()
    widget.page.keyboard.press("Tab")
    assert widget.host.evaluate("host => host.shadowRoot.activeElement") is None


def test_escape_closes_and_returns_focus(widget: Widget) -> None:
    widget.open()
    expect(widget.input).to_be_focused()
    widget.page.keyboard.press("Escape")
    expect(widget.launcher).to_be_focused()
    assert widget.kept() is None


def test_escape_first_stops_an_answer(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", stall_after=3)
    widget.open()
    widget.send(PRICING)
    expect(widget.answers).not_to_be_empty()
    widget.page.keyboard.press("Escape")
    expect(widget.notes).to_have_text("You stopped this answer.")
    expect(widget.panel).to_be_visible()
    widget.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()


def test_focus_returns_to_the_page_button(widget: Widget) -> None:
    own = widget.page.locator("#questions button").first
    own.focus()
    widget.page.keyboard.press("Enter")
    widget.ready()
    expect(widget.input).to_be_focused()
    widget.idle()
    widget.page.keyboard.press("Escape")
    expect(own).to_be_focused()


def test_escape_outside_the_panel_is_ignored(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.hide()
    widget.page.keyboard.press("Escape")
    widget.launcher.click()
    expect(widget.messages).to_have_count(2)


def test_enter_during_composition_sends_nothing(widget: Widget) -> None:
    """As input methods for Japanese and Chinese do it."""
    widget.open()
    session = widget.page.context.new_cdp_session(widget.page)
    widget.input.focus()
    session.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    session.send("Input.imeSetComposition", {"text": "日本", "selectionStart": 2, "selectionEnd": 2})
    widget.input.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    widget.input.dispatch_event("keydown", {"key": "Escape", "isComposing": True, "bubbles": True})
    session.send("Input.insertText", {"text": "日本"})
    expect(widget.input).to_have_value("日本")
    expect(widget.questions).to_have_count(0)
    expect(widget.panel).to_be_visible()
    widget.page.keyboard.press("Enter")
    expect(widget.questions).to_have_text("日本")


def test_live_region_gets_whole_sentences(widget: Widget, model: StandIn) -> None:
    model.reply_with("It costs 19.00 dollars. Growth is more. And there is Scale!")
    widget.open()
    widget.host.evaluate(
        """host => {
            window.said = [];
            const live = host.shadowRoot.querySelector('[aria-live]');
            new MutationObserver((all) => all.forEach(({addedNodes}) =>
                addedNodes.forEach((node) => said.push(node.textContent.trim()))))
                .observe(live, {childList: true});
        }"""
    )
    widget.ask(PRICING)
    assert widget.page.evaluate("said") == [
        "It costs 19.00 dollars.",
        "Growth is more.",
        "And there is Scale!",
    ]


def test_restored_messages_are_not_announced(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    assert widget.panel.locator("[aria-live], [role=log], [role=status]").count() == 0
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_count(2)
    expect(widget.live).to_be_empty()


def test_speaker_is_named_for_screen_readers(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    expect(widget.panel.locator(".message.user")).to_contain_text("You: ")
    expect(widget.panel.locator(".message.assistant")).to_contain_text("Voice agent: ")


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_reduced_motion(page: Page, agent: str, model: StandIn, motion: str, *, moves: bool) -> None:
    model.behave(on="chat", stall_after=0)
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type] # one of the two
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    widget.send(PRICING)
    expect(widget.panel.get_by_text("Thinking…")).to_be_visible()
    durations = widget.panel.evaluate("panel => getComputedStyle(panel).transitionDuration")
    animations = widget.host.evaluate(
        "host => host.shadowRoot.getAnimations().filter((a) => a.playState === 'running').length"
    )
    assert (durations != "0s", animations > 0) == (moves, moves)


LUMINANCE = """element => {
    const context = document.createElement('canvas').getContext('2d');
    context.fillStyle = getComputedStyle(element).backgroundColor;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    return (r + g + b) / 3;
}"""


@pytest.mark.parametrize(
    ("system", "theme", "dark"),
    [
        ("light", None, False),
        ("dark", None, True),
        ("light", "dark", True),
        ("dark", "light", False),
        ("dark", "auto", True),
    ],
)
def test_theme(page: Page, agent: str, system: str, theme: str | None, *, dark: bool) -> None:
    page.emulate_media(color_scheme=system)  # type: ignore[arg-type] # 'light' or 'dark'
    widget = Widget(page)
    page.goto(agent)
    if theme:
        widget.host.evaluate("(host, theme) => host.setAttribute('theme', theme)", theme)
    widget.open()
    assert (widget.panel.evaluate(LUMINANCE) < 128) == dark


LANGUAGES = {
    "de": ("Den Sprachassistenten fragen", "Stellen Sie eine Frage", "Schließen und Gespräch beenden"),
    "ar": ("اسأل المساعد الصوتي", "اطرح سؤالًا", "إغلاق وإنهاء المحادثة"),
    "en": ("Ask the voice agent", "Ask a question", "Close and end the conversation"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages(widget: Widget, language: str) -> None:
    launcher, placeholder, close = LANGUAGES[language]
    widget.host.evaluate("(host, language) => host.setAttribute('language', language)", language)
    expect(widget.launcher).to_have_accessible_name(launcher)
    widget.open()
    expect(widget.input).to_have_attribute("placeholder", placeholder)
    expect(widget.button(close)).to_be_visible()


def test_language_of_the_page_then_of_the_visitor(browser: Browser, agent: str) -> None:
    with browser.new_context(locale="de-AT") as context:
        widget = Widget(context.new_page())
        widget.page.goto(agent)
        expect(widget.launcher).to_have_accessible_name("Ask the voice agent")
        widget.page.evaluate("document.documentElement.removeAttribute('lang')")
        widget.host.evaluate("host => host.setAttribute('language', 'xx')")
        expect(widget.launcher).to_have_accessible_name("Den Sprachassistenten fragen")


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("folder", ["texts", "notices/texts", "voice/texts"])
def test_language_has_every_text(page: Page, sources: Backend, folder: str, language: str) -> None:
    page.goto(sources.url)
    texts = page.evaluate(
        """async ([folder, ...languages]) => Promise.all(languages.map(async (language) =>
            (await import(`/voice-agent/${folder}/${language}.js`)).default))""",
        [folder, "en", language],
    )
    english, other = texts
    assert set(english) == set(other)
    for name in english:
        assert set(re.findall(r"{\w+}", english[name])) == set(re.findall(r"{\w+}", other[name]))


def test_texts_from_attribute_and_property(widget: Widget) -> None:
    widget.host.evaluate(
        """host => {
            host.setAttribute('text-greeting', 'Grüezi!');
            host.setAttribute('launcher-label', 'Frag uns');
            host.texts = {send: 'Ab damit'};
        }"""
    )
    expect(widget.launcher).to_have_accessible_name("Frag uns")
    widget.open()
    expect(widget.greeting).to_have_text("Grüezi!")
    expect(widget.button("Ab damit")).to_be_visible()


def test_right_to_left_layout(widget: Widget, model: StandIn) -> None:
    model.reply_with("لدينا ثلاث باقات.")
    widget.host.evaluate("host => host.setAttribute('language', 'ar')")
    widget.open()
    widget.ask("كم الأسعار؟")
    middle = widget.page.viewport_size["width"] / 2  # type: ignore[index] # there is one
    launcher, panel = box(widget.launcher), box(widget.panel)
    question = box(widget.panel.locator(".message.user"))
    close = box(widget.button("إغلاق وإنهاء المحادثة"))
    assert launcher["x"] < middle
    assert panel["x"] == launcher["x"]
    assert question["x"] - panel["x"] < 30
    assert close["x"] - panel["x"] < 30
    expect(widget.answers).to_have_css("direction", "rtl")


def test_message_direction_follows_its_text(widget: Widget, model: StandIn) -> None:
    model.reply_with("لدينا ثلاث باقات.")
    widget.open()
    widget.ask(PRICING)
    expect(widget.answers).to_have_css("direction", "rtl")
    expect(widget.questions).to_have_css("direction", "ltr")


def test_small_screen_is_filled(phone: Widget) -> None:
    phone.launcher.tap()
    phone.ready()
    assert box(phone.panel) == {"x": 0, "y": 0, "width": 390, "height": 780}
    expect(phone.launcher).not_to_be_visible()
    expect(phone.panel).to_have_attribute("aria-modal", "true")
    expect(phone.panel).to_be_focused()  # not the input: it would raise the keyboard
    phone.entry("Hide the conversation").tap()
    expect(phone.launcher).to_be_visible()


def test_turning_the_screen_leaves_no_listeners_behind(phone: Widget) -> None:
    phone.page.add_init_script(COUNT_LISTENERS)
    phone.page.reload()
    phone.open()
    expect(phone.panel).to_have_attribute("aria-modal", "true")
    followed = phone.page.evaluate("followed")
    for width, height, covers in 2 * [(900, 900, "false"), (390, 780, "true")]:
        phone.page.set_viewport_size({"width": width, "height": height})
        expect(phone.panel).to_have_attribute("aria-modal", covers)
    phone.page.wait_for_load_state("networkidle")
    assert phone.page.evaluate("followed") == followed > 0


def test_focus_trap_on_a_small_screen(phone: Widget) -> None:
    phone.open()
    inside = "host => host.shadowRoot.activeElement?.closest('.panel') && host.shadowRoot.activeElement.title"
    for key in ("Tab", "Shift+Tab"):
        stops = []
        for _ in range(20):
            phone.page.keyboard.press(key)
            stops.append(phone.host.evaluate(inside))
        assert None not in stops
        assert min(stops.count("Send"), stops.count("Menu")) > 1


def test_on_screen_keyboard_resizes_the_page(phone: Widget) -> None:
    phone.open()
    phone.page.set_viewport_size({"width": 390, "height": 420})
    expect(phone.panel).to_have_css("height", "420px")
    expect(phone.input).to_be_in_viewport(ratio=1)


def test_on_screen_keyboard_covers_the_page(phone: Widget) -> None:
    """As on iOS, where only the visual viewport changes; here, the test sets its values."""
    phone.open()
    phone.page.evaluate(
        """() => {
            Object.defineProperty(visualViewport, 'height', {get: () => 400});
            Object.defineProperty(visualViewport, 'offsetTop', {get: () => 30});
            visualViewport.dispatchEvent(new Event('resize'));
        }"""
    )
    expect(phone.panel).to_have_css("height", "400px")
    expect(phone.panel).to_have_css("top", "30px")


def test_safe_areas(phone: Widget) -> None:
    session = phone.page.context.new_cdp_session(phone.page)
    insets = {"top": 44, "bottom": 34, "left": 0, "right": 0}
    session.send("Emulation.setSafeAreaInsetsOverride", {"insets": insets})
    launcher = box(phone.launcher)
    assert launcher["y"] + launcher["height"] == 780 - 34
    phone.open()
    expect(phone.panel).to_have_css("padding-top", "44px")
    expect(phone.panel).to_have_css("padding-bottom", "34px")


def test_touch_target_size(phone: Widget) -> None:
    phone.open()
    phone.ask(PRICING)
    small = phone.panel.locator(".header button, .composer button").evaluate_all(
        "all => all.filter((b) => b.checkVisibility() && Math.min(b.offsetWidth, b.offsetHeight) < 44).length"
    )
    assert small == 0


def test_text_at_twice_the_size(widget: Widget) -> None:
    widget.host.evaluate("host => host.style.setProperty('--voice-agent-font-size', '32px')")
    widget.open()
    widget.ask(PRICING)
    fits = "e => e.scrollWidth <= e.clientWidth"
    assert widget.panel.evaluate(fits)
    assert widget.panel.locator(".log").evaluate(fits)
    expect(widget.button("Send")).to_be_in_viewport(ratio=1)


CHECKS: dict[str, Callable[[Widget], object]] = {
    "hides": lambda widget: widget.hide(),
    "keeps": lambda widget: widget.host.evaluate("host => host.minimize()"),
}


@pytest.mark.parametrize("hide", CHECKS.values(), ids=CHECKS)
def test_typed_text_survives_hiding(widget: Widget, hide: Callable[[Widget], object]) -> None:
    widget.open()
    widget.input.fill("Half a quest")
    hide(widget)
    widget.launcher.click()
    expect(widget.input).to_have_value("Half a quest")
