"""Refusals: of requests that OpenAI refuses, and on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.standin.errors import error_of_status
from local.standin.planned_response import json_response, whole_response

if TYPE_CHECKING:
    from local.standin.behaviour import Behaviour
    from local.standin.errors import ApiError
    from local.standin.planned_response import PlannedResponse

_PROXY_PAGE = b"<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>\n"


def refuse(error: ApiError) -> PlannedResponse:
    """The response for `error`."""
    return json_response(error.body(), status=error.status)


def refusal_on_demand(behaviour: Behaviour) -> PlannedResponse | None:
    """The refusal, redirect or proxy's page that `behaviour` asks for; None if it asks for none of them."""
    headers = {"retry-after": behaviour.retry_after} if behaviour.retry_after is not None else {}
    if behaviour.redirect is not None:
        return whole_response(b"", "text/plain", status=307, headers={"location": behaviour.redirect})
    if behaviour.not_json:
        return whole_response(_PROXY_PAGE, "text/html", status=behaviour.status or 200, headers=headers)
    if behaviour.status is None:
        return None
    error = error_of_status(
        behaviour.status,
        behaviour.error_code,
        message=behaviour.error_message,
        param=behaviour.error_param,
    )
    return json_response(error.body(), status=error.status, headers=headers)
