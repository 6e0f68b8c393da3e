"""What hears and speaks: the protocol that all providers follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from speech.recording import Recording

SpeechFormat = Literal["mp3", "pcm"]


class Speech(Protocol):
    """Turns recordings into text and text into sound. Both raise `errors.ResponderError` on failure."""

    async def transcribe(self, recording: Recording, language: str | None) -> str:
        """What is said in `recording`, possibly nothing. `language` (ISO 639) is a hint."""
        ...

    def speak(self, text: str, voice: str, audio_format: SpeechFormat) -> AsyncGenerator[bytes]:
        """Yield `text` as sound, in pieces as they arrive; `voice` is one of the provider's.

        `pcm` is 24 kHz, 16 bits, little-endian, one channel, and playable from its first bytes on.
        """
        ...
