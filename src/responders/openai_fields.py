"""Newer fields of chat completion requests, and servers that reject them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from openai import APIStatusError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

    from responders.openai_connection import Body, OpenAIConnection

# Fields that compatible servers may reject, and what each is called in the older protocol, if anything.
NEWER_FIELDS: Mapping[str, str | None] = {
    "max_completion_tokens": "max_tokens",
    "reasoning_effort": None,
    "safety_identifier": None,
    "stream_options": None,
}
# How servers say that a field is unknown.
BAD_REQUEST, UNPROCESSABLE = 400, 422


class FieldFallback:
    """Sends chat requests in the fields that a server accepts.

    `rejected` are the newer fields that it is known to reject: requests without them have succeeded.
    """

    def __init__(self, connection: OpenAIConnection) -> None:
        self._connection = connection
        self.rejected: frozenset[str] = frozenset()

    async def send(self, body: Body, error: APIStatusError | None = None) -> httpx2.Response:
        """The open response to `body` without its rejected fields, repeated as the server rejects others.

        `error` is the server's answer to the whole `body`, if that was sent. Raises the last error if it is
        not about a newer field, and whatever sending raises.
        """
        rejected, sent = self.rejected, body
        while True:
            if error:
                rejected |= _named_fields(error, sent)
            sent = _without(body, rejected)
            try:
                response = await self._connection.with_retries(partial(self._connection.post_chat, sent))
            except APIStatusError as next_error:
                error = next_error
            else:
                self.rejected |= rejected
                return response


def _named_fields(error: APIStatusError, sent: Body) -> set[str]:
    """The newer fields of `sent` that `error` is about: its `param` if present, else those in its message.

    Raises `error` if there is none.
    """
    named: set[str] = set()
    if error.status_code in {BAD_REQUEST, UNPROCESSABLE}:
        param = (error.param or "").partition(".")[0]
        named = {name for name in NEWER_FIELDS if (name == param if param else name in error.message)}
    if not named & sent.keys():
        raise error
    return named & sent.keys()


def _without(body: Body, rejected: frozenset[str]) -> Body:
    """`body` without the `rejected` fields, or with their older names."""
    sent = {name: value for name, value in body.items() if name not in rejected}
    for name in rejected & body.keys():
        if older := NEWER_FIELDS[name]:
            sent[older] = body[name]
    return sent
