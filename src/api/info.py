"""`/config` and `/health`: what the widget may offer, and how the deployment is put together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fastapi import APIRouter

from api.errors import ERRORS
from api.route import PREFIX, ApiRoute, CurrentServices
from api.schemas import Config, ContactBody, Health, SpeechSupport
from settings import VERSION
from site_settings import Contact

if TYPE_CHECKING:
    from services import Services

router = APIRouter(prefix=PREFIX, route_class=ApiRoute)


@router.get("/config", response_model=Config, responses=ERRORS["settings"])
async def config(services: CurrentServices) -> Config:
    """Return what the widget can offer."""
    settings = services.settings
    return Config(
        name=settings.agent_name,
        logo=settings.agent_logo,
        greeting=settings.greeting,
        suggested_questions=list(services.suggested_questions),
        language=settings.languages[0],
        languages=list(settings.languages),
        demo=services.responder.name == "offline",
        speech=_speech(services),
        auto_close_seconds=settings.auto_close_seconds or None,
        countdown_seconds=settings.countdown_seconds,
        max_question_length=settings.max_question_chars,
        turnstile_site_key=settings.turnstile_site_key,
        accounts=services.accounts is not None,
        history_days=settings.history_days if services.accounts else None,
        keeps_minutes=math.ceil(settings.session_ttl_seconds / 60),
        pairing=services.pairing is not None,
        privacy_url=settings.privacy_url,
        contact=_contact(settings.contact),
        consent=settings.consent,
        version=VERSION,
    )


@router.head("/health", include_in_schema=False)  # some monitors use HEAD
@router.get("/health", response_model=Health, responses=ERRORS["settings"])
async def health(services: CurrentServices) -> Health:
    """Say how this deployment is put together. Reads no binding and calls no model."""
    return Health(
        status="ok",
        storage=services.storage.name,
        responder=services.responder.name,
        recognition=services.recognizer.name if services.recognizer else None,
        synthesis=services.synthesizer.name if services.synthesizer else None,
        rate_limit=services.rate_limiter.name,
        version=VERSION,
    )


def _speech(services: Services) -> SpeechSupport:
    recognizer, synthesizer = services.recognizer, services.synthesizer
    speaks = synthesizer is not None and any(map(synthesizer.speaks, services.settings.languages))
    return SpeechSupport(
        input=recognizer is not None and recognizer.listens(),
        output=speaks,
        voices=list(synthesizer.voices) if synthesizer and speaks else [],
        receiver=recognizer.receiver if recognizer else None,
        max_chars=services.settings.max_speech_chars,
    )


def _contact(contact: Contact) -> ContactBody | None:
    if contact == Contact():
        return None
    return ContactBody(email=contact.email, phone=contact.phone, url=contact.url)
