"""An agent with the stand-in model and a clock that tests can move forward."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from access import get_access
from conversation import Conversation
from knowledge.documents import knowledge_text
from local.assets import SOURCES, Site
from local.background import BackgroundTasks
from local.bundle_knowledge import KNOWLEDGE, load_directory
from local.running import running_app
from local.server import local_app
from local.standin import StandIn, running_standin
from prompt import system_prompt
from responders.openai_connection import OpenAIConnection
from responders.openai_responder import OpenAIResponder
from services import Services
from session_storage import get_session_storage
from sessions import Sessions
from settings import Settings
from speech.openai_speech import OpenAISpeech
from tests.browser.clock import ShiftedClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Backend:
    """A running agent."""

    url: str
    model: StandIn
    clock: ShiftedClock


@contextlib.contextmanager
def running_backend(*allowed_origins: str, site: Site = SOURCES) -> Iterator[Backend]:
    """Run an agent that serves `site` until the block ends; pages of `allowed_origins` may use it."""
    with running_standin() as model:
        clock, background = ShiftedClock(), BackgroundTasks()
        settings = Settings(
            openai_api_key=SecretStr("stand-in"),
            openai_base_url=model.base_url,
            openai_max_retries=0,
            openai_timeout_seconds=5,  # what a test leaves stalled ends by itself before the server does
            allowed_origins=allowed_origins,
        )
        connection = OpenAIConnection(settings, clock)
        app = local_app(_agent(settings, clock, background, connection), background, site)
        with running_app(app, connection.aclose) as url:
            yield Backend(url, model, clock)


def _agent(
    settings: Settings, clock: ShiftedClock, background: BackgroundTasks, connection: OpenAIConnection
) -> Services:
    """As `build_services` makes it, with a connection that can be closed."""
    storage = get_session_storage(None, settings, clock)
    responder = OpenAIResponder(
        connection, model=settings.openai_model, max_output_tokens=settings.max_output_tokens
    )
    sessions = Sessions(storage, clock, background, settings)
    conversation = Conversation(
        sessions=sessions,
        responder=responder,
        system_prompt=system_prompt(knowledge_text(load_directory(KNOWLEDGE))),
        clock=clock,
        background=background,
    )
    speech = OpenAISpeech(connection, connection, settings)
    return Services(
        settings=settings,
        storage=storage,
        responder=responder,
        sessions=sessions,
        conversation=conversation,
        clock=clock,
        speech=speech,
        access=get_access(settings, sessions, clock),
    )
