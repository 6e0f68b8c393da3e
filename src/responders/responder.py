"""What answers a question: the interface shared by all responders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from models import Usage
    from prompt import Prompt


@dataclass(frozen=True, slots=True)
class Reply:
    """The final record of an answer.

    `text` is the whole answer and `model` what wrote it. `usage` is None if nobody counted tokens.
    `finish_reason` is OpenAI's word for why the answer ended (`stop`, `length`, `content_filter`).
    """

    text: str
    model: str
    usage: Usage | None
    finish_reason: str


class Responder(Protocol):
    """Answers questions.

    Both methods raise `errors.ResponderError` if there is no complete answer; text written until then must
    not be kept.
    """

    name: str

    async def answer(self, prompt: Prompt) -> Reply:
        """Answer the question in one piece."""
        ...

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        """Answer the question, passing each piece of text to `write` as soon as it is there."""
        ...
