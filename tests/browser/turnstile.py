"""A stand-in for Cloudflare Turnstile: its script as browsers load it, and siteverify as the server calls it.

Both follow developers.cloudflare.com/turnstile. The site keys are those that Cloudflare gives for testing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

from tests.test_turnstile import SECRET, FakeSiteverify

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSES = "1x00000000000000000000AA"
BLOCKS = "2x00000000000000000000AB"
INTERACTIVE = "3x00000000000000000000FF"
ORIGIN = "https://challenges.cloudflare.com"
# `render` returns an id and calls back later. What was rendered is in `window.rendered`.
SCRIPT = """
window.rendered = [];
window.turnstile = {
  render(container, parameters) {
    if (container.getRootNode() !== document) throw new Error('The container has to be in the document.');
    const id = `cf-chl-widget-${rendered.length}`;
    const iframe = document.createElement('iframe');
    iframe.title = 'Widget containing a Cloudflare security challenge';
    container.append(iframe);
    rendered.push({ id, parameters, container, removed: false });
    const solve = () => parameters.callback(`good-${id}-${Math.random()}`);
    setTimeout(() => {
      if (parameters.sitekey.startsWith('1x')) solve();
      else if (parameters.sitekey.startsWith('2x')) parameters['error-callback']('300030');
      else if (parameters.sitekey.startsWith('3x')) {
        parameters['before-interactive-callback']();
        iframe.remove();
        const button = document.createElement('button');
        button.textContent = 'Verify you are human';
        button.onclick = () => {
          parameters['after-interactive-callback']();
          solve();
        };
        container.append(button);
      } else parameters['error-callback']('110100');
    }, 20);
    return id;
  },
  remove(id) {
    const widget = rendered.find((each) => each.id === id);
    widget.removed = true;
    widget.container.replaceChildren();
  },
};
window[new URL(document.currentScript.src).searchParams.get('onload')]();
"""


class Upstream(httpx2.AsyncBaseTransport):
    """Sends calls of siteverify to `siteverify`, and all others on their way."""

    def __init__(self) -> None:
        self.siteverify = FakeSiteverify(SECRET)
        self._network = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "challenges.cloudflare.com":
            return await self.siteverify.handle_async_request(request)
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()


def serve_script(page: Page, script: str = SCRIPT) -> None:
    """Play the server of Turnstile's script."""
    page.route(
        f"{ORIGIN}/**", lambda route: route.fulfill(body=script, content_type="application/javascript")
    )
