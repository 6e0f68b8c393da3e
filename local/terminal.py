"""The agent in the terminal."""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TextIO

from conversation import Question, clean_text
from errors import VoiceAgentError
from session_id import generate_session_id

if TYPE_CHECKING:
    from local.background import BackgroundTasks
    from services import Services

HELP = "Ask a question. An empty line or Ctrl-D ends the conversation, /new starts another."
PROMPT = "you> "


async def chat_in_terminal(
    agent: Services, background: BackgroundTasks, source: TextIO, out: TextIO = sys.stdout
) -> None:
    """Ask what `source` gives line by line and write the answers to `out`, piece by piece.

    When it ends, cancelled or not, the conversation is deleted. A line that is still being waited for goes
    on being read by a thread that keeps no process alive; `terminal_source` is safe to leave behind so.
    """
    session_id = generate_session_id()
    out.write(f"{agent.settings.greeting}\n({HELP})\n\n")
    try:
        while question := await _next_question(source, out):
            if question == "/new":
                await agent.sessions.close(session_id)
                session_id = generate_session_id()
                out.write("A new conversation.\n\n")
                continue
            await _answer(agent, session_id, question, out)
    finally:
        # First what is still being saved, which would otherwise come after the deletion.
        await background.drain()
        await agent.sessions.close(session_id)


def terminal_source() -> TextIO:
    """What is typed, through a file object of its own.

    The interpreter takes the lock of `sys.stdin` when it ends, and aborts where a thread still reads there.
    """
    return open(sys.stdin.fileno(), encoding=sys.stdin.encoding, errors="replace", closefd=False)


async def _next_question(source: TextIO, out: TextIO) -> str:
    out.write(PROMPT)
    out.flush()
    line = await _line(source)
    if not source.isatty():
        out.write(line if line.endswith("\n") else f"{line}\n")
    return clean_text(line)


async def _line(source: TextIO) -> str:
    """The next line, read in a daemon thread: asyncio would wait for the end of one of its own."""
    line: Future[str] = Future()
    line.set_running_or_notify_cancel()
    threading.Thread(target=_read, args=(source, line), daemon=True).start()
    return await asyncio.wrap_future(line)


def _read(source: TextIO, line: Future[str]) -> None:
    try:
        line.set_result(source.readline())
    except (OSError, ValueError) as error:
        line.set_exception(error)


async def _answer(agent: Services, session_id: str, question: str, out: TextIO) -> None:
    out.write(f"{agent.settings.agent_name}> ")
    try:
        async for texts in await agent.conversation.stream(Question(session_id, question)):
            out.write("".join(texts))
            out.flush()
    except VoiceAgentError as error:
        out.write(f"[{error.message} ({error.code}; -v tells more)]")
    out.write("\n\n")
