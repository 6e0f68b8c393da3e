"""`voice-agent chat`: conversations through a pipe, and Ctrl-C at a real terminal."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import select
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest

from conversation import Conversation
from local.background import BackgroundTasks
from local.bundle_knowledge import KNOWLEDGE, load_directory
from local.environment import ROOT
from local.terminal import HELP, chat_in_terminal
from services import Services, build_services
from settings import Settings
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.clocks import AutoClock
from tests.responders import ScriptedResponder

CHAT = [sys.executable, "-c", "from local.cli import main; main()", "chat"]
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    "OPENAI_API_KEY": "",
    "ENVIRONMENT": "",
}
# Far longer than anything here takes on a busy machine; a test that hangs fails after it.
PATIENCE_SECONDS = 30
CTRL_C = b"\x03"


class Typist(io.StringIO):
    """Types the given lines, then thinks: the next read sets `is_thinking` and blocks until `leave`."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self._lines = list(lines)
        self._left = threading.Event()
        self.is_thinking = threading.Event()

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # typeshed has bytes
        del size
        if self._lines:
            return self._lines.pop(0)
        self.is_thinking.set()
        self._left.wait(PATIENCE_SECONDS)
        return ""

    def leave(self) -> None:
        self._left.set()


async def conversations(kv: FakeKV) -> list[str]:
    """The keys under which conversations are stored."""
    return [key["name"] for key in (await kv.list(prefix="session:"))["keys"]]


def services_over(
    kv: FakeKV, background: BackgroundTasks, responder: ScriptedResponder | None = None
) -> Services:
    """Services on `kv`; the offline demo answers if there is no `responder`."""
    services = build_services(
        settings=Settings(),
        env=SimpleNamespace(VOICE_SESSIONS=kv),
        documents=load_directory(KNOWLEDGE),
        clock=AutoClock(),
        background=background,
    )
    if responder is None:
        return services
    conversation = Conversation(
        sessions=services.sessions,
        responder=responder,
        system_prompt="",
        clock=services.clock,
        background=background,
    )
    return replace(services, conversation=conversation)


def read_until(terminal: int, text: bytes) -> bytes:
    """Read from `terminal` until `text` has appeared or the other side is closed; returns what was read."""
    output = b""
    while text not in output:
        ready, _, _ = select.select([terminal], [], [], PATIENCE_SECONDS)
        assert ready, output
        piece = b""
        with suppress(OSError):  # how Linux reports that the other side is closed
            piece = os.read(terminal, 4096)
        if not piece:
            break
        output += piece
    return output


async def test_follow_up_question_is_answered_and_conversation_deleted() -> None:
    kv, background, out = FakeKV(AutoClock(), KVFaults()), BackgroundTasks(), io.StringIO()
    typed = io.StringIO("What's your pricing?\nWhat about the middle tier?\n")
    await chat_in_terminal(services_over(kv, background), typed, out)
    assert "Voice agent> We have three tiers: Starter at 19 dollars" in out.getvalue()
    assert "Voice agent> The Growth tier includes" in out.getvalue()
    assert await conversations(kv) == []


@pytest.mark.parametrize("word", ["exit", "quit", "EXIT", "/exit", "/quit", ""])
async def test_word_that_ends_the_conversation(word: str) -> None:
    output = await said(f"{word}\nWhat's your pricing?\n")
    assert "Voice agent>" not in output


async def test_help_and_unknown_commands_are_not_questions() -> None:
    output = await said("/help\n/nothing\n")
    assert output.count(HELP) == 3
    assert "There is no command /nothing." in output
    assert "Voice agent>" not in output


async def test_question_that_begins_with_a_slash() -> None:
    assert "Voice agent>" in await said("/pricing and billing, please\n")


async def said(typed: str) -> str:
    """What the agent writes when `typed` is typed."""
    out = io.StringIO()
    services = services_over(FakeKV(AutoClock(), KVFaults()), BackgroundTasks())
    await chat_in_terminal(services, io.StringIO(typed), out)
    return out.getvalue()


async def test_conversation_is_deleted_when_cancelled_at_the_prompt() -> None:
    kv, background = FakeKV(AutoClock(), KVFaults()), BackgroundTasks()
    typist = Typist("What's your pricing?\n")
    chat = asyncio.create_task(chat_in_terminal(services_over(kv, background), typist, io.StringIO()))
    try:
        assert await asyncio.to_thread(typist.is_thinking.wait, PATIENCE_SECONDS)
        await background.drain()
        assert len(kv) == 1
        chat.cancel()
        with pytest.raises(asyncio.CancelledError):
            await chat
        assert await conversations(kv) == []
    finally:
        typist.leave()


async def test_conversation_ends_at_once_when_cancelled_during_an_answer() -> None:
    kv, background, responder = FakeKV(AutoClock(), KVFaults()), BackgroundTasks(), ScriptedResponder()
    responder.released.clear()
    services = services_over(kv, background, responder)
    chat = asyncio.create_task(chat_in_terminal(services, io.StringIO("Hello?\n"), io.StringIO()))
    await responder.asked()
    chat.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(chat, PATIENCE_SECONDS)
    responder.released.set()
    await background.drain()
    assert await conversations(kv) == []


def test_command_through_a_pipe() -> None:
    ended = subprocess.run(
        CHAT,
        input="What's your pricing?\nWhat about the middle tier?\n",
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd=ROOT,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "you> What about the middle tier?\nVoice agent> The Growth tier includes" in ended.stdout


def test_ctrl_c_at_the_prompt_ends_the_command() -> None:
    terminal, other_side = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])", *CHAT],
        stdin=other_side,
        stdout=other_side,
        stderr=other_side,
        env=ENVIRONMENT,
        cwd=ROOT,
    ) as process:
        os.close(other_side)
        try:
            read_until(terminal, b"you> ")
            os.write(terminal, CTRL_C)
            rest = read_until(terminal, b"never written")
            assert process.wait(PATIENCE_SECONDS) == 130
            assert b"Traceback" not in rest
            assert b"Fatal" not in rest
        finally:
            process.kill()
            os.close(terminal)
