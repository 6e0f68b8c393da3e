"""The services of a request: the Worker knows its bindings, and so its services, only with the first one."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Annotated, Any

from fastapi import Depends, Request

from services import Services

ServicesFor = Callable[[MutableMapping[str, Any]], Services]


async def current_services(request: Request) -> Services:
    """The services for this request; raises `ConfigurationError` if they cannot be built."""
    services_for: ServicesFor = request.app.state.services_for
    return services_for(request.scope)


CurrentServices = Annotated[Services, Depends(current_services)]
