"""Servers that reject parts of our chat requests: newer fields, or messages from the system."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from openai import APIStatusError

from responders.openai_refusals import refusal
from responders.openai_rejections import BAD_REQUEST, SYSTEM_ROLE, UNPROCESSABLE, rejected_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

    from responders.openai_connection import Body, OpenAIConnection

# Fields that compatible servers may reject, and what each is called in the older protocol, if anything.
NEWER_FIELDS: Mapping[str, str | None] = {
    "chat_template_kwargs": None,
    "max_completion_tokens": "max_tokens",
    "prompt_cache_key": None,
    "reasoning_effort": None,
    "safety_identifier": None,
    "stream_options": None,
}
FIELDS = frozenset({*NEWER_FIELDS, *filter(None, NEWER_FIELDS.values())})
REJECTABLE = frozenset({*NEWER_FIELDS, SYSTEM_ROLE})


class FieldFallback:
    """Sends chat requests in the form that a server accepts.

    `rejected` are the newer fields that it is known to reject, and `SYSTEM_ROLE` if it takes no messages from
    the system: the last request without them succeeded. Since it changes the requests of all visitors, only
    what the server says about a field or a role counts as a rejection, never what may be a visitor's words
    in its message.
    """

    def __init__(self, connection: OpenAIConnection) -> None:
        self._connection = connection
        self.rejected: frozenset[str] = frozenset()

    async def send(self, body: Body, error: APIStatusError | None = None) -> httpx2.Response:
        """The open response to `body` without what the server rejects, repeated as it rejects more.

        `error` is the server's answer to the whole `body`, if that was sent. What is remembered changes only
        with a success, and is dropped if the server has come to reject the older form. Raises the last error
        if it is about anything else, and whatever sending raises.
        """
        rejected, sent = (frozenset[str]() if error else self.rejected), body
        tried = {rejected} if error else set()
        while True:
            if error:
                rejected = _next(rejected, error, sent)
                if rejected in tried:
                    raise error
            tried.add(rejected)
            sent = adapted(body, rejected)
            try:
                response = await self._connection.with_retries(partial(self._connection.post_chat, sent))
            except APIStatusError as next_error:
                error = next_error
            else:
                self.rejected = rejected
                return response


def adapted(body: Body, rejected: frozenset[str]) -> Body:
    """`body` without the `rejected` parts, or with what servers know instead."""
    sent = {name: value for name, value in body.items() if name not in rejected}
    for name in rejected & body.keys():
        if older := NEWER_FIELDS[name]:
            sent[older] = body[name]
    if SYSTEM_ROLE in rejected:
        system, first, *others = body["messages"]
        instructions = system["content"]
        if not isinstance(instructions, str):
            instructions = "".join(part["text"] for part in instructions)
        content = f"{instructions}\n\n{first['content']}"
        sent["messages"] = [{**first, "content": content}, *others]
    return sent


def _next(rejected: frozenset[str], error: APIStatusError, sent: Body) -> frozenset[str]:
    """What to leave out after `error`, the answer to `sent`, which left out `rejected`.

    Raises `error` if leaving out anything else would not help.
    """
    if refusal(error.body, error.status_code):
        raise error
    named = rejected_parts(error, sent, FIELDS)
    back = {newer for newer, older in NEWER_FIELDS.items() if older in named}
    if named:
        return (rejected | (named & REJECTABLE)) - back
    if rejected and error.status_code in {BAD_REQUEST, UNPROCESSABLE}:
        return frozenset()  # perhaps the server accepts the whole body by now
    raise error
