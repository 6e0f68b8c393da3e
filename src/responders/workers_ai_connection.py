"""The connection to Cloudflare's Workers AI, through the binding `AI`.

It is a connection like that to OpenAI: the binding can return HTTP responses as they are
(`returnRawResponse`), most chat models answer in the form of OpenAI's chat completions, and what differs is
here. The transport runs a model: it takes a POST request whose JSON has the inputs, and the model's name as
`model` among them. At the edge it is `edge.ai_binding.AITransport`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx2
from openai import APIStatusError
from pydantic_core import from_json

from errors import ProviderRefused
from responders.openai_connection import OpenAIConnection
from responders.openai_errors import OPENAI_ERRORS
from responders.openai_refusals import member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clock import Clock
    from errors import ResponderError
    from settings import Settings

# What the binding sends its requests to, behind the scenes; nothing is sent there by us.
BASE_URL = "https://workers-binding.ai/run"
# Who receives what visitors say.
CLOUDFLARE = "Cloudflare"
# What only the owner can correct, by internal code
# (https://developers.cloudflare.com/workers-ai/platform/errors/, July 2026).
ADVICE = {
    3023: "the account is blocked",
    3036: "the day's free neurons are used up until 00:00 UTC: wait, choose cheaper models, or switch to "
    "Workers Paid (docs/costs.md)",
    3041: "this account may not use the model",
    3042: "check the names of the models in WORKERS_AI_…",
    5007: "check the names of the models in WORKERS_AI_…",
    5016: "accept the terms of the model in Cloudflare's dashboard",
    5018: "this account may not use the model",
    5019: "this version of the agent is too old for Workers AI",
}

logger = logging.getLogger("voice_agent.workers_ai")


class WorkersAIConnection(OpenAIConnection):
    """Runs models with the timeouts and retries that are configured for OpenAI."""

    def __init__(self, settings: Settings, clock: Clock, transport: httpx2.AsyncBaseTransport) -> None:
        """`transport` runs the models."""
        without_key = {"openai_base_url": BASE_URL, "openai_api_key": None}
        super().__init__(settings.model_copy(update=without_key), clock, transport)
        self._chat_url = httpx2.URL(BASE_URL)
        self.provider = CLOUDFLARE

    async def run(self, arguments: Mapping[str, Any]) -> httpx2.Response:
        """The response of a model, with retries. Its own body is still unread, and the caller closes it.

        `arguments` are those of `httpx2.Request` that hold the inputs. Raises `ResponderError`.
        """
        try:
            return await self.with_retries(lambda: self._post(self._chat_url, arguments))
        except OPENAI_ERRORS as error:
            raise self.responder_error(error) from error

    def parsed(self, body: bytes) -> object:
        """`body` as JSON; None if it is not JSON."""
        try:
            return from_json(body)
        except ValueError:
            return None

    def responder_error(self, error: Exception) -> ResponderError:
        if isinstance(error, APIStatusError) and (advice := ADVICE.get(_internal_code(error.body))):
            logger.error("Workers AI answered with error %d: %s", _internal_code(error.body), advice)
            return ProviderRefused()
        return super().responder_error(error)

    async def _error(self, response: httpx2.Response) -> APIStatusError:
        """The error of `response`, its body in OpenAI's form, whichever of its own Workers AI has used.

        These are `{"internalCode", "description"}` and `{"errors": [{"code", "message"}]}`, according to the
        binding's source (workerd, `src/cloudflare/internal/ai-api.ts`, `_parseError`).
        """
        error = await super()._error(response)
        errors = member(error.body, "errors")
        first = errors[0] if isinstance(errors, list) and errors else error.body
        code = member(first, "internalCode") or member(first, "code")
        message = member(first, "description") or member(first, "message")
        body = {"code": code, "message": message}
        return APIStatusError(str(message or ""), response=response, body=body)


def _internal_code(body: object) -> int:
    code = str(member(body, "code"))
    return int(code) if code.isdecimal() and code.isascii() and len(code) <= 6 else 0
