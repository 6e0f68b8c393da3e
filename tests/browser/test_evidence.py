"""Below an answer: where it is from, what is in no source, and how to reach the owner."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

CONTACT = {"email": "info@shop.example", "phone": "+49 (0)30 1234567", "url": "https://shop.example/contact"}
EVIDENCE = {
    "verdict": "unknown",
    "sources": [
        {"title": "Prices", "url": "https://shop.example/prices", "quote": "Growth - 49 dollars, a month"},
        {"title": "Hours", "url": "https://shop.example/hours#week", "quote": "We open"},
        {"title": "Leaflet", "url": None, "quote": ""},
        {"title": "Trap", "url": "javascript:alert(1)", "quote": ""},
    ],
    "unsupported": ["59", "6 pm"],
}


def with_evidence(route: Route) -> None:
    response = route.fetch()
    *deltas, done = response.text().strip().split("\n\n")
    event, data = done.split("\ndata: ")
    answer = json.dumps({**json.loads(data), **EVIDENCE})
    route.fulfill(response=response, body="\n\n".join([*deltas, f"{event}\ndata: {answer}", ""]))


def with_contact(route: Route) -> None:
    response = route.fetch()
    config: dict[str, Any] = response.json()
    route.fulfill(response=response, json={**config, "contact": CONTACT})


def test_sources_contact_and_what_is_unsupported(widget: Widget) -> None:
    widget.page.route("**/chat", with_evidence)
    widget.page.route("**/config", with_contact)
    widget.open()
    widget.ask("What's your pricing?")
    evidence = widget.panel.locator(".evidence")
    expect(evidence).to_have_text(
        [
            "Sources: Prices · Hours · Leaflet · Trap",
            "You can reach us here: info@shop.example · +49 (0)30 1234567 · Contact page",
            "Not in my sources, so please check: 59, 6 pm",
        ]
    )
    links = evidence.get_by_role("link")
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://shop.example/prices#:~:text=Growth%20%2D%2049%20dollars%2C%20a%20month",
        "https://shop.example/hours#week:~:text=We%20open",
        "mailto:info@shop.example",
        "tel:+49301234567",
        "https://shop.example/contact",
    ]
    assert links.first.get_attribute("target") == "_blank"
