"""What one isolate holds: the settings and everything built from them, at the edge and locally alike."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from access import Access, get_access
from accounts.accounts import Accounts, get_accounts
from accounts.pairing import Pairing, get_pairing
from citations.responder import CitingResponder
from conversation import Conversation
from knowledge.query import Synonyms
from knowledge.retrieval import Knowledge, get_knowledge, size_of
from knowledge.suggestions import suggest
from local_time import LocalTime, get_local_time, installed_time_zone
from prompt import contact_section, system_prompt
from providers import choose_responder, choose_voice, connect
from rate_limit import NoRateLimiter, RateLimiter, get_rate_limiter
from responders.offline.responder import OfflineResponder
from session_storage import DATABASE, SessionStorage, get_session_storage
from sessions import Sessions, get_sessions
from speech.upload import ReadUpload, read_upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx2

    from clock import Clock
    from responders.responder import Responder
    from sessions import Background
    from settings import Settings
    from speech.recognizer import Recognizer
    from speech.synthesizer import Synthesizer

logger = logging.getLogger("voice_agent.services")


@dataclass(frozen=True, slots=True)
class Services:
    """What the HTTP routes and the terminal work with.

    `recognizer` and `synthesizer` are None if nothing on the server can listen or speak.
    `read_upload` reads the form with a recording. `accounts` is None if the website does not say who visitors
    are, and `pairing` without D1.
    """

    settings: Settings
    storage: SessionStorage
    responder: Responder
    sessions: Sessions
    conversation: Conversation
    clock: Clock
    rate_limiter: RateLimiter = field(default_factory=NoRateLimiter)
    recognizer: Recognizer | None = None
    synthesizer: Synthesizer | None = None
    read_upload: ReadUpload = read_upload
    access: Access = field(default_factory=Access)
    accounts: Accounts | None = None
    pairing: Pairing | None = None
    suggested_questions: tuple[str, ...] = ()


def build_services(
    *,
    settings: Settings,
    env: object,
    documents: Mapping[str, str],
    clock: Clock,
    background: Background,
    transport: httpx2.AsyncBaseTransport | None = None,
    read_upload: ReadUpload = read_upload,
    time_zones: Callable[[str], LocalTime] = installed_time_zone,
    knowledge_bytes: int | None = None,
) -> Services:
    """Everything for `settings`: answers from `documents` (Markdown by file name), sessions in `env`'s KV.

    `knowledge_bytes` is the size of the knowledge if the documents are not all of it. Without a key and
    without Workers AI, the offline responder answers. `transport` is how servers are reached, httpx2's own
    way if it is None; `time_zones` makes the time zone of a name. Raises `ConfigurationError` if something is
    missing.
    """
    storage, database = get_session_storage(env, settings, clock), getattr(env, DATABASE, None)
    knowledge = get_knowledge(
        documents,
        database,
        budget=settings.knowledge_tokens,
        size=size_of(documents) if knowledge_bytes is None else knowledge_bytes,
        timeout=settings.storage_timeout_seconds,
    )
    sessions = get_sessions(storage, clock, background, settings)
    connections = connect(settings, env, clock, transport)
    voice = choose_voice(settings, clock, connections)
    model = choose_responder(settings, connections)
    responder = (
        CitingResponder(model) if model else _offline_responder(settings, knowledge, Synonyms.of(documents))
    )
    conversation = Conversation(
        sessions=sessions,
        responder=responder,
        system_prompt=system_prompt(knowledge.text),
        clock=clock,
        background=background,
        max_tokens=settings.max_session_tokens,
        knowledge=knowledge,
        contact=contact_section(settings.contact),
        local_time=get_local_time(settings.timezone, time_zones),
    )
    return Services(
        settings=settings,
        storage=storage,
        responder=responder,
        sessions=sessions,
        conversation=conversation,
        clock=clock,
        rate_limiter=get_rate_limiter(env, settings, clock),
        recognizer=voice.recognizer,
        synthesizer=voice.synthesizer,
        read_upload=read_upload,
        access=get_access(settings, sessions, clock, transport),
        accounts=get_accounts(settings, database, clock),
        pairing=get_pairing(settings, database, clock),
        suggested_questions=_suggested_questions(settings, knowledge),
    )


def _suggested_questions(settings: Settings, knowledge: Knowledge) -> tuple[str, ...]:
    if settings.suggested_questions is not None:
        return settings.suggested_questions
    return suggest(knowledge.whole.passages.values()) if knowledge.whole else ()


def _offline_responder(settings: Settings, knowledge: Knowledge, synonyms: Synonyms) -> Responder:
    if settings.environment == "production":
        logger.warning("There is neither OPENAI_API_KEY nor the binding AI: the offline demo answers")
    return OfflineResponder(tuple(knowledge.whole.passages.values()) if knowledge.whole else (), synonyms)
