"""The recipes of docs/recipes.md, as they stand there, on pages of another origin."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from local.environment import ROOT
from local.node_tools import Unavailable, node_tools
from tests.browser.widget import Widget
from tests.rings import cannot_run

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from local.standin import StandIn
    from tests.browser.hosts import HostPages

pytestmark = pytest.mark.browser

PRICING, MIDDLE = "What's your pricing?", "What about the middle tier?"
GUIDE = (ROOT / "docs" / "recipes.md").read_text("utf-8")
APPLICATIONS = Path(__file__).parent / "recipes"
PLACEHOLDER = "https://YOUR-WORKER.workers.dev"
PAGE = '<!doctype html><html lang="en"><title>A shop</title><link rel="icon" href="data:,"><body>{}</html>'
FENCED = re.compile(r"^```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)
PHP = re.compile(r"add_action.*?\?>|<\?php.*", re.DOTALL)
# Vite's plugin, which the test of the recipe stands in for.
VITE_PLUGIN = "import vue from '@vitejs/plugin-vue';"


def code(heading: str, number: int = 0) -> str:
    """The code under a heading of the guide."""
    section = GUIDE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [match[1] for match in FENCED.finditer(section)][number]


def build(application: str, folder: Path, *more: Path) -> str:
    """Bundle an application together with the component in `folder`."""
    try:
        tools = node_tools()
    except Unavailable as error:
        cannot_run(str(error))
    entry = shutil.copy(APPLICATIONS / application, folder)
    command = [str(tools.node), str(APPLICATIONS / "build.mjs"), entry, str(tools.modules), *map(str, more)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def remembers(page: Page, url: str, model: StandIn) -> Widget:
    """Ask two questions on a page; the second is asked with the first one's exchange."""
    widget = Widget(page)
    page.goto(url)
    widget.open()
    for question in (PRICING, MIDDLE):
        widget.ask(question)
    assert len(model.requests[-1].body["messages"]) == 4
    assert widget.complaints == []
    return widget


@pytest.mark.parametrize("heading", ["A plain page", "WordPress", "Shopify", "Wix"])
def test_recipe_in_html(page: Page, host_pages: HostPages, agent: str, model: StandIn, heading: str) -> None:
    html = PHP.sub("", code(heading)).replace(PLACEHOLDER, agent)
    assert "php" not in html
    remembers(page, host_pages.add(PAGE.format(html)), model)


def test_react(page: Page, host_pages: HostPages, agent: str, model: StandIn, tmp_path: Path) -> None:
    (tmp_path / "VoiceAgent.jsx").write_text(code("React").replace(PLACEHOLDER, agent), "utf-8")
    check_application(page, host_pages, model, build("react.jsx", tmp_path))


def test_vue(page: Page, host_pages: HostPages, agent: str, model: StandIn, tmp_path: Path) -> None:
    (tmp_path / "VoiceAgent.vue").write_text(code("Vue").replace(PLACEHOLDER, agent), "utf-8")
    config = tmp_path / "vite.config.mjs"
    assert VITE_PLUGIN in code("Vue", 1)
    config.write_text(code("Vue", 1).replace(VITE_PLUGIN, "const vue = (options) => options;"), "utf-8")
    check_application(page, host_pages, model, build("vue.js", tmp_path, config))


def check_application(page: Page, host_pages: HostPages, model: StandIn, script: str) -> None:
    """The agent takes attributes, and its conversation survives being rendered anew."""
    script = script.replace("</script", r"<\/script")
    widget = remembers(page, host_pages.add(PAGE.format(f'<script type="module">{script}</script>')), model)
    expect(widget.host).to_have_js_property("language", "de")
    widget.host.evaluate("host => host.minimize()")
    page.get_by_role("button", name="Mount again").click()
    widget.open()
    expect(widget.messages).to_have_count(4)
