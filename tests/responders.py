"""A responder that says what a test tells it to say."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from responders.responder import Reply, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

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

    async def respond(self, prompt: Prompt, *, streamed: bool) -> AsyncGenerator[str | Reply]:
        """See `Responder`."""
        self.prompts.append(prompt)
        text = f"answer {len(self.prompts)}"
        for number, piece in enumerate(("answer", f" {len(self.prompts)}") if streamed else (text,)):
            if number or not streamed:
                await self.hold.wait()
            yield piece
            if self.errors:
                raise self.errors.pop(0)
        yield Reply(text=text, model="scripted-1", usage=Usage(7, 2), finish_reason="stop")
