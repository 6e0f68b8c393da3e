"""Response headers, and which websites may call."""

from __future__ import annotations

import pytest

from errors import ResponderError
from settings import Settings
from tests.api import Api, refusal

SHOP = "https://shop.example"
PREFLIGHT = {"access-control-request-method": "DELETE", "access-control-request-headers": "x-session-id"}


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def shop() -> Api:
    """The API with one other website allowed."""
    return Api(Settings(allowed_origins=(SHOP,)))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/session"), ("GET", "/nothing"), ("GET", "/config"), ("DELETE", "/session")],
)
async def test_every_response_has_the_headers_for_private_data(api: Api, method: str, path: str) -> None:
    headers = (await api.session(method, path)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": SHOP}, 403),
        ({"origin": SHOP, "sec-fetch-site": "cross-site"}, 403),
        ({"origin": SHOP, "sec-fetch-site": "same-site"}, 403),
        ({"origin": SHOP, "sec-fetch-site": "same-origin"}, 200),  # behind a proxy that changed the host
        ({"origin": "http://agent.test"}, 200),
        ({"origin": "HTTP://AGENT.TEST"}, 200),
        ({}, 200),
    ],
)
async def test_only_the_same_origin_may_call_by_default(
    api: Api, headers: dict[str, str], status: int
) -> None:
    response = await api.chat(**headers)
    assert response.status_code == status
    assert len(api.responder.prompts) == (status == 200)


@pytest.mark.parametrize("origin", [SHOP, "http://agent.test", None])
async def test_allowed_origin_own_origin_and_no_origin_may_call(shop: Api, origin: str | None) -> None:
    assert (await shop.chat(**({"origin": origin} if origin else {}))).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null"],
)
async def test_other_origin_is_refused_before_anything_is_read(shop: Api, origin: str) -> None:
    response = await shop.chat(origin=origin)
    assert refusal(response) == (403, "origin_not_allowed")
    assert response.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in response.headers
    assert (shop.kv.reads, len(shop.responder.prompts)) == (0, 0)


async def test_allowed_origin_can_read_answers_and_errors(shop: Api) -> None:
    shop.responder.errors = [ResponderError()]
    for status in (502, 200):
        response = await shop.chat(origin=SHOP)
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] == SHOP
        assert "Origin" in response.headers["vary"]
        exposed = response.headers["access-control-expose-headers"]
        assert set(exposed.split(", ")) == {"Content-Disposition", "Retry-After", "Server-Timing"}


async def test_wildcard_allows_every_origin() -> None:
    api = Api(Settings(allowed_origins=("*",)))
    assert (await api.chat(origin=SHOP)).headers["access-control-allow-origin"] == "*"


async def test_preflight_of_an_allowed_origin(shop: Api) -> None:
    response = await shop.client.options("/session", headers={"origin": SHOP, **PREFLIGHT})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == SHOP
    assert response.headers["access-control-allow-methods"] == "GET, POST, PATCH, DELETE"
    allowed = response.headers["access-control-allow-headers"].split(", ")
    assert {"Content-Type", "Authorization", "X-Session-ID"} <= set(allowed)
    assert response.headers["access-control-max-age"] == "86400"


async def test_preflight_of_another_origin_is_refused(shop: Api) -> None:
    response = await shop.client.options("/session", headers={"origin": "https://evil.example", **PREFLIGHT})
    assert refusal(response) == (403, "origin_not_allowed")
    assert "access-control-allow-origin" not in response.headers
