"""Several providers as one: the next one takes over where one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from speech.order import Order
    from speech.recognizer import Recognizer
    from speech.recording import Recording
    from speech.synthesizer import Sound, Synthesizer, Utterance


class FallbackRecognizer:
    """Has a recording transcribed by the first provider that can."""

    def __init__(self, order: Order[Recognizer]) -> None:
        """`order` has at least one provider."""
        self._order = order

    @property
    def name(self) -> str:
        return ", ".join(one.name for one in self._order.all)

    @property
    def receiver(self) -> str:
        """Everybody who may be sent a recording."""
        return ", ".join(dict.fromkeys(one.receiver for one in self._order.all))

    def listens(self) -> bool:
        return bool(self._order.now())

    async def transcribe(self, recording: Recording, language: str | None) -> str:
        return await self._order.first(
            lambda recognizer: recognizer.transcribe(recording, language), self._order.now()
        )

    async def stream(self, recording: Recording, language: str | None, write: Callable[[str], object]) -> str:
        """After a failure half-way, the text of the next provider is returned in one piece."""
        pieces: list[str] = []

        def written(piece: str) -> None:
            pieces.append(piece)
            write(piece)

        async def ask(recognizer: Recognizer) -> str:
            if pieces:
                return await recognizer.transcribe(recording, language)
            return await recognizer.stream(recording, language, written)

        return await self._order.first(ask, self._order.now())


class FallbackSynthesizer:
    """Has a text spoken by the first provider that can. Sound that has begun does not change its voice."""

    def __init__(self, order: Order[Synthesizer]) -> None:
        """`order` has at least one provider."""
        self._order = order

    @property
    def name(self) -> str:
        return ", ".join(one.name for one in self._order.all)

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices of the provider that would speak now, then those of the others."""
        ordered = dict.fromkeys([*self._order.now(), *self._order.all])
        return tuple(dict.fromkeys(voice for one in ordered for voice in one.voices))

    def speaks(self, language: str | None) -> bool:
        return any(one.speaks(language) for one in self._order.now())

    async def speak(self, utterance: Utterance) -> Sound:
        able = [one for one in self._order.now() if one.speaks(utterance.language)]
        return await self._order.first(lambda synthesizer: synthesizer.speak(utterance), able)
