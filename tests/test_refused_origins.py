"""Pages of websites that are not in ALLOWED_ORIGINS: who may read the refusal, and what is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.refused_origins import MAX_LOGGED
from settings import Settings
from tests.api import Api

if TYPE_CHECKING:
    import httpx2

SHOP = "https://shop.example"


async def preflight(api: Api, origin: str, header: str = "content-type") -> httpx2.Response:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": header,
    }
    return await api.client.options("/chat", headers=headers)


async def test_page_can_read_what_is_wrong_while_no_origin_is_allowed() -> None:
    api = Api()
    refusal = await api.chat(origin=SHOP)
    assert (refusal.status_code, refusal.json()["code"]) == (403, "origin_not_allowed")
    assert f"add {SHOP} to the setting ALLOWED_ORIGINS" in refusal.json()["error"]
    assert refusal.headers["access-control-allow-origin"] == SHOP
    assert refusal.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in refusal.headers
    allowed = await preflight(api, SHOP, "x-session-token")
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, SHOP)
    assert "X-Session-Token" in allowed.headers["access-control-allow-headers"]
    assert api.kv.reads == 0


async def test_page_can_read_nothing_once_other_origins_are_allowed() -> None:
    api = Api(Settings(allowed_origins=(SHOP,)))
    evil = "https://evil.example"
    for response in (await api.chat(origin=evil), await preflight(api, evil)):
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("origin", ["null", "https://x y", 'https://a"b', "x" * 9999])
async def test_origin_that_is_none_is_not_repeated(origin: str, caplog: pytest.LogCaptureFixture) -> None:
    refusal = await Api().chat(origin=origin)
    assert refusal.status_code == 403
    assert "access-control-allow-origin" not in refusal.headers
    assert origin not in refusal.text + caplog.text


async def test_refusal_is_logged_once_with_the_setting_that_would_allow_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    api = Api(Settings(allowed_origins=(SHOP,)))
    for _ in range(3):
        await api.chat(origin="https://www.shop.example")
    (message,) = caplog.messages
    assert message.startswith("Refused a page of https://www.shop.example. ")
    assert message.endswith('set ALLOWED_ORIGINS = "https://shop.example,https://www.shop.example"')


async def test_number_of_logged_origins_is_limited(caplog: pytest.LogCaptureFixture) -> None:
    api = Api()
    for number in range(2 * MAX_LOGGED):
        await api.chat(origin=f"https://{number}.example")
    assert len(caplog.messages) == MAX_LOGGED


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://www.shop.example", 200), ("https://shop.example", 403), ("https://evilshop.example", 403)],
)
async def test_wildcard_allows_subdomains(origin: str, status: int) -> None:
    api = Api(Settings.read({"ALLOWED_ORIGINS": "https://*.shop.example"}.get))
    response = await api.chat(origin=origin)
    assert response.status_code == status
    assert response.headers.get("access-control-allow-origin") == (origin if status == 200 else None)
    assert (await preflight(api, origin, "x-session-token")).status_code == status


async def test_request_without_a_host_is_not_of_the_same_origin() -> None:
    assert (await Api().chat(origin="null", host="")).status_code == 403
