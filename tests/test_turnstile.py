"""Turnstile's check, with a stand-in that follows the documentation of siteverify."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from anyio import EndOfStream
from pydantic import SecretStr

from errors import ConfigurationError, VisitorCheckUnavailable, VisitorNotVerified
from session_id import generate_session_id
from turnstile import Turnstile

ONE, OTHER = generate_session_id(), generate_session_id()
SECRET = "0x4AAA-secret"  # noqa: S105 - made up


class FakeSiteverify(httpx2.AsyncBaseTransport):
    """Tokens that start with 'good' are valid once, or again with the same idempotency key."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.used: dict[str, str] = {}
        self.calls = 0
        self.broken: httpx2.Response | Exception | None = None

    def client(self, secret: str = SECRET) -> Turnstile:
        return Turnstile(SecretStr(secret), self)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.calls += 1
        if isinstance(self.broken, Exception):
            raise self.broken
        if self.broken is not None:
            return self.broken
        assert str(request.url) == "https://challenges.cloudflare.com/turnstile/v0/siteverify"
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        form = {name: values[0] for name, values in parse_qs((await request.aread()).decode()).items()}
        errors = self._errors(form)
        return httpx2.Response(200, json={"success": not errors, "error-codes": errors})

    def _errors(self, form: dict[str, str]) -> list[str]:
        if form["secret"] != self.secret:
            return ["invalid-input-secret"]
        if not form["response"].startswith("good"):
            return ["invalid-input-response"]
        key = self.used.setdefault(form["response"], form["idempotency_key"])
        return [] if key == form["idempotency_key"] else ["timeout-or-duplicate"]


async def test_token_is_valid_for_one_session_even_if_it_comes_again() -> None:
    turnstile = FakeSiteverify(SECRET).client()
    await turnstile.verify("good", ONE)
    await turnstile.verify("good", ONE)
    with pytest.raises(VisitorNotVerified):
        await turnstile.verify("good", OTHER)


@pytest.mark.parametrize("token", ["bad", "", "good" * 1000, "good\ud800", "good\u00e9"])
async def test_invalid_token(token: str) -> None:
    siteverify = FakeSiteverify(SECRET)
    with pytest.raises(VisitorNotVerified):
        await siteverify.client().verify(token, ONE)
    assert siteverify.calls == (token == "bad")  # noqa: S105 - not a password


async def test_wrong_secret_is_the_owners_mistake(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ConfigurationError, match="TURNSTILE_SECRET"):
        await FakeSiteverify(SECRET).client("another-secret").verify("good", ONE)
    assert "TURNSTILE_SECRET" in caplog.text
    assert "another-secret" not in caplog.text


@pytest.mark.parametrize(
    "broken",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        OSError("broken TLS"),
        EndOfStream(),
        httpx2.Response(500, text="<html>"),
        httpx2.Response(200, json=[]),
        httpx2.Response(200, json={"success": "yes"}),
        httpx2.Response(302, headers={"location": "https://evil.example"}),
        httpx2.Response(200, json={"success": False, "error-codes": ["internal-error"]}),
    ],
    ids=repr,
)
async def test_no_answer_is_not_the_visitors_fault(broken: Any) -> None:
    siteverify = FakeSiteverify(SECRET)
    siteverify.broken = broken
    with pytest.raises(VisitorCheckUnavailable) as error:
        await siteverify.client().verify("good", ONE)
    assert error.value.retry_after
    assert siteverify.calls == 1


@pytest.mark.parametrize("codes", [None, "x", [5, None], []])
async def test_unexpected_error_codes_reject_the_token(codes: Any) -> None:
    siteverify = FakeSiteverify(SECRET)
    siteverify.broken = httpx2.Response(200, json={"success": False, "error-codes": codes})
    with pytest.raises(VisitorNotVerified):
        await siteverify.client().verify("good", ONE)
