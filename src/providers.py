"""Who listens, speaks and answers: chosen by the settings, the keys and the bindings."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from errors import ConfigurationError
from responders.openai_connection import OpenAIConnection
from responders.openai_errors import OPENAI
from responders.openai_responder import OpenAIResponder
from responders.workers_ai_connection import WorkersAIConnection
from responders.workers_ai_responder import WorkersAIResponder
from speech.fallback import FallbackRecognizer, FallbackSynthesizer
from speech.openai_recognizer import OpenAIRecognizer
from speech.openai_synthesizer import OpenAISynthesizer
from speech.order import Order
from speech.workers_ai_recognizer import WorkersAIRecognizer
from speech.workers_ai_synthesizer import WorkersAISynthesizer

if TYPE_CHECKING:
    import httpx2

    from clock import Clock
    from responders.responder import Responder
    from settings import Settings
    from speech.recognizer import Recognizer
    from speech.synthesizer import Synthesizer

# Cloudflare's binding for Workers AI.
BINDING = "AI"
# All of OpenAI's /audio/speech ends on this day (docs/decisions/0013-models-and-their-last-days.md).
OPENAI_SPEECH_ENDS = datetime(2027, 1, 6, tzinfo=UTC)
# It may have been extended: an isolate that lives longer asks again.
AFTER_THE_END = timedelta(days=1)
# What a value of VOICE needs.
MISSING = {
    "openai": "there is neither OPENAI_API_KEY nor OPENAI_SPEECH_BASE_URL",
    "workers-ai": f"{BINDING} is not bound: put it into wrangler.toml",
}

logger = logging.getLogger("voice_agent.speech")


@dataclass(frozen=True, slots=True)
class Connections:
    """What this deployment is connected to; None where the key, the address or the binding is missing.

    `openai` answers and listens. `speech` is the server that speaks, which may be the same one.
    """

    openai: OpenAIConnection | None = None
    speech: OpenAIConnection | None = None
    workers_ai: WorkersAIConnection | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """What listens and what speaks; None if nothing on the server can, and the browser has to."""

    recognizer: Recognizer | None = None
    synthesizer: Synthesizer | None = None


def connect(
    settings: Settings,
    env: object,
    clock: Clock,
    transport: httpx2.AsyncBaseTransport | None,
) -> Connections:
    """The connections for `settings` and the binding `AI` in `env`, an httpx2 transport.

    `transport` is how the other servers are reached.
    """
    ai: httpx2.AsyncBaseTransport | None = getattr(env, BINDING, None)
    openai = OpenAIConnection(settings, clock, transport) if settings.openai_api_key else None
    own = settings.for_speech_server()
    return Connections(
        openai=openai,
        speech=OpenAIConnection(own, clock, transport) if settings.openai_speech_base_url else openai,
        workers_ai=WorkersAIConnection(settings, clock, ai) if ai is not None else None,
    )


def choose_responder(settings: Settings, connections: Connections) -> Responder | None:
    """The model that answers; None if there is none."""
    if connections.openai:
        return OpenAIResponder(
            connections.openai,
            model=settings.openai_model,
            reasoning_effort=settings.openai_reasoning_effort,
            max_output_tokens=settings.max_output_tokens,
            max_seconds=settings.answer_timeout_seconds,
            batch_seconds=settings.stream_batch_ms / 1000,
        )
    if connections.workers_ai:
        return WorkersAIResponder(
            connections.workers_ai,
            model=settings.workers_ai_model,
            max_output_tokens=settings.max_output_tokens,
            max_seconds=settings.answer_timeout_seconds,
            batch_seconds=settings.stream_batch_ms / 1000,
        )
    return None


def choose_voice(settings: Settings, clock: Clock, connections: Connections) -> Voice:
    """The voice that `settings` ask for. Raises `ConfigurationError` if what they name is not there."""
    recognizers: list[Recognizer] = []
    speaking: Order[Synthesizer] = Order(clock)
    if settings.voice in {"auto", "openai"}:
        _add_server(settings, clock, connections, recognizers, speaking)
    if settings.voice in {"auto", "workers-ai"} and connections.workers_ai:
        ai, model = connections.workers_ai, settings.workers_ai_speech_model
        recognizers.append(WorkersAIRecognizer(ai, settings.workers_ai_transcribe_model))
        speaking.add(WorkersAISynthesizer(ai, model, settings.workers_ai_voices))
    if settings.voice not in {"auto", "browser"} and not recognizers:
        raise ConfigurationError(f"VOICE is {settings.voice}, but {MISSING[settings.voice]}.")
    return Voice(
        FallbackRecognizer(Order(clock, recognizers)) if recognizers else None,
        FallbackSynthesizer(speaking) if speaking.all else None,
    )


def _add_server(
    settings: Settings,
    clock: Clock,
    connections: Connections,
    recognizers: list[Recognizer],
    speaking: Order[Synthesizer],
) -> None:
    """Add the servers that speak OpenAI's protocol. OpenAI itself is left out once its speech has ended."""
    if listening := connections.openai or connections.speech:
        recognizers.append(OpenAIRecognizer(listening, settings.openai_transcribe_model))
    if not (server := connections.speech):
        return
    synthesizer = OpenAISynthesizer(server, settings.openai_speech_model, settings.openai_voices)
    speaking.add(synthesizer)
    if server.provider == OPENAI and clock.now() >= OPENAI_SPEECH_ENDS:
        logger.error(
            "OpenAI's /audio/speech ended on %s: set OPENAI_SPEECH_BASE_URL, or bind AI",
            OPENAI_SPEECH_ENDS.date(),
        )
        speaking.refused(synthesizer, AFTER_THE_END)
