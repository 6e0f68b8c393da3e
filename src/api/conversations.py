"""`/conversations`: the history of a visitor whom the website knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Response, Security
from pydantic import BaseModel, Field

from accounts.records import Summaries, Summary
from api.errors import ERRORS
from api.route import PREFIX, ApiRoute, CurrentServices
from api.schemas import MAX_TURNS, MessageBody, SessionId
from api.visitor import IDENTITY_TOKEN, CurrentAccounts, DeletingVisitor, ReadingVisitor
from conversation import clean_text
from errors import InvalidRequest
from models import CAMEL_CASE

if TYPE_CHECKING:
    from accounts.records import Messages

MAX_PAGE, DEFAULT_PAGE = 100, 20
DEFAULT_TURNS = 50
MAX_TITLE_CHARS = 80
MAX_SEARCH_CHARS = 200

Handle = Annotated[
    str,
    Path(
        description="The `id` of a conversation in the visitor's history. It is no credential: nobody else "
        "can do anything with it.",
        examples=["0f" * 32],
    ),
]
Cursor = Annotated[str | None, Field(max_length=100, description="The `next` of the page before.")]
PageSize = Annotated[int, Field(ge=1, le=MAX_PAGE)]

router = APIRouter(prefix=PREFIX, route_class=ApiRoute, dependencies=[Security(IDENTITY_TOKEN)])


class Search(BaseModel):
    """What to look for. Unknown fields are ignored."""

    model_config = CAMEL_CASE

    text: Annotated[
        str,
        Field(
            description="Up to five words, each of which has to be in the title, a question or an answer.",
            examples=["delivery"],
        ),
    ]
    cursor: Cursor = None
    limit: PageSize = DEFAULT_PAGE


class Title(BaseModel):
    """What the visitor calls a conversation."""

    title: Annotated[str, Field(examples=["Oaks for the garden"])]


class FreshSession(BaseModel):
    """A session that goes on with a conversation."""

    model_config = CAMEL_CASE

    session_id: SessionId


class ConversationBody(Summary):
    """A conversation with some of its messages, in order."""

    messages: list[MessageBody]
    before: Annotated[
        int | None,
        Field(description="The `before` with which earlier messages are read; left out if there are none."),
    ] = None

    @classmethod
    def of(cls, found: Messages) -> ConversationBody:
        """The body that describes what was found."""
        messages = list(map(MessageBody.of, found.messages))
        return cls(**found.summary.model_dump(), messages=messages, before=found.before)


@router.get("/conversations", response_model=Summaries, responses=ERRORS["history"])
async def list_conversations(
    visitor: ReadingVisitor,
    accounts: CurrentAccounts,
    cursor: Annotated[str | None, Query(max_length=100, description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
) -> Summaries:
    """List the visitor's conversations; the one that was used last comes first."""
    return await accounts.history.list(visitor.owner, limit=limit, cursor=cursor)


@router.delete("/conversations", status_code=204, response_class=Response, responses=ERRORS["history"])
async def delete_everything(
    visitor: DeletingVisitor, accounts: CurrentAccounts, services: CurrentServices
) -> None:
    """Delete everything that is stored about the visitor."""
    services.sessions.close_all_of(visitor.owner)
    await accounts.delete_everything(visitor)


@router.post("/conversations/search", response_model=Summaries, responses=ERRORS["history"])
async def search_conversations(body: Search, visitor: ReadingVisitor, accounts: CurrentAccounts) -> Summaries:
    """Find conversations in which every word occurs, in any letter case."""
    text = _cleaned(body.text, "text", MAX_SEARCH_CHARS)
    return await accounts.history.search(visitor.owner, text, limit=body.limit, cursor=body.cursor)


@router.get("/conversations/export", response_class=Response, responses=ERRORS["history"])
async def export_everything(
    visitor: ReadingVisitor, accounts: CurrentAccounts, services: CurrentServices
) -> Response:
    """Download everything that is stored about the visitor, as JSON."""
    filename = f"conversations-{services.clock.now():%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(await accounts.export(visitor), media_type="application/json", headers=headers)


@router.get(
    "/conversations/{conversation_id}",
    response_model=ConversationBody,
    response_model_exclude_none=True,
    responses=ERRORS["history"],
)
async def read_conversation(
    conversation_id: Handle,
    visitor: ReadingVisitor,
    accounts: CurrentAccounts,
    before: Annotated[
        int | None,
        Query(ge=1, le=MAX_TURNS, description="Turns before this number; the last ones if left out."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many turns.")] = DEFAULT_TURNS,
) -> ConversationBody:
    """Read a conversation's last messages, or earlier ones."""
    found = await accounts.history.read(visitor.owner, conversation_id, limit=limit, before=before)
    return ConversationBody.of(found)


@router.patch("/conversations/{conversation_id}", response_model=Summary, responses=ERRORS["history"])
async def rename_conversation(
    conversation_id: Handle, body: Title, visitor: ReadingVisitor, accounts: CurrentAccounts
) -> Summary:
    """Change a conversation's title."""
    title = _cleaned(body.title, "title", MAX_TITLE_CHARS)
    return await accounts.history.rename(visitor.owner, conversation_id, title)


@router.delete(
    "/conversations/{conversation_id}", status_code=204, response_class=Response, responses=ERRORS["history"]
)
async def delete_conversation(
    conversation_id: Handle, visitor: DeletingVisitor, accounts: CurrentAccounts
) -> None:
    """Delete a conversation; the sessions that had it are closed."""
    await accounts.history.delete(visitor.owner, conversation_id)


@router.post(
    "/conversations/{conversation_id}/sessions",
    response_model=ConversationBody,
    response_model_exclude_none=True,
    responses=ERRORS["history"],
)
async def go_on(
    conversation_id: Handle, body: FreshSession, visitor: ReadingVisitor, accounts: CurrentAccounts
) -> ConversationBody:
    """Let a fresh session go on with the conversation, as on another device."""
    found = await accounts.history.go_on(visitor.owner, conversation_id, body.session_id, limit=DEFAULT_TURNS)
    return ConversationBody.of(found)


def _cleaned(text: str, field: str, max_chars: int) -> str:
    cleaned = clean_text(text)
    if not cleaned:
        raise InvalidRequest(f"{field.capitalize()} required", code=f"{field}_required")
    if len(cleaned) > max_chars:
        message = f"This {field} is too long: the limit is {max_chars} characters."
        raise InvalidRequest(message, code=f"{field}_too_long")
    return cleaned
