"""Answers with Markdown, links, addresses and telephone numbers, complete and while they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.widget import Widget, box

if TYPE_CHECKING:
    from local.standin import StandIn

pytestmark = pytest.mark.browser

# What a text is shown as, with its elements and the targets of its links.
SHOWN = """bubble => {
    const show = (node) => node.nodeType === 3 ? node.data : `<${node.localName}${node.href
        ? ' ' + node.getAttribute('href') : node.start > 1 ? ' ' + node.start : ''}>${
        [...node.childNodes].map(show).join('')}</${node.localName}>`;
    return [...bubble.childNodes].map(show).join('');
}"""
EVIL = "https://evil.example/"
LINKS = {
    # What a label pretends to be is replaced by what it leads to.
    "https://bank.com@evil.example/x": ("https://evil.example/x", "https://evil.example/x"),
    "[help@bank.com](mailto:me@evil.example)": ("me@evil.example", "mailto:me@evil.example"),
    "[0800 123456](tel:+49900666)": ("+49900666", "tel:+49900666"),
    "[bank.com](tel:+49900666)": ("+49900666", "tel:+49900666"),
    "[b\u0430nk.com](https://b\u0430nk.com)": ("https://xn--bnk-6cd.com/", "https://xn--bnk-6cd.com/"),
    "https://b\u0430nk.com/x": ("https://xn--bnk-6cd.com/x", "https://xn--bnk-6cd.com/x"),
    "[\u202eten.x](https://evil.example)": ("ten.x", EVIL),
    # Honest labels stay.
    "[M\u00fcnchen.example](https://m\u00fcnchen.example)": (
        "M\u00fcnchen.example",
        "https://xn--mnchen-3ya.example/",
    ),
    "[\u0645\u0648\u0642\u0639.example](https://\u0645\u0648\u0642\u0639.example)": (
        "\u0645\u0648\u0642\u0639.example",
        "https://xn--4gbrim.example/",
    ),
    "[030 1234567](tel:+49301234567)": ("030 1234567", "tel:+49301234567"),
    "[News of 2026-11-28](https://shop.example/n)": ("News of 2026-11-28", "https://shop.example/n"),
    "[our prices](https://shop.example/p?x=1)": ("our prices", "https://shop.example/p?x=1"),
    "[shop.example/help](https://shop.example/help)": ("shop.example/help", "https://shop.example/help"),
    "[write to us](mailto:me@shop.example)": ("write to us", "mailto:me@shop.example"),
    "![a picture](https://shop.example/p.png)": ("a picture", "https://shop.example/p.png"),
    "[wiki](https://en.wiki.example/A_(b))": ("wiki", "https://en.wiki.example/A_(b)"),
    # Addresses and numbers without Markdown.
    "www.shop.example": ("www.shop.example", "https://www.shop.example/"),
    "<https://shop.example/a>": ("https://shop.example/a", "https://shop.example/a"),
    "john_doe@shop.example": ("john_doe@shop.example", "mailto:john_doe@shop.example"),
    "+49 30 1234567": ("+49 30 1234567", "tel:+49301234567"),
    "(030) 123 456-78": ("(030) 123 456-78", "tel:03012345678"),
    "0800 123456": ("0800 123456", "tel:0800123456"),
    "(555) 010-1234": ("(555) 010-1234", "tel:5550101234"),
}
# Labels that a person reads as the address of a bank, or as a number to call.
FALSE_LABELS = [
    "bank.com/login",
    "WWW.BANK.COM",
    "https://bank.com",
    "**bank.com**",
    "192.168.1.1/login",
    "go to bank.com now",
    "bank.com@evil.example",
    "https://bank.com:x@evil.example",
    *(f"bank{dot}com" for dot in "\uff0e\u3002\u00b7\u2022\u2024\u22c5\u0660\ua4f8\u0701"),
    "bank%2Ecom",
    "bank%2ecom",
    # U+200B to U+3164, in or beside the dot: none of them can be seen.
    *(f"bank.{character}com" for character in "\u200b\u200d\u2060\u00ad\ufeff\ufe0f\ufe00\U000e0100\u034f"),
    *(f"bank{character}.com" for character in "\u200b\u061c\u180e\u17b4\u115f\u3164\uffa0\u2800\u200a\u00a0"),
    "ba\u200bnk.\ufe0fc\u00adom",
    # Marks on letters, and the letters of mathematics.
    "bank.c\u0323om",
    "bank.\U0001d5bc\U0001d5c8\U0001d5c6",
    # Cyrillic letters, and an order of writing that shows bank.com.
    "b\u0430nk.com",
    "\u202emoc.knab\u202c",
    "+49 800 123456",
    "(555) 010-1234",
]
NO_LINKS = [
    "On 2026-11-28 or 28.11.2026, 01-02-2026.",
    "1 000 000 000 people, 3.1415926535 and 192.168.100.200.",
    "Open 08.30 - 17.00 and 09:00-17:00.",
    "[run](javascript:alert(1)) [x](data:text/html,y) [prices](/prices)",
    "At @home with @name and a@b.",
]
MARKDOWN = {
    "**Bold** and *slanted*, __bold__ and _slanted_.": "<p><strong>Bold</strong> and <em>slanted</em>, "
    "<strong>bold</strong> and <em>slanted</em>.</p>",
    "Two:\n- one\n- **two**\n  more": "<p>Two:</p><ul><li>one</li><li><strong>two</strong>\nmore</li></ul>",
    "3. three\n4. four": "<ol 3><li>three</li><li>four</li></ol>",
    "1. a\n   - b\n   - c\n2. d": "<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>",
    "## Prices ##\nFrom 9.\n\n---\n\nEnd": "<p><strong>Prices</strong></p><p>From 9.</p><p>End</p>",
    "Use `a*b*c`:\n```js\nlet *x* = 1;\n\n# y\n```\nDone": "<p>Use <code>a*b*c</code>:</p>"
    "<pre><code>let *x* = 1;\n\n# y</code></pre><p>Done</p>",
    "| Tier | Price |\n|-|-:|\n| **S** | 9 |": "<table><tr><th>Tier</th><th>Price</th></tr>"
    "<tr><td><strong>S</strong></td><td>9</td></tr></table>",
    "Tier | Price\n--- | ---\nS | 9": "<table><tr><th>Tier</th><th>Price</th></tr>"
    "<tr><td>S</td><td>9</td></tr></table>",
    "> Said **so**": "<blockquote><p>Said <strong>so</strong></p></blockquote>",
    "~~Old~~ <b>new</b> <img src=x onerror=alert(1)>": "<p>"
    "<s>Old</s> <b>new</b> <img src=x onerror=alert(1)></p>",
    "C# and snake_case_name, 2 * 3 * 4, 49 €*\n*plus VAT": "<p>"
    "C# and snake_case_name, 2 * 3 * 4, 49 €*\n*plus VAT</p>",
    r"\*not\* #1 of **two": "<p>*not* #1 of <strong>two</strong></p>",
    "Plain text.\n\n  As it is.": "Plain text.\n\n  As it is.",
}
RAW = ["**", "`", "](", "|", "#", "~~", "- ", "\n* "]


@pytest.mark.parametrize("half", [0, 1])
def test_each_kind_of_link(widget: Widget, model: StandIn, half: int) -> None:
    expected = dict(list(LINKS.items())[half::2])
    widget.open()
    model.reply_with("\n\n".join(expected))
    widget.ask("Which links?")
    links = widget.answers.last.locator("a")
    shown = links.evaluate_all("all => all.map((a) => [a.textContent, a.getAttribute('href')])")
    assert [tuple(each) for each in shown] == list(expected.values())
    assert widget.complaints == []


@pytest.mark.parametrize("part", range(4))
def test_label_that_looks_like_another_address_is_replaced(widget: Widget, model: StandIn, part: int) -> None:
    labels = FALSE_LABELS[part::4]
    widget.open()
    model.reply_with("\n\n".join(f"[{label}](https://evil.example)" for label in labels))
    widget.ask("Which links?")
    shown = widget.answers.last.locator("a").all_text_contents()
    assert dict(zip(labels, shown, strict=True)) == dict.fromkeys(labels, EVIL)


def test_what_is_no_link(widget: Widget, model: StandIn) -> None:
    widget.open()
    model.reply_with("\n\n".join(NO_LINKS))
    widget.ask("Which links?")
    expect(widget.answers.last.locator("a")).to_have_count(0)
    expect(widget.answers.last).to_contain_text("run x prices")


@pytest.mark.parametrize(("text", "shown"), MARKDOWN.items())
def test_markdown(widget: Widget, model: StandIn, text: str, shown: str) -> None:
    widget.open()
    model.reply_with(text)
    widget.ask("Well?")
    assert widget.answers.last.evaluate(SHOWN) == shown
    assert widget.complaints == []


def test_restored_answers_are_formatted(widget: Widget, model: StandIn) -> None:
    widget.open()
    model.reply_with("**Three** tiers.")
    widget.ask("Well?")
    widget.page.reload()
    widget.open()
    expect(widget.answers.locator("strong")).to_have_text("Three")


def test_no_marks_are_visible_while_an_answer_arrives(widget: Widget) -> None:
    """The formatting code is loaded late, and the text arrives letter by letter."""
    text = "## Tiers\n\n**Two** of `them`, *see* [our page](https://shop.example/x):\n\n"
    text += "- ~~one~~\n* two\n\n| A | B |\n|-|-|\n| 1 | 2 |"
    done = {"response": text, "turn": 1, "saved": True}
    widget.open()
    widget.page.evaluate(
        """([letters, done]) => {
            const { fetch } = window;
            window.seen = new Set();
            const note = () => document.querySelector('voice-agent').shadowRoot
                .querySelectorAll('.assistant .bubble').forEach(({ innerText }) => seen.add(innerText));
            window.fetch = async (url, ...more) => {
                if (!url.endsWith('/chat')) return fetch(url, ...more);
                const send = (name, data) => new TextEncoder().encode(
                    `event: ${name}\\ndata: ${JSON.stringify(data)}\\n\\n`);
                const pull = async (stream) => {
                    await new Promise((resolve) => setTimeout(resolve, 1));
                    note();
                    if (letters.length) stream.enqueue(send('delta', { text: letters.shift() }));
                    else { stream.enqueue(send('done', done)); stream.close(); }
                };
                const headers = { 'Content-Type': 'text/event-stream' };
                return new Response(new ReadableStream({ pull }), { headers });
            };
        }""",
        [list(text), done],
    )
    widget.send("Well?")
    widget.idle()
    seen: list[str] = widget.page.evaluate("[...seen]")
    assert len(seen) > 10
    assert [each for each in seen if any(mark in each for mark in RAW)] == []


def test_formatting_that_cannot_be_loaded_leaves_the_marks_out(widget: Widget, model: StandIn) -> None:
    widget.page.route("**/rich-*.js", lambda route: route.abort())
    widget.open()
    model.reply_with("**Three** tiers.")
    widget.ask("Well?")
    expect(widget.answers.last).to_have_text("Three tiers.")


def test_wide_tables_and_code_stay_within_the_panel(widget: Widget, model: StandIn) -> None:
    widget.open()
    wide = "x" * 200
    model.reply_with(f"| A | B |\n|-|-|\n| {wide} | 2 |\n\n```\n{wide}\n```")
    widget.ask("Well?")
    log = widget.panel.locator(".log")
    assert log.evaluate("log => log.scrollWidth <= log.clientWidth")
    assert box(widget.answers.last)["width"] <= box(widget.panel)["width"]


def test_screen_readers_are_told_no_marks(widget: Widget, model: StandIn) -> None:
    widget.open()
    model.reply_with("**Three** tiers. See [our page](https://shop.example/x) for `more`.")
    widget.ask("Well?")
    assert "*" not in (widget.live.text_content() or "")
    expect(widget.live).to_contain_text("See our page for more.")
