"""A responder whose answers a test controls."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from models import Usage
from responders.responder import Reply
from tests.clocks import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt import Prompt


class ScriptedResponder:
    """Answers the Nth question with `answer N`, in two pieces if streamed, and records the prompts.

    The next answers raise `errors`, in order. While `released` is not set, answers wait. A stream does both
    after its first piece.
    """

    name = "scripted"

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []
        self.errors: list[Exception] = []
        self.released = asyncio.Event()
        self.released.set()
        self._asked = asyncio.Condition()

    async def asked(self, times: int = 1) -> None:
        """Return once it has been asked `times` times; fails after PATIENCE_SECONDS of real time."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._asked:
            await self._asked.wait_for(lambda: len(self.prompts) >= times)

    async def answer(self, prompt: Prompt) -> Reply:
        reply = await self._reply(prompt)
        await self.released.wait()
        self._raise_next_error()
        return reply

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        reply = await self._reply(prompt)
        first, space, second = reply.text.partition(" ")
        write(first)
        await self.released.wait()
        self._raise_next_error()
        write(space + second)
        return reply

    async def _reply(self, prompt: Prompt) -> Reply:
        async with self._asked:
            self.prompts.append(prompt)
            self._asked.notify_all()
        text = f"answer {len(self.prompts)}"
        return Reply(text=text, model="scripted-1", usage=Usage(7, 2), finish_reason="stop")

    def _raise_next_error(self) -> None:
        if self.errors:
            raise self.errors.pop(0)
