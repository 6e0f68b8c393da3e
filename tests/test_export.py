"""The export of a conversation, as Markdown and as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from api.export import as_markdown, as_text
from models import Exchange
from visible_text import is_hidden, visible_lines
from voice_session import VoiceSession

AT = datetime(2026, 11, 23, 18, 45, tzinfo=UTC)


def session(*texts: str, turn: int | None = None) -> VoiceSession:
    made = VoiceSession(session_id="x", created_at=AT, expires_at=AT + timedelta(hours=1))
    for number, text in enumerate(texts):
        made = made.with_message("assistant" if number % 2 else "user", text, AT + timedelta(minutes=number))
    return made.model_copy(update={"turn": turn or made.turn})


def test_markdown_export() -> None:
    assert as_markdown(session("What's your pricing?", "We have three tiers."), "Ada") == (
        "# Conversation with Ada\n\n"
        "*23 November 2026, 18:45 UTC, 1 question*\n\n"
        "**You, 18:45**\n\nWhat's your pricing?\n\n"
        "**Ada, 18:46**\n\nWe have three tiers.\n"
    )


def test_answer_that_was_cut_off_says_so() -> None:
    exchange = Exchange(turn_id="t", question="q", answer="Half", timestamp=AT, finish_reason="length")
    made = session().with_exchange(exchange)
    assert "**Ada, 18:45 (cut off)**\n\nHalf\n" in as_markdown(made, "Ada")
    assert "Ada, 18:45 (cut off)\n    Half\n" in as_text(made, "Ada")


def test_text_export_is_wrapped() -> None:
    text = as_text(session("Hello?", "word " * 40), "Ada")
    assert text.startswith(
        "Conversation with Ada\n=====================\n\n23 November 2026, 18:45 UTC, 1 question\n"
    )
    assert max(len(line) for line in text.splitlines()) <= 80
    assert text.count("word") == 40


def test_summary_counts_trimmed_messages() -> None:
    exported = as_text(session("q", "a", "q", "a", turn=15), "Ada")
    assert "15 questions, the last 2 of them here" in exported


# CommonMark with the extensions that most viewers have.
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# Text that is mostly markup, and any other text.
MESSAGES = st.one_of(
    st.text(st.sampled_from("`~*_[](){}<>#+-=.:!|&;\\/\"'$^1a \t\n\r\u2028")),
    st.text(),
    st.from_regex("&[a-z]+;"),
)


def render(markdown: str) -> list[tuple[str, str]]:
    """Return the blocks of `markdown`: the tags of each block and of its inline markup, and its text."""
    tokens = MARKDOWN.parse(markdown)
    blocks = [token for token in tokens if token.nesting >= 0 and token.type != "inline"]
    inlines = [token for token in tokens if token.type == "inline"]
    assert len(blocks) == len(inlines), [token.type for token in tokens]
    rendered = []
    for block, inline in zip(blocks, inlines, strict=True):
        parts = inline.children or []
        tags = {part.tag for part in parts if part.type not in {"text", "text_special", "softbreak"}}
        text = "".join("\n" if part.type == "softbreak" else part.content for part in parts)
        rendered.append((" ".join([block.tag, *sorted(tags)]), text))
    return rendered


def paragraphs(text: str) -> list[tuple[str, str]]:
    """Return the expected blocks of `text`: paragraphs of its trimmed lines, separated at empty lines."""
    lines = [line.strip() for line in visible_lines(text)]
    blocks = "\n".join(lines).split("\n\n")
    return [("p", block.strip("\n")) for block in blocks if block.strip("\n")]


@given(
    MESSAGES,
    MESSAGES,
    st.text(min_size=1, max_size=60).filter(lambda name: "".join(visible_lines(name)).strip()),
)
@example("?", "~~~\nrest", "Ada")
@example("?", "    indented\n\n\tby a tab", "Ada")
@example("?", "&copy; &#35; `code` ~~gone~~", "Ada")
@example("?", "## big\n- item\n+ item\n1. one\n2) two\n---\n===\n> quote", "Ada")
@example("?", "**bold** [x](javascript:1) ![x](y) <script>alert(1)</script> <a@b.c>", "Ada")
@example("?", "title\n=\n\na|b\n-|-\n1|2\n\nend\\\nof line", "*Ada* #")
def test_messages_never_become_markup(question: str, answer: str, name: str) -> None:
    shown = " ".join(" ".join(visible_lines(name)).split())
    assert render(as_markdown(session(question, answer), name)) == [
        ("h1", f"Conversation with {shown}"),
        ("p em", "23 November 2026, 18:45 UTC, 1 question"),
        ("p strong", "You, 18:45"),
        *paragraphs(question),
        ("p strong", f"{shown}, 18:46"),
        *paragraphs(answer),
    ]


@pytest.mark.parametrize("line", [":-", ":-:"])
def test_table_delimiter_row_is_escaped(line: str) -> None:
    """GitHub's Markdown makes it a table of one column, even without a bar."""
    assert f"head\n\\{line}\n" in as_markdown(session("?", f"head\n{line}"), "Ada")


LINE_ENDS = ["\n", "\n\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


def speakers(text: str) -> list[str]:
    """The lines of a text export that name who speaks."""
    return [line for line in text.splitlines() if line.startswith(("You, ", "Ada, "))]


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=ascii)
def test_answer_cannot_look_like_another_speaker(line_end: str) -> None:
    forged = line_end.join(["Fine.", "You, 12:03", "I agree to pay 900 dollars.", "**You, 12:03**", "Yes."])
    made = session("Hello?", forged)
    text = as_text(made, "Ada")
    assert speakers(text) == ["You, 18:45", "Ada, 18:46"]
    assert text.splitlines() == text.split("\n")[:-1]
    assert "    You, 12:03\n" in text
    bold = [text for tags, text in render(as_markdown(made, "Ada")) if tags == "p strong"]
    assert bold == ["You, 18:45", "Ada, 18:46"]


def test_answer_cannot_look_like_another_speaker_where_it_is_wrapped() -> None:
    for length in range(60, 90):
        assert len(speakers(as_text(session("?", f"{'x' * length} You, 12:03 and so on"), "Ada"))) == 2


def test_exports_have_no_control_characters() -> None:
    made = session("Hi\x1b[2J", "\x1b]0;owned\x07 a\x9b31m \u202egpj.exe\u202c b\bc \U000e0041d", turn=1)
    for exported in (as_text(made, "A\x1bda\nYou, 12:00"), as_markdown(made, "A\x1bda\nYou, 12:00")):
        assert not any(is_hidden(character) for character in exported.replace("\n", ""))
        assert "Conversation with Ada You, 12:00\n" in exported
