"""The event stream as the standard defines it: three line endings, and nothing else ends a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

SEPARATORS = "One\u2028two\u2029three\u0085four\u000bfive\u000csix"
# A response whose body arrives in the given pieces.
STREAMED = """pieces => {
    const { fetch } = window;
    window.fetch = async (url, ...more) => {
        if (!url.endsWith('/chat')) return fetch(url, ...more);
        const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
        const pull = (stream) => (bytes.length ? stream.enqueue(bytes.shift()) : stream.close());
        const headers = { 'Content-Type': 'text/event-stream' };
        return new Response(new ReadableStream({ pull }), { headers });
    };
}"""


def stream(text: str, end: str = "\n") -> str:
    done = {"response": text, "turn": 1, "saved": True}
    events = [("delta", {"text": text}), ("done", done)]
    return "".join(
        f"event: {name}{end}data: {json.dumps(data, ensure_ascii=False)}{end}{end}" for name, data in events
    )


def answered(widget: Widget, pieces: list[str], text: str) -> None:
    widget.open()
    widget.page.evaluate(STREAMED, pieces)
    widget.send("Hello?")
    widget.idle()
    expect(widget.failure).to_have_count(0)
    assert widget.answers.last.text_content() == text


def test_other_separators_are_text(widget: Widget) -> None:
    answered(widget, [stream(SEPARATORS)], SEPARATORS)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_line_ending_wherever_pieces_end(widget: Widget, end: str) -> None:
    answered(widget, list(stream("A line\u2028here.", end)), "A line\u2028here.")


def test_byte_order_mark_comments_and_other_fields_are_ignored(widget: Widget) -> None:
    answered(widget, ["\ufeff: hello\n\nid: 1\nretry: 5\n", stream("Yes.")], "Yes.")
