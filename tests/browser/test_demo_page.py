"""The demo page: questions to try, the snippet, the theme form, and its strict policy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from local.environment import ROOT
from tests.browser.test_recipes import PLACEHOLDER, code
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser


@pytest.fixture
def shown(page: Page, demo: str) -> Widget:
    """The page as a new visitor sees it."""
    widget = Widget(page)
    page.goto(demo)
    return widget


def test_security_headers(page: Page, demo: str) -> None:
    response = page.goto(demo)
    assert response
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in response.headers


def test_policy_is_enforced(shown: Widget) -> None:
    """An injected style has no effect."""
    shown.page.evaluate(
        "document.body.append(Object.assign(document.createElement('style'), {textContent: 'a{}'}))"
    )
    assert any("Content Security Policy" in line for line in shown.complaints)


def test_questions_to_try(shown: Widget) -> None:
    """They are those that the agent suggests; what it is doing is said beside the button."""
    questions = shown.page.get_by_role("group", name="Questions to try").get_by_role("button")
    expect(questions).to_have_text(["What's your pricing?", "How do I get started?", "How can I reach you?"])
    questions.first.click()
    expect(shown.answers).to_contain_text("Starter")
    shown.idle()
    expect(shown.page.locator("#doing")).to_have_text("Ask something else, whenever you like.")
    assert shown.complaints == []


@pytest.mark.usefixtures("model")
def test_talk_button(asking: Browser, agent: str) -> None:
    """It opens the panel and begins to listen, and the page says so."""
    page = asking.new_page()
    page.goto(agent)
    widget = Widget(page)
    page.get_by_role("button", name="Talk to it").click()
    widget.ready()
    expect(widget.host).to_have_js_property("state", "listening")
    expect(page.locator("#doing")).to_have_text("It is listening. Go ahead.")


def test_links_lead_somewhere(shown: Widget) -> None:
    for link in shown.page.locator("a").all():
        target = link.evaluate("link => link.href")
        if "#" in target:
            expect(shown.page.locator(f"#{target.split('#')[1]}")).to_be_visible()
        else:
            assert shown.page.request.get(target).ok, target


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("plain HTML", "A plain page"),
        ("WordPress", "WordPress"),
        ("Shopify", "Shopify"),
        ("Wix", "Wix"),
        ("React or Vue", "A plain page"),
    ],
)
def test_snippet_is_that_of_the_guide(shown: Widget, demo: str, kind: str, heading: str) -> None:
    shown.page.get_by_label("Your website is made with").select_option(kind)
    expected = code(heading).replace(PLACEHOLDER, demo).rstrip()
    assert shown.page.locator("#snippet").text_content() == expected


def test_prices_are_those_of_the_guide(shown: Widget) -> None:
    """docs/costs.md has the arithmetic."""
    guide = (ROOT / "docs" / "costs.md").read_text("utf-8")
    totals = dict(re.findall(r"^\| ((?:text|voice), .*?) \|.*(\$[\d.]+) \|$", guide, re.MULTILINE))
    rows = [row.locator("td").all_text_contents() for row in shown.page.locator("#prices tbody tr").all()]
    assert rows == [
        [totals["text, OpenAI"], totals["voice, OpenAI"]],
        [totals["text, OpenAI"], totals["voice, the browser's own (`VOICE=browser`), OpenAI answers"]],
        [totals["text, Workers AI"], totals["voice, Workers AI with MeloTTS"]],
    ]
    free = re.search(r"Workers AI by voice, MeloTTS \| (\d+) conversations", guide)
    assert free
    expect(shown.page.locator("#cost")).to_contain_text(f"about {free[1]} spoken conversations a day")


def test_demo_badge_without_a_model(shown: Widget) -> None:
    shown.open()
    expect(shown.panel.get_by_text("Demo", exact=True)).to_be_visible()


def test_copying_the_snippet(shown: Widget, demo: str) -> None:
    shown.page.get_by_role("button", name="Copy", exact=True).first.click()
    expect(shown.page.get_by_role("status")).to_have_text("Copied.")
    copied = shown.page.evaluate("navigator.clipboard.readText()")
    assert copied == (
        f'<script type="module" src="{demo}/voice-agent.js"></script>\n<voice-agent></voice-agent>'
    )


def test_theme_form_changes_the_agent_and_the_snippet(shown: Widget) -> None:
    page = shown.page
    page.get_by_label("Colour", exact=True).fill("#8a1538")
    page.get_by_label("Language").select_option("de")
    page.get_by_label("Side").select_option("bottom-start")
    expect(shown.launcher).to_have_css("background-color", "rgb(138, 21, 56)")
    expect(shown.launcher).to_have_accessible_name("Den Sprachassistenten fragen")
    snippet = page.get_by_role("region", name="Snippet")
    expect(snippet).to_contain_text("voice-agent {   --voice-agent-primary-color: #8a1538; }")
    expect(snippet).to_contain_text('<voice-agent placement="bottom-start" language="de"></voice-agent>')
    page.get_by_role("button", name="Reset").click()
    expect(snippet).not_to_contain_text("#8a1538")
    expect(shown.launcher).to_have_accessible_name("Ask the voice agent")
    assert shown.complaints == []


@pytest.mark.parametrize(("choice", "scheme"), [("light", "light"), ("dark", "dark"), ("auto", "light dark")])
def test_colour_scheme_choice(shown: Widget, choice: str, scheme: str) -> None:
    shown.page.get_by_label("Colours").select_option(choice)
    expect(shown.page.locator("html")).to_have_css("color-scheme", scheme)
    expect(shown.host.locator(".root")).to_have_css("color-scheme", scheme)


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_page_fits_the_width(page: Page, demo: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(demo)
    assert page.evaluate("document.documentElement.scrollWidth") == width
