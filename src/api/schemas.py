"""The bodies of requests and responses, as OpenAPI documents them."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic resolves annotations at run time
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from evidence import NO_EVIDENCE, SourcesField, UnsupportedField, VerdictField
from models import CAMEL_CASE, Role
from session_id import GENERATED, UUID, validate_session_id, validate_turn_id

if TYPE_CHECKING:
    from models import ConversationMessage
    from voice_session import VoiceSession

ID_PATTERN = f"^({GENERATED}|{UUID})$"

SessionId = Annotated[
    str,
    BeforeValidator(validate_session_id),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A lower-case version 4 UUID, as returned by `crypto.randomUUID()`, or an ID "
            "returned by `POST /session`.",
            "pattern": ID_PATTERN,
            "examples": ["6ff4bb05-28a5-4a26-b2f6-25b4ca5f4d2e"],
        }
    ),
]
TurnId = Annotated[
    str,
    BeforeValidator(validate_turn_id),
    WithJsonSchema({"type": "string", "pattern": ID_PATTERN}),
]


# More than any conversation reaches, and an integer in every language.
MAX_TURNS = 1_000_000


class _Body(BaseModel):
    model_config = CAMEL_CASE


class NewSession(_Body):
    """An ID made by the server."""

    session_id: str
    expires_at: datetime


class MessageBody(_Body):
    """One message of a conversation."""

    role: Role
    content: str
    timestamp: datetime
    finish_reason: Annotated[
        str | None, Field(description="Why an answer was cut off, as in `POST /chat`; left out otherwise.")
    ] = None
    verdict: VerdictField = None
    sources: SourcesField | None = None
    unsupported: UnsupportedField | None = None

    @classmethod
    def of(cls, message: ConversationMessage) -> MessageBody:
        """The body that describes `message`."""
        evidence = (message.record and message.record.evidence) or NO_EVIDENCE
        return cls(
            role=message.role,
            content=message.content,
            timestamp=message.timestamp,
            finish_reason=message.cut_off,
            verdict=evidence.verdict,
            sources=evidence.sources or None,
            unsupported=evidence.unsupported or None,
        )


class SessionBody(_Body):
    """A conversation as it is stored: its last messages, in order."""

    session_id: str
    created_at: datetime
    expires_at: datetime
    turn: int
    messages: list[MessageBody]

    @classmethod
    def of(cls, session: VoiceSession) -> SessionBody:
        """The body that describes `session`."""
        return cls(
            session_id=session.session_id,
            created_at=session.created_at,
            expires_at=session.expires_at,
            turn=session.turn,
            messages=list(map(MessageBody.of, session.messages)),
        )


class SpeechSupport(_Body):
    """Whether the server can listen and speak, and with which voices."""

    input: bool
    output: bool
    voices: list[str]
    receiver: Annotated[
        str | None,
        Field(description="Whom the server passes recordings on to; null if the browser has to listen."),
    ]
    max_chars: Annotated[int, Field(description="How long a text to be spoken may be, in characters.")]


class ContactBody(_Body):
    """How visitors reach the owner; what there is not is null."""

    email: str | None
    phone: str | None
    url: str | None


class Config(_Body):
    """What the widget can offer."""

    name: str
    logo: Annotated[
        str | None, Field(description="Address of a picture of the agent, absolute or on its server.")
    ]
    greeting: str
    suggested_questions: list[str]
    language: str
    languages: list[str]
    demo: Annotated[bool, Field(description="Whether the offline demo answers, because there is no key.")]
    speech: SpeechSupport
    auto_close_seconds: int | None
    countdown_seconds: int
    max_question_length: int
    turnstile_site_key: Annotated[
        str | None, Field(description="The key for Turnstile, if visitors have to be checked.")
    ]
    accounts: Annotated[bool, Field(description="Whether the website can say who a visitor is.")]
    history_days: Annotated[
        int | None,
        Field(description="How long a known visitor's conversations are kept; null without accounts."),
    ]
    keeps_minutes: Annotated[
        int,
        Field(description="How long an anonymous conversation is kept after its last question."),
    ]
    pairing: Annotated[bool, Field(description="Whether a conversation can be taken over by another device.")]
    privacy_url: str | None
    contact: Annotated[
        ContactBody | None,
        Field(description="How to reach the owner, to offer when there is no answer; null without settings."),
    ]
    consent: Annotated[
        Literal["ask", "none"],
        Field(description="Whether visitors have to agree before anything is sent or stored."),
    ]
    version: str


class Health(_Body):
    """How this deployment is configured."""

    status: Literal["ok"]
    storage: str
    responder: str
    recognition: Annotated[
        str | None, Field(description="Who transcribes, in order; null if the browser has to listen.")
    ]
    synthesis: Annotated[
        str | None, Field(description="Who speaks, in order; null if the browser has to speak.")
    ]
    rate_limit: Annotated[
        str,
        Field(description="Who counts calls: Cloudflare's `binding`, this process's `memory`, or `off`."),
    ]
    version: str


class ErrorBody(_Body):
    """What went wrong: a sentence for a person, a code for a program."""

    error: str
    code: str
