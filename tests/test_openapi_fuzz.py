"""Requests generated from the OpenAPI document: every response is one that it documents."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.app import create_app
from api.route import PREFIX
from local.background import BackgroundTasks
from local.server import local_services
from models import Exchange
from session_id import generate_session_id
from settings import Settings
from tests.clocks import AutoClock

_background = BackgroundTasks()
_services = local_services(Settings(), _background, clock=AutoClock())
schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", create_app(lambda _scope: _services))


@schema.parametrize()
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_generated_request_gets_a_documented_response(case: schemathesis.Case[Any]) -> None:
    # A schema cannot express that an id is too easy to guess, as generated ids often are.
    response = case.call_and_validate(excluded_checks=[positive_data_acceptance, not_a_server_error])
    # Speech without a key is 501.
    assert response.status_code < 500 or response.status_code == 501


async def store(session_id: str) -> None:
    session = await _services.storage.open_session(session_id)
    exchange = Exchange(
        turn_id="", question="What do you sell?", answer="Trees.", timestamp=session.created_at
    )
    await _services.storage.save_session(session.with_exchange(exchange))


@pytest.mark.parametrize("query", [None, {"format": "json"}, {"format": "md"}, {"format": "txt"}])
def test_stored_conversation_is_returned_as_documented(query: dict[str, str] | None) -> None:
    session_id = generate_session_id()
    asyncio.run(store(session_id))
    operation = schema[f"{PREFIX}/session/export" if query else f"{PREFIX}/session"]["GET"]
    case = operation.Case(headers={"X-Session-ID": session_id}, query=query or {})
    response = case.call_and_validate()
    assert response.status_code == 200
    assert "Trees." in response.text
