"""What answers a question: the interface that the OpenAI and the offline responder share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prompt import Prompt


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer, as the model counted them."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The final record of an answer.

    `text` is the whole answer, `model` what wrote it, `usage` None where nobody counted, `finish_reason`
    OpenAI's word for why it ended (`stop`, `length`, `content_filter`).
    """

    text: str
    model: str
    usage: Usage | None
    finish_reason: str


class Responder(Protocol):
    """Answers a question."""

    name: str

    def respond(self, prompt: Prompt, *, streamed: bool) -> AsyncGenerator[str | Reply]:
        """Yield the answer's text in order, then its `Reply`, once, as the last item.

        With `streamed` the text comes in pieces as they are written, else in one piece. Raises
        `errors.ResponderError` where there is no whole answer; what was yielded until then is not to be kept.
        """
        ...
