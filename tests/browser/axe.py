"""axe-core, and what it finds in a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

# All rules run, except experimental ones and those for WCAG level AAA.
OPTIONS = {"resultTypes": ["violations"]}


def violations(page: Page, axe: str) -> list[Any]:
    """What axe-core reports for the page and its shadow roots: rule, elements, explanation."""
    page.evaluate(axe)
    found = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        (violation["id"], [(node["target"], node["failureSummary"]) for node in violation["nodes"]])
        for violation in found["violations"]
    ]
