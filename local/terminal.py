"""The agent in the terminal: a conversation with one person, line by line."""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from conversation import Question, clean_text
from errors import VoiceAgentError
from local.terminal_text import TerminalText, columns, width_of
from models import COMPLETE
from session_id import generate_session_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services import Services

HELP = (
    "Ask a question. /new starts a new conversation, /help shows this, and exit, an empty line or Ctrl-D "
    "ends the conversation."
)
ENDS = frozenset({"", "exit", "quit", "/exit", "/quit"})
PROMPT = "you> "


async def chat_in_terminal(services: Services, source: TextIO, out: TextIO = sys.stdout) -> None:
    """Answer each line of `source` on `out`, as the answer is written, until one of `ENDS` or the end.

    The conversation is closed at the end, even if this task is cancelled, and an answer that is still being
    written is not stored. A read in progress then continues in a daemon thread, which does not keep the
    process alive; `terminal_source` is safe to leave behind.
    """
    session_id = generate_session_id()
    _say(f"{services.settings.greeting}\n({HELP})", out)
    try:
        while (question := await _next_question(source, out)).lower() not in ENDS:
            if question == "/new":
                await services.sessions.close(session_id)
                session_id = generate_session_id()
                _say("This is a new conversation.", out)
            elif is_command(question):
                _say(HELP if question == "/help" else f"There is no command {question}. {HELP}", out)
            else:
                await _answer(services, session_id, question, out)
    finally:
        await services.sessions.close(session_id)


def terminal_source() -> TextIO:
    """Standard input through a file object of its own.

    At exit the interpreter takes the lock of `sys.stdin`, and aborts if another thread is still reading it.
    """
    return open(sys.stdin.fileno(), encoding=sys.stdin.encoding, errors="replace", closefd=False)


async def _next_question(source: TextIO, out: TextIO) -> str:
    out.write(PROMPT)
    out.flush()
    line = await _read_line(source)
    if not source.isatty():
        out.write(line if line.endswith("\n") else f"{line}\n")
    return clean_text(line)


async def _read_line(source: TextIO) -> str:
    """Read in a daemon thread, because asyncio waits at exit for the threads it starts itself."""
    line: Future[str] = Future()
    line.set_running_or_notify_cancel()
    threading.Thread(target=_read_into, args=(line, source), daemon=True).start()
    return await asyncio.wrap_future(line)


def _read_into(line: Future[str], source: TextIO) -> None:
    try:
        line.set_result(source.readline())
    except (OSError, ValueError) as error:
        line.set_exception(error)


def is_command(question: str) -> bool:
    """Whether `question` is one word that begins with a slash."""
    return question.startswith("/") and " " not in question


def _say(text: str, out: TextIO) -> None:
    with _paragraph(out) as paragraph:
        paragraph.write(text)


@contextmanager
def _paragraph(out: TextIO, speaker: str = "") -> Iterator[TerminalText]:
    """A paragraph that begins with `speaker` and ends with an empty line."""
    out.write(speaker)
    paragraph = TerminalText(out, width_of(out), columns(speaker))
    try:
        yield paragraph
    finally:
        paragraph.close()
        out.write("\n\n")


async def _answer(services: Services, session_id: str, question: str, out: TextIO) -> None:
    with _paragraph(out, f"{services.settings.agent_name}> ") as paragraph:
        try:
            stream = await services.conversation.stream(Question(session_id, question))
            async for texts in stream:
                paragraph.write(texts)
            if stream.answer.finish_reason != COMPLETE:
                paragraph.write(" […]")
        except VoiceAgentError as error:
            paragraph.write(f" [{error.message} ({error.code}; run with -v for details)]")
