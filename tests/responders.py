"""A responder that says what a test tells it to say."""

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
    """Answers `answer N` to the Nth question, word by word, and keeps the prompts.

    `errors` are raised by the next answers, in order, after their first piece; while `hold` is not set, an
    answer stops there and waits.
    """

    name = "scripted"

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []
        self.errors: list[Exception] = []
        self.hold = asyncio.Event()
        self.hold.set()
        self._asked = asyncio.Condition()

    async def asked(self, times: int = 1) -> None:
        """Return once it has been asked so many times; fails after PATIENCE_SECONDS of real time."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._asked:
            await self._asked.wait_for(lambda: len(self.prompts) >= times)

    async def answer(self, prompt: Prompt) -> Reply:
        reply = await self._reply(prompt)
        await self.hold.wait()
        self._raise_next_error()
        return reply

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        reply = await self._reply(prompt)
        first, space, second = reply.text.partition(" ")
        write(first)
        self._raise_next_error()
        await self.hold.wait()
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
