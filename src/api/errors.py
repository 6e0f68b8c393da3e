"""How errors become HTTP responses: the only place that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.schemas import ErrorBody
from errors import BodyTooLarge, InvalidRequest, UnsupportedMedia, VoiceAgentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI, Request

_DESCRIPTIONS = {
    400: "The request is invalid, or a content filter stopped the question or its answer.",
    401: "The identity token is missing, has expired or is not one of the website's.",
    403: "This website is not allowed, or the conversation has used up its tokens.",
    404: "The conversation does not exist.",
    409: "This turn is already being answered, has been replaced, or its ID belongs to another question; or "
    "this session has a conversation already.",
    410: "The conversation was closed.",
    413: "The body is too long.",
    415: "The body is not JSON, or not of the right type.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
    501: "This deployment does not offer that: speech, accounts or pairing.",
    500: "A setting is missing or wrong, or an unexpected error occurred.",
    502: "The model gave no answer.",
    503: "The store or the model is unavailable.",
    504: "The model took too long.",
}


def _documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    documented: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorBody, "description": _DESCRIPTIONS[status]} for status in statuses
    }
    # A default keeps FastAPI from adding its own 422, which this API never sends.
    return {**documented, "default": {"model": ErrorBody, "description": "Any other error."}}


# The errors of each kind of call, for OpenAPI.
ERRORS = {
    "settings": _documented(403, 500),
    "create": _documented(403, 429, 500),
    "delete": _documented(400, 401, 403, 429, 500, 503),
    "session": _documented(400, 401, 403, 404, 429, 500, 503),
    "chat": {
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **_documented(400, 401, 403, 409, 410, 413, 415, 429, 500, 502, 503, 504),
    },
    "history": _documented(400, 401, 403, 404, 409, 413, 415, 429, 500, 501, 503),
    "pairing": _documented(400, 403, 404, 409, 410, 413, 415, 429, 500, 501, 503),
    "transcribe": _documented(400, 403, 413, 415, 429, 500, 501, 502, 503, 504),
    "speech": {
        200: {"content": {"audio/mpeg": {}, "audio/pcm": {}}},
        **_documented(400, 401, 403, 413, 415, 429, 500, 501, 502, 503, 504),
    },
}

# Errors that the framework raises by itself.
_CODES = {
    400: ("invalid_json", "The body is not valid JSON."),
    404: ("not_found", "Not found."),
    405: ("method_not_allowed", "This method is not allowed here."),
    413: (BodyTooLarge.code, BodyTooLarge.message),
}


class ResponseBrokenOff(Exception):
    """Ends a response that has begun; what went wrong has been logged where it arose."""


def install_error_handlers(api: FastAPI) -> None:
    """Make `api` respond to every error with `{"error": …, "code": …}`."""
    api.add_exception_handler(VoiceAgentError, _answer)
    api.add_exception_handler(RequestValidationError, _answer)
    api.add_exception_handler(HTTPException, _answer_http)
    api.add_exception_handler(Exception, _answer)


def as_error(error: Exception) -> VoiceAgentError:
    """`error` as one that a visitor may see; an unforeseen error does not reveal its cause."""
    if isinstance(error, VoiceAgentError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error.errors())
    return VoiceAgentError()


def error_response(error: VoiceAgentError) -> JSONResponse:
    """The HTTP response for `error`."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    if error.status == 401:  # required by RFC 9110, section 11.6.1
        headers["WWW-Authenticate"] = "Bearer"
    return _response(error.status, error.message, error.code, headers)


async def _answer(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - the framework's signature
    """Respond with `error`, which is logged where it arose, or by the server if it is unforeseen."""
    return error_response(as_error(error))


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise TypeError from error
    code, message = _CODES.get(error.status_code, ("invalid_request", error.detail))
    headers = _allow(request) if error.status_code == 405 else error.headers
    return _response(error.status_code, message, code, headers)


def _allow(request: Request) -> dict[str, str]:
    """All methods allowed at this address; FastAPI names only those of the first route."""
    path, routes = request.url.path, request.app.routes
    exact = [route for route in routes if route.path == path]
    here = exact or [route for route in routes if route.path_regex.match(path)]
    return {"Allow": ", ".join(sorted(set().union(*(route.methods for route in here))))}


def _response(status: int, message: str, code: str, headers: Mapping[str, str] | None) -> JSONResponse:
    return JSONResponse(ErrorBody(error=message, code=code).model_dump(), status, headers)


def _invalid(problems: Sequence[Any]) -> InvalidRequest:
    """The first problem that a person can act on."""
    fields = {str(problem["loc"][-1]): problem for problem in problems}
    if "sessionId" in fields:
        return InvalidRequest("Session ID required", code="session_id_required")
    if "text" in fields:
        return InvalidRequest("Text required", code="text_required")
    if "question" in fields:
        return InvalidRequest("Ask a question", code="question_required")
    if problems[0]["type"] == "json_invalid":
        return InvalidRequest(f"Invalid JSON: {problems[0]['ctx']['error']}.", code="invalid_json")
    field, problem = next(iter(fields.items()))
    if field == "body":
        return UnsupportedMedia("Send a JSON object as application/json.", code="invalid_body")
    return InvalidRequest(f"'{field}': {problem['msg']}.")
