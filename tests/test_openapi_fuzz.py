"""Requests generated from the OpenAPI document: every response is one that it documents."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from api.route import PREFIX
from models import Exchange
from session_id import generate_session_id
from tests.account_api import AccountApi
from tests.identity_tokens import bearer

_api = AccountApi()
_services = _api.services
schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", _api.app)


@schema.parametrize()
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_generated_request_gets_a_documented_response(case: schemathesis.Case[Any]) -> None:
    # A schema cannot express that an id is too easy to guess, as generated ids often are.
    response = case.call_and_validate(excluded_checks=[positive_data_acceptance, not_a_server_error])
    # Speech without a key is 501.
    assert response.status_code < 500 or response.status_code == 501


@schema.include(path_regex="conversations").parametrize()
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_generated_request_of_a_known_visitor_gets_a_documented_response(
    case: schemathesis.Case[Any],
) -> None:
    identity = bearer(exp=int(_api.clock.now().timestamp()) + 3600)
    case.headers.update(identity)
    response = case.call_and_validate(excluded_checks=[positive_data_acceptance, ignored_auth])
    # Some requests are sent without the header all the same, to see whether they are refused.
    signed_in = response.request.headers.get("Authorization") == identity["Authorization"]
    assert response.status_code not in ({401, 501} if signed_in else {501})


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
