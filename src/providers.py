"""Which providers listen, speak and answer: chosen by the settings, the keys and the bindings."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from responders.openai_connection import OpenAIConnection
from responders.openai_errors import OPENAI
from speech.fallback import FallbackRecognizer, FallbackSynthesizer
from speech.openai_recognizer import OpenAIRecognizer
from speech.openai_synthesizer import OpenAISynthesizer
from speech.order import Order

if TYPE_CHECKING:
    import httpx2

    from clock import Clock
    from settings import Settings
    from speech.recognizer import Recognizer
    from speech.synthesizer import Synthesizer

# Cloudflare's binding for Workers AI.
BINDING = "AI"
# All of OpenAI's /audio/speech ends on this day (docs/decisions/0013-models-and-their-last-days.md).
OPENAI_SPEECH_ENDS = datetime(2027, 1, 6, tzinfo=UTC)
# It may have been extended: an isolate that lives longer asks again.
AFTER_THE_END = timedelta(days=1)

logger = logging.getLogger("voice_agent.speech")


@dataclass(frozen=True, slots=True)
class Voice:
    """What listens and what speaks; None if nothing on the server can, and the browser has to."""

    recognizer: Recognizer | None = None
    synthesizer: Synthesizer | None = None


def choose_voice(
    settings: Settings,
    clock: Clock,
    openai: OpenAIConnection | None,
    transport: httpx2.AsyncBaseTransport | None,
) -> Voice:
    """The voice that `settings` ask for. `openai` is the connection for answers, if there is a key."""
    if settings.voice == "browser":
        return Voice()
    separate = settings.openai_speech_base_url is not None
    server = OpenAIConnection(settings.for_speech_server(), clock, transport) if separate else openai
    recognizers: list[Recognizer] = []
    synthesizers: list[Synthesizer] = []
    if listening := openai or server:
        recognizers.append(OpenAIRecognizer(listening, settings.openai_transcribe_model))
    if server:
        model, voices = settings.openai_speech_model, settings.openai_voices
        synthesizers.append(OpenAISynthesizer(server, model, voices))
    speaking = Order(synthesizers, clock)
    if server and server.provider == OPENAI and clock.now() >= OPENAI_SPEECH_ENDS:
        logger.error(
            "OpenAI's /audio/speech ended on %s: set OPENAI_SPEECH_BASE_URL, or bind AI (docs/settings.md)",
            OPENAI_SPEECH_ENDS.date(),
        )
        speaking.refused(synthesizers[0], AFTER_THE_END)
    return Voice(
        FallbackRecognizer(Order(recognizers, clock)) if recognizers else None,
        FallbackSynthesizer(speaking) if synthesizers else None,
    )
