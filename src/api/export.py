"""The export of a conversation: a Markdown or plain text file for the visitor to keep."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from visible_text import visible_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from models import ConversationMessage
    from voice_session import VoiceSession

# Characters that are markup anywhere in a line: a tilde fences code or strikes text through, an ampersand
# starts an entity, a bar makes a table and a final # closes a heading.
_MARKUP = re.compile(r"([\\`*_\[\]<>~&|#])")
# Characters that are markup only at the start of a line, where a colon makes a table too.
_LINE_START_MARKUP = re.compile(r"^(\d*)([+=.):-])")

_TEXT_WIDTH = 80
# What people say is indented in a text, and who says it is not; in Markdown, only who says it is bold.
_INDENT = "    "


def as_markdown(session: VoiceSession, agent_name: str) -> str:
    """Return `session` as Markdown.

    Messages are escaped, so that nothing in them becomes markup or looks like another speaker.
    """
    name = _escape(_one_line(agent_name))
    parts = [f"# Conversation with {name}", f"*{_summary(session)}*"]
    for message in session.messages:
        parts += [f"**{_speaker(message, name)}**", _escape(message.content)]
    return "\n\n".join(parts) + "\n"


def as_text(session: VoiceSession, agent_name: str) -> str:
    """Return `session` as plain text, wrapped at 80 columns.

    Messages are indented, so that nothing in them looks like another speaker.
    """
    name = _one_line(agent_name)
    title = f"Conversation with {name}"
    parts = [f"{title}\n{'=' * len(title)}", _summary(session)]
    parts += [
        f"{_speaker(message, name)}\n{_map_lines(_wrap, message.content)}" for message in session.messages
    ]
    return "\n\n".join(parts) + "\n"


def _summary(session: VoiceSession) -> str:
    questions = "1 question" if session.turn == 1 else f"{session.turn} questions"
    kept = len(session.messages) // 2
    older = f", the last {kept} of them here" if kept < session.turn else ""
    return f"{session.created_at:%d %B %Y, %H:%M} UTC, {questions}{older}"


def _speaker(message: ConversationMessage, agent_name: str) -> str:
    cut_off = " (cut off)" if message.cut_off else ""
    return f"{'You' if message.role == 'user' else agent_name}, {message.timestamp:%H:%M}{cut_off}"


def _escape(text: str) -> str:
    """Escape `text` for Markdown. White space around a line would be markup too, and is removed."""
    return _map_lines(_escape_line, text)


def _escape_line(line: str) -> str:
    return _LINE_START_MARKUP.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line.strip()))


def _wrap(line: str) -> str:
    return textwrap.fill(
        line,
        _TEXT_WIDTH,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _one_line(text: str) -> str:
    return " ".join(" ".join(visible_lines(text)).split())


def _map_lines(convert: Callable[[str], str], text: str) -> str:
    return "\n".join(convert(line) for line in visible_lines(text))
