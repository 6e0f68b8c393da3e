"""A responder whose model says what its answer rests on, in a note that nobody else gets to see."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from citations.hidden_note import HiddenNote, may_have_note
from citations.sources import cited, overlapping
from citations.support import unsupported
from errors import NothingSaid
from evidence import Evidence
from models import COMPLETE
from visible_text import first_visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt import Prompt
    from responders.responder import Reply, Responder


class CitingResponder:
    """Answers as `responder` does, without the notes of its model, and with the evidence that they give."""

    def __init__(self, responder: Responder) -> None:
        self.name = responder.name
        self._responder = responder

    async def answer(self, prompt: Prompt) -> Reply:
        """The answer. Raises `ResponderError`, also if the model wrote nothing but a note."""
        reply = await self._responder.answer(prompt)
        return _with_evidence(reply, prompt)

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        """The answer; `write` is called with each piece as soon as it is certain to be no part of a note."""
        hidden = HiddenNote(prompt.passages)

        def show(piece: str) -> None:
            if shown := hidden.remove(piece):
                write(shown)

        reply = await self._responder.stream(prompt, show)
        if rest := hidden.rest():
            write(rest)
        return _with_evidence(reply, prompt)


def _with_evidence(reply: Reply, prompt: Prompt) -> Reply:
    hidden = HiddenNote(prompt.passages)
    text = hidden.remove(reply.text) + hidden.rest() if may_have_note(reply.text) else reply.text
    if not first_visible(text):
        raise NothingSaid
    # With the note cut off, the answer before it is complete.
    cut = hidden.last and reply.finish_reason == "length"
    finish_reason = COMPLETE if cut else reply.finish_reason
    return replace(reply, text=text, finish_reason=finish_reason, evidence=_evidence(hidden, text, prompt))


def _evidence(hidden: HiddenNote, text: str, prompt: Prompt) -> Evidence:
    sources = cited(hidden.ids, prompt.passages, text) if hidden.ids else overlapping(text, prompt.passages)
    if hidden.verdict in {"unknown", "chat"}:
        sources = ()
    return Evidence(hidden.verdict, sources, unsupported(text, prompt))
