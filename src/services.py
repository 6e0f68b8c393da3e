"""One agent: the settings and everything built from them, for the Worker and the local server alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.rate_limit import NoRateLimiter, RateLimiter, get_rate_limiter
from conversation import Conversation
from knowledge.documents import knowledge_text, parse_knowledge
from prompt import system_prompt
from responders.offline.responder import OfflineResponder
from responders.openai_client import openai_client
from responders.openai_responder import OpenAIResponder
from session_storage import SessionStorage, get_session_storage
from speech.openai_speech import OpenAISpeech

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2
    from openai import AsyncOpenAI

    from clock import Clock
    from responders.openai_client import RepeatingOpenAI
    from responders.responder import Responder
    from sessions.keeper import Background
    from settings import Settings


@dataclass(frozen=True, slots=True)
class Agent:
    """What the HTTP routes need."""

    settings: Settings
    storage: SessionStorage
    responder: Responder
    conversation: Conversation
    clock: Clock
    rate_limiter: RateLimiter = field(default_factory=NoRateLimiter)
    speech: OpenAISpeech | None = None


def build_agent(  # noqa: PLR0913 - collaborators, by name
    *,
    settings: Settings,
    env: object,
    documents: Mapping[str, str],
    clock: Clock,
    background: Background,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Agent:
    """The agent for `settings`: it answers from `documents` (file name to Markdown) and stores in `env`'s KV.

    Without a key the offline responder answers. `transport` is how the model is reached, httpx2's own way if
    it is None. Raises `ConfigurationError` where something is missing.
    """
    storage = get_session_storage(env, settings, clock)
    client = openai_client(settings, transport) if settings.openai_api_key else None
    responder = _responder(settings, documents, client)
    conversation = Conversation(
        storage=storage,
        responder=responder,
        system_prompt=system_prompt(knowledge_text(documents)),
        clock=clock,
        background=background,
        max_tokens=settings.max_session_tokens,
    )
    limiter = get_rate_limiter(env, settings, clock)
    speech = _speech(settings, client, transport) if client else None
    return Agent(settings, storage, responder, conversation, clock, limiter, speech)


def _responder(settings: Settings, documents: Mapping[str, str], client: RepeatingOpenAI | None) -> Responder:
    if client is None:
        return OfflineResponder(parse_knowledge(documents))
    return OpenAIResponder(
        client,
        model=settings.openai_model,
        reasoning_effort=settings.openai_reasoning_effort,
        max_output_tokens=settings.max_output_tokens,
    )


def _speech(
    settings: Settings, client: AsyncOpenAI, transport: httpx2.AsyncBaseTransport | None
) -> OpenAISpeech:
    own = settings.for_speaking()
    speaker = client if own == settings else openai_client(own, transport)
    return OpenAISpeech(client, speaker, settings)
