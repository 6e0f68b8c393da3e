"""What speaks: the protocol that all providers of speech synthesis follow."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

SpeechFormat = Literal["mp3", "pcm"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text to be spoken.

    `voice` is one of the provider's, or another's, for which it takes its own default. `pcm` is 24 kHz, 16
    bits, little-endian, one channel, and playable from its first bytes on. `language` is ISO 639.
    """

    text: str
    audio_format: SpeechFormat = "mp3"
    voice: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound that has begun: `pieces` yields it as it arrives, or raises `errors.ResponderError`.

    `media_type` says what it is, which is not what was asked for if the provider cannot make that.
    """

    media_type: str
    pieces: AsyncGenerator[bytes]


class Synthesizer(Protocol):
    """Turns text into sound. `name` stands for the provider in `/health` and in the log."""

    @property
    def name(self) -> str: ...

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices a page may choose from, the default one first."""
        ...

    def speaks(self, language: str | None) -> bool:
        """Whether it can speak `language` (ISO 639) now; None is a language that is not known."""
        ...

    async def speak(self, utterance: Utterance) -> Sound:
        """The sound of `utterance`, once it has begun. Raises `errors.ResponderError` if it does not."""
        ...


MEDIA_TYPES: dict[SpeechFormat, str] = {"mp3": "audio/mpeg", "pcm": "audio/pcm"}


async def begun(media_type: str, pieces: AsyncGenerator[bytes]) -> Sound:
    """The sound of `pieces`, whose first one is awaited; raises what that raises."""
    return Sound(media_type, _after(await anext(pieces), pieces))


def chosen_voice(asked: str | None, voices: tuple[str, ...]) -> str:
    """The voice `asked` for if it is one of `voices`, else the first of them."""
    return asked if asked in voices else voices[0]


async def _after(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece
