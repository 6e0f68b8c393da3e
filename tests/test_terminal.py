"""`voice-agent chat`: a conversation through a pipe, and Ctrl-C at a real terminal."""

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
from types import SimpleNamespace

import pytest

from local.background import BackgroundTasks
from local.bundle_knowledge import KNOWLEDGE, load_directory
from local.environment import ROOT
from local.terminal import chat_in_terminal
from services import Services, build_services
from settings import Settings
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.clocks import AutoClock

CHAT = [sys.executable, "-c", "from local.cli import main; main()", "chat"]
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    "OPENAI_API_KEY": "",
    "ENVIRONMENT": "",
}
# Far longer than a start takes on a busy machine; what hangs fails after it.
PATIENCE_SECONDS = 30
CTRL_C = b"\x03"


class Typist(io.StringIO):
    """Types the lines given, then nothing until `leave`, as a person who thinks."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self._lines = list(lines)
        self._gone = threading.Event()
        self.thinks = threading.Event()

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # typeshed has bytes
        del size
        if self._lines:
            return self._lines.pop(0)
        self.thinks.set()
        self._gone.wait(PATIENCE_SECONDS)
        return ""

    def leave(self) -> None:
        self._gone.set()


def agent_over(kv: FakeKV, background: BackgroundTasks) -> Services:
    return build_services(
        settings=Settings(),
        env=SimpleNamespace(VOICE_SESSIONS=kv),
        documents=load_directory(KNOWLEDGE),
        clock=AutoClock(),
        background=background,
    )


def until(terminal: int, text: bytes) -> bytes:
    """What comes from `terminal` until `text` is in it, or until it ends."""
    read = b""
    while text not in read:
        ready, _, _ = select.select([terminal], [], [], PATIENCE_SECONDS)
        assert ready, read
        piece = b""
        with suppress(OSError):  # Linux says so that the other side is closed
            piece = os.read(terminal, 4096)
        if not piece:
            break
        read += piece
    return read


async def test_a_conversation_of_two_turns_through_a_pipe() -> None:
    kv, background, out = FakeKV(AutoClock(), KVFaults()), BackgroundTasks(), io.StringIO()
    typed = io.StringIO("What's your pricing?\nWhat about the middle tier?\n")
    await chat_in_terminal(agent_over(kv, background), background, typed, out)
    assert "Voice agent> We have three tiers: Starter at 19 dollars" in out.getvalue()
    assert "Voice agent> The Growth tier includes" in out.getvalue()
    assert len(kv) == 0


async def test_a_conversation_that_is_cancelled_at_the_prompt_is_deleted() -> None:
    kv, background = FakeKV(AutoClock(), KVFaults()), BackgroundTasks()
    typist = Typist("What's your pricing?\n")
    chat = asyncio.create_task(
        chat_in_terminal(agent_over(kv, background), background, typist, io.StringIO())
    )
    try:
        assert await asyncio.to_thread(typist.thinks.wait, PATIENCE_SECONDS)
        await background.drain()
        assert len(kv) == 1
        chat.cancel()
        with pytest.raises(asyncio.CancelledError):
            await chat
        assert len(kv) == 0
    finally:
        typist.leave()


def test_the_command_holds_a_conversation_of_two_turns_through_a_pipe() -> None:
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


def test_ctrl_c_at_the_prompt_ends_the_command_at_once() -> None:
    terminal, its_side = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])", *CHAT],
        stdin=its_side,
        stdout=its_side,
        stderr=its_side,
        env=ENVIRONMENT,
        cwd=ROOT,
    ) as process:
        os.close(its_side)
        try:
            until(terminal, b"you> ")
            os.write(terminal, CTRL_C)
            last = until(terminal, b"never written")
            assert process.wait(PATIENCE_SECONDS) == 130
            assert b"Traceback" not in last
            assert b"Fatal" not in last
        finally:
            process.kill()
            os.close(terminal)
