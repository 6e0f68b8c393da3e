"""What the stand-in's calls share: OpenAI's errors, checks of fields, JSON and event-stream answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeVar

from local.standin.script import Script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.standin.faults import Behaviour

T = TypeVar("T")

# (type, code, message) for each status. Types and codes are those of OpenAI's guide to error codes.
_ERRORS: Mapping[int, tuple[str, str | None, str]] = {
    400: ("invalid_request_error", None, "The request was refused."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("request_forbidden", "unsupported_country_region_territory", "Country or region not supported."),
    404: (
        "invalid_request_error",
        "model_not_found",
        "The model does not exist or you have no access to it.",
    ),
    408: ("timeout", None, "The request took too long to arrive."),
    409: ("conflict", None, "The resource was changed by another request."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests."),
    500: ("server_error", None, "The server had an error while processing your request."),
    503: ("server_error", None, "The engine is currently overloaded, please try again later."),
}
_TOKEN = re.compile(r"\s*(?:\w{1,4}|[^\w\s])|\s+")
_PROXY_PAGE = b"<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>\n"
ERROR_EVENT_STATUS = 500
NOT_AN_OBJECT = "We could not parse the JSON body of your request: it is not a JSON object."


class ApiError(Exception):
    """A refusal, which goes out as OpenAI's error body."""

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None
    ) -> None:
        """Take the kind of error from the status."""
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code

    def script(self) -> Script:
        """The answer that says so."""
        return json_script(_error_body(self.status, self.message, self.param, self.code), status=self.status)


def tokens(text: str) -> list[str]:
    """`text` cut into the stand-in's tokens, which joined are `text` again.

    A token is up to four letters or digits, or one other character, with the white space before it: for
    English prose near the four characters a token that OpenAI gives as a rule of thumb.
    """
    return _TOKEN.findall(text)


def refusal(behaviour: Behaviour) -> Script | None:
    """The answer where `behaviour` asks for a refusal or a page that is not JSON, else None."""
    headers = {"retry-after": behaviour.retry_after} if behaviour.retry_after is not None else {}
    if behaviour.not_json:
        return whole(_PROXY_PAGE, "text/html", status=behaviour.status or 200, headers=headers)
    if behaviour.status is None:
        return None
    _, code, message = _error_kind(behaviour.status)
    body = _error_body(behaviour.status, message, None, behaviour.error_code or code)
    return json_script(body, status=behaviour.status, headers=headers)


def json_script(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None, thought_up: int = 0
) -> Script:
    """`body` as a JSON answer, which can break in the middle."""
    data = _encoded(body)
    return whole(data, "application/json", status=status, headers=headers, thought_up=thought_up)


def whole(
    data: bytes,
    media_type: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    thought_up: int = 0,
) -> Script:
    """`data` in two halves, its length said beforehand."""
    middle = len(data) // 2
    return Script(
        media_type,
        [data[:middle]],
        closing=data[middle:],
        garbage=b'{"choices": [{',
        status=status,
        headers=headers or {},
        at_once=True,
        thought_up=thought_up,
    )


def event(data: object) -> bytes:
    """One server-sent event that carries `data` as JSON."""
    return b"data: " + _encoded(data) + b"\n\n"


def event_stream(opening: bytes, pieces: list[bytes], closing: bytes) -> Script:
    """An event stream, which can break, stall or carry an error."""
    _, code, message = _error_kind(ERROR_EVENT_STATUS)
    return Script(
        "text/event-stream; charset=utf-8",
        pieces,
        opening=opening,
        closing=closing,
        garbage=b'data: {"id": "chatcmpl-\n\n',
        error_event=event(_error_body(ERROR_EVENT_STATUS, message, None, code)),
        headers={"cache-control": "no-cache"},
    )


def in_pieces(text: str, behaviour: Behaviour) -> list[str]:
    """`text` in pieces of as many tokens as `behaviour` says."""
    found, size = tokens(text), behaviour.piece_tokens
    return ["".join(found[start : start + size]) for start in range(0, len(found), size)]


def field(body: Mapping[str, Any], name: str, kind: type[T], default: T | None = None) -> T:
    """The value of the field `name`; a 400 where it is missing without a default, or of another type."""
    value = body.get(name)
    if value is None:
        if default is None:
            raise ApiError(
                400, f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter"
            )
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        message = f"Invalid type for '{name}': expected {kind.__name__}, got {type(value).__name__}."
        raise ApiError(400, message, param=name, code="invalid_type")
    return value


def _encoded(data: object) -> bytes:
    """`data` as JSON in UTF-8, as OpenAI writes it; half of a surrogate pair becomes a question mark."""
    return json.dumps(data, ensure_ascii=False).encode(errors="replace")


def _error_kind(status: int) -> tuple[str, str | None, str]:
    fallback = "invalid_request_error" if status < ERROR_EVENT_STATUS else "server_error"
    return _ERRORS.get(status, (fallback, None, f"The request failed with status {status}."))


def _error_body(status: int, message: str, param: str | None, code: str | None) -> dict[str, Any]:
    kind = "insufficient_quota" if code == "insufficient_quota" else _error_kind(status)[0]
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
