"""The agent in the terminal."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, TextIO

from conversation import Turn
from errors import VoiceAgentError
from prompt import clean_question
from session_id import generate_session_id

if TYPE_CHECKING:
    from agent import Agent
    from local.background import BackgroundTasks

HELP = "Ask a question. An empty line or Ctrl-D ends the conversation, /new starts another."
PROMPT = "you> "


async def chat_in_terminal(
    agent: Agent, background: BackgroundTasks, source: TextIO = sys.stdin, out: TextIO = sys.stdout
) -> None:
    """Ask what `source` gives line by line and write the answers to `out`, piece by piece."""
    session_id = generate_session_id()
    out.write(f"{agent.settings.greeting}\n({HELP})\n\n")
    while question := await _next_question(source, out):
        if question == "/new":
            await agent.storage.delete_session(session_id)
            session_id = generate_session_id()
            out.write("A new conversation.\n\n")
            continue
        await _answer(agent, session_id, question, out)
    await agent.storage.delete_session(session_id)
    await background.drain()


async def _next_question(source: TextIO, out: TextIO) -> str:
    out.write(PROMPT)
    out.flush()
    line = await asyncio.to_thread(source.readline)
    if not source.isatty():
        out.write(line if line.endswith("\n") else f"{line}\n")
    return clean_question(line)


async def _answer(agent: Agent, session_id: str, question: str, out: TextIO) -> None:
    out.write(f"{agent.settings.agent_name}> ")
    try:
        async for item in agent.conversation.ask(session_id, question, streamed=True):
            if not isinstance(item, Turn):
                out.write(item)
                out.flush()
    except VoiceAgentError as error:
        out.write(f"[{error.message}]")
    out.write("\n\n")
