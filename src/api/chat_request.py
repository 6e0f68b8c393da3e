"""The body of `POST /chat`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from amendments import MAX_AMENDMENTS, REPLACED
from api.schemas import ID_PATTERN, MAX_TURNS, SessionId, TurnId
from errors import InvalidRequest
from models import CAMEL_CASE
from stored_types import MAX_MESSAGE_CHARS

if TYPE_CHECKING:
    from amendments import Amendments

# A conversation keeps twice as many.
MAX_REPLACED = MAX_AMENDMENTS // 2


def _as_list(value: object) -> object:
    """One id as a list of ids, and null as an empty one."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


class Interrupted(BaseModel):
    """An answer that its visitor interrupted."""

    model_config = CAMEL_CASE

    turn_id: TurnId
    heard_chars: Annotated[
        int,
        Field(
            strict=True,
            ge=0,
            le=MAX_MESSAGE_CHARS,
            description="How many characters (Unicode code points) of the answer were heard. If these are "
            "all, or the turn is unknown, nothing changes.",
        ),
    ]


class ChatRequest(BaseModel):
    """A question. Unknown fields are ignored."""

    model_config = CAMEL_CASE

    session_id: SessionId
    question: Annotated[str, Field(description="What the visitor said.", examples=["What's your pricing?"])]
    turn_id: Annotated[
        TurnId | None,
        Field(
            description="An ID for this question, in one of the same two forms. A question that is sent "
            "again with the same ID gets the stored answer, and the model is not asked again."
        ),
    ] = None
    turns: Annotated[
        int,
        Field(
            strict=True,
            ge=0,
            le=MAX_TURNS,
            description="The `turn` of the last answer received in this conversation; 0 before the first. A "
            "server that still reads an older state looks again.",
        ),
    ] = 0
    last_turn_id: Annotated[
        TurnId | None,
        Field(
            description="The `turnId` of the last answer received in this conversation. Unlike `turns`, it "
            "tells a state in which that turn was replaced by another one from a complete one."
        ),
    ] = None
    speech: Annotated[
        bool,
        Field(
            strict=True,
            description="Whether the answer will be spoken while it is streamed: each `delta` then has a "
            "`ticket` for `POST /speech`.",
        ),
    ] = False
    replaces: Annotated[
        list[TurnId],
        BeforeValidator(_as_list),
        Field(
            max_length=MAX_REPLACED,
            description="The `turnId` of an earlier question that this one replaces, because the visitor "
            "went on speaking, or a list of them. Their exchanges disappear, also if they are stored later; "
            "what is unknown is ignored.",
        ),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "string", "pattern": ID_PATTERN},
                    {
                        "type": "array",
                        "items": {"type": "string", "pattern": ID_PATTERN},
                        "maxItems": MAX_REPLACED,
                    },
                    {"type": "null"},
                ]
            }
        ),
    ] = []
    interrupted: Annotated[
        Interrupted | None,
        Field(
            description="The answer that the visitor interrupted with this question, and how much of it was "
            "heard: only that is kept, and the model is told."
        ),
    ] = None
    turnstile_token: Annotated[
        str,
        Field(description="What Turnstile gave the browser, if this deployment uses it (`/config`)."),
    ] = ""

    def amends(self) -> Amendments:
        """What the question changes about earlier turns. Raises `InvalidRequest` if that includes itself."""
        found = {}
        if self.interrupted:
            found[self.interrupted.turn_id] = self.interrupted.heard_chars
        found.update(dict.fromkeys(self.replaces, REPLACED))
        if self.turn_id in found:
            raise InvalidRequest("A question can neither replace nor interrupt itself.")
        return found
