"""What hears: the protocol that all providers of speech recognition follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from speech.recording import Recording


class Recognizer(Protocol):
    """Turns recordings into text. Both methods raise `errors.ResponderError` on failure.

    `name` stands for the provider in `/health` and in the log, `receiver` is whom the visitor's recording is
    sent to, in words for the visitor.
    """

    @property
    def name(self) -> str: ...

    @property
    def receiver(self) -> str: ...

    def listens(self) -> bool:
        """Whether it would be asked now."""
        ...

    async def transcribe(self, recording: Recording, language: str | None) -> str:
        """What is said in `recording`, possibly nothing. `language` (ISO 639) is a hint."""
        ...

    async def stream(self, recording: Recording, language: str | None, write: Callable[[str], object]) -> str:
        """The same, passing each piece of text to `write` as soon as it is recognized.

        The returned text counts: it may differ from the pieces in detail. After a failure, the pieces must
        not be used.
        """
        ...
