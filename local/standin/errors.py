"""Errors as OpenAI words them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER_ERROR = 500
NOT_AN_OBJECT = "We could not parse the JSON body of your request: it is not a JSON object."

# (type, code, message) by status. Types and codes are those of OpenAI's guide to error codes.
_KINDS: Mapping[int, tuple[str, str | None, str]] = {
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


class ApiError(Exception):
    """A request that OpenAI refuses: `status` and the fields of its error body."""

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code

    def body(self) -> dict[str, Any]:
        """The error body; its type follows from the status."""
        kind = "insufficient_quota" if self.code == "insufficient_quota" else _kind(self.status)[0]
        return {
            "error": {"message": self.message, "type": kind, "param": self.param, "code": self.code},
        }


def error_of_status(
    status: int, code: str | None = None, *, message: str | None = None, param: str | None = None
) -> ApiError:
    """The error that OpenAI sends with `status`; `code` and `message` override its usual ones."""
    _, usual_code, usual_message = _kind(status)
    return ApiError(status, message or usual_message, param=param, code=code or usual_code)


def _kind(status: int) -> tuple[str, str | None, str]:
    fallback = "invalid_request_error" if status < SERVER_ERROR else "server_error"
    return _KINDS.get(status, (fallback, None, f"The request failed with status {status}."))
