"""What calls to an OpenAI-compatible server raise, and what visitors are told about it.

One mapping for chat, transcription and speech, whichever of httpx2 and the `openai` package sent the request.
"""

from __future__ import annotations

import json
import logging
import math
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx2
from anyio import EndOfStream
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError
from pydantic_core import from_json

from errors import ProviderRefused, ResponderBusy, ResponderError, ResponderTimeout
from responders.openai_refusals import loggable_code

if TYPE_CHECKING:
    from datetime import datetime

# httpx2 lets some errors of TLS (OSError) and of anyio through as they are.
CONNECTION_ERRORS = (APIConnectionError, httpx2.RequestError, OSError, EndOfStream)
# The package reads bodies with Python's parser, which gives up on deep nesting and on broken UTF-8.
OPENAI_ERRORS = (APIError, *CONNECTION_ERRORS, json.JSONDecodeError, RecursionError, UnicodeDecodeError)

TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE = 429, 503
REQUEST_TIMEOUT, GATEWAY_TIMEOUT = 408, 504
SERVER_ERROR = 500

# The provider's name, for people.
OPENAI = "OpenAI"
# What only the owner can correct, by status.
ADVICE = {
    401: "the server does not accept the key",
    402: "the account has run out of credit",
    403: "this key may not use the model, or not from here",
    404: "check the name of the model and the base URL",
    410: "this service has been discontinued",
}
NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})

logger = logging.getLogger("voice_agent.openai")


def status_error(response: httpx2.Response, content: bytes) -> APIStatusError:
    """The package's error for `response` with the body `content`, whose status is not a success.

    `message` is the server's own where the body is an OpenAI error object, and empty otherwise.
    """
    try:
        body = from_json(content)
    except ValueError:
        body = None
    error: Any = body.get("error", body) if isinstance(body, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return APIStatusError(str(message or ""), response=response, body=error)


def responder_error(error: Exception, now: datetime, provider: str = OPENAI) -> ResponderError:
    """The error that a visitor is shown for `error`, one of `OPENAI_ERRORS`; the log says what happened.

    `provider` is who was asked, for the log.

    The log names types, statuses and codes only: a message may quote part of the key or of the question.
    """
    if isinstance(error, APIStatusError):
        return _status_error(error, now, provider)
    # The package wraps httpx2's errors; streamed bodies raise them as they are.
    cause = error.__cause__ or error if isinstance(error, APIConnectionError) else error
    if isinstance(cause, (APITimeoutError, httpx2.TimeoutException, TimeoutError)):
        logger.warning("%s took too long (%s)", provider, type(cause).__name__)
        return ResponderTimeout()
    if isinstance(cause, CONNECTION_ERRORS) and not isinstance(cause, httpx2.DecodingError):
        logger.warning("The connection to %s failed (%s)", provider, type(cause).__name__)
        return ResponderError(code="responder_unreachable")
    logger.warning("The answer of %s is unreadable (%s)", provider, type(cause).__name__)
    return ResponderError(code="responder_incomplete")


def retry_after(response: httpx2.Response, now: datetime) -> float | None:
    """How many seconds the server asks to wait; None if it does not say, or not in a form we understand."""
    milliseconds, value = (response.headers.get(name, "") for name in ("retry-after-ms", "retry-after"))
    try:
        seconds = float(milliseconds) / 1000 if milliseconds else _seconds(value, now)
    except (ValueError, TypeError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _seconds(value: str, now: datetime) -> float:
    try:
        return float(value)
    except ValueError:
        return (parsedate_to_datetime(value) - now).total_seconds()


def _status_error(error: APIStatusError, now: datetime, provider: str) -> ResponderError:
    status, code = error.status_code, loggable_code(error.body)
    if advice := ADVICE.get(402 if code in NO_CREDIT else status):
        logger.error("%s answered with status %d (%s): %s", provider, status, code, advice)
        return ProviderRefused()
    logger.warning("%s answered with status %d (%s)", provider, status, code)
    if status in {TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE}:
        seconds = retry_after(error.response, now)
        return ResponderBusy(retry_after=None if seconds is None else math.ceil(seconds))
    if status in {REQUEST_TIMEOUT, GATEWAY_TIMEOUT}:
        return ResponderTimeout()
    return _rejected() if status < SERVER_ERROR else ResponderError()


def _rejected() -> ResponderError:
    return ResponderError(ProviderRefused.message, code=ProviderRefused.code)
