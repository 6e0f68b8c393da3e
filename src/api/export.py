"""A conversation as a file that a person keeps: Markdown or plain text."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from models import ConversationMessage, VoiceSession

# What would be markup anywhere in a line (a tilde fences code or strikes out, an ampersand begins an entity,
# a bar or a first colon makes a table, a last # closes a heading), and what would be markup at its start.
_MARKUP = re.compile(r"([\\`*_\[\]<>~&|#])")
_LINE_START = re.compile(r"^(\d*)([+=.):-])")

_WIDTH = 80


def as_markdown(session: VoiceSession, agent_name: str) -> str:
    """`session` as Markdown. What was said stays text: no word of it becomes markup."""
    name = _escaped(" ".join(agent_name.split()))
    parts = [f"# Conversation with {name}", f"*{_summary(session)}*"]
    for message in session.messages:
        parts += [f"**{_speaker(message, name)}**", _escaped(message.content)]
    return "\n\n".join(parts) + "\n"


def as_text(session: VoiceSession, agent_name: str) -> str:
    """`session` as plain text, wrapped at 80 columns."""
    title = f"Conversation with {agent_name}"
    parts = [f"{title}\n{'=' * len(title)}", _summary(session)]
    parts += [
        f"{_speaker(message, agent_name)}\n{_per_line(_wrapped, message.content)}"
        for message in session.messages
    ]
    return "\n\n".join(parts) + "\n"


def _summary(session: VoiceSession) -> str:
    questions = "1 question" if session.turn == 1 else f"{session.turn} questions"
    kept = len(session.messages) // 2
    older = f", the last {kept} of them here" if kept < session.turn else ""
    return f"{session.created_at:%d %B %Y, %H:%M} UTC, {questions}{older}"


def _speaker(message: ConversationMessage, agent_name: str) -> str:
    return f"{'You' if message.role == 'user' else agent_name}, {message.timestamp:%H:%M}"


def _escaped(text: str) -> str:
    """`text` as Markdown that shows it: each line without the white space around it, which is markup too."""
    return _per_line(lambda line: _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line.strip())), text)


def _wrapped(line: str) -> str:
    return textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _per_line(change: Callable[[str], str], text: str) -> str:
    return "\n".join(change(line) for line in text.splitlines())
