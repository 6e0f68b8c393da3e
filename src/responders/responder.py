"""What answers a question: the interface shared by all responders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from evidence import NO_EVIDENCE, Evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from models import Usage
    from prompt import Prompt


@dataclass(frozen=True, slots=True)
class Reply:
    """The final record of an answer.

    `text` is the whole answer; it is less than the pieces of a stream if some of those turned out to be
    reasoning. `model` is what wrote it. `usage` is None if tokens were not counted. `finish_reason` says why
    the answer ended: `stop`, or why it was cut off (`length`, `content_filter`, `timeout`), and `evidence`
    what it rests on.
    """

    text: str
    model: str
    usage: Usage | None
    finish_reason: str
    evidence: Evidence = NO_EVIDENCE


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
