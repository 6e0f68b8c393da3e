"""The HTTP API as an ASGI application: its routes, error handlers and middleware."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from api import chat, conversations, info, pairings, sessions, speech, transcribe
from api.errors import install_error_handlers
from api.middleware import ApiHeaders, CrossOrigin
from api.route import PREFIX
from settings import VERSION

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from api.route import ServicesFor

# As the application's own routes: FastAPI searches an included router twice for each request.
ROUTES = [
    *chat.router.routes,
    *sessions.router.routes,
    *info.router.routes,
    *transcribe.router.routes,
    *speech.router.routes,
    *conversations.router.routes,
    *pairings.router.routes,
]


def create_app(services_for: ServicesFor) -> ASGIApp:
    """The API as an ASGI application.

    `services_for` returns the services for a request, given its ASGI scope, since the Worker knows its
    bindings only then. It may raise `ConfigurationError`, which every call then answers with.
    """
    api = FastAPI(
        title="voice-agent",
        version=VERSION,
        description="The API of a website's voice agent, which remembers the conversation.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        routes=ROUTES,
        # FastAPI looks for telemetry exporters with each request otherwise.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    api.state.services_for = services_for
    install_error_handlers(api)
    api.middleware_stack = api.build_middleware_stack()  # else the first request would
    return ApiHeaders(CrossOrigin(api, services_for))
