"""The Worker, with every request body cut off as in the runtime when a visitor leaves while sending it."""

from __future__ import annotations

from typing import Any

from pyodide.code import run_js
from workers import WorkerEntrypoint

import entry

# Measured in workerd: what reading a body raises there.
CUT_OFF = """(request) => {
  let pulls = 0;
  const pull = (controller) => {
    if (pulls++ === 0) controller.enqueue(new TextEncoder().encode("--x"));
    else controller.error(Object.assign(new Error("Network connection lost."), { retryable: true }));
  };
  const { method, headers } = request;
  return new Request(request.url, { method, headers, body: new ReadableStream({ pull }), duplex: "half" });
}"""


class Default(WorkerEntrypoint):
    """Passes on the beginning of each request."""

    async def fetch(self, request: Any) -> Any:
        """Answer a request that never arrives as a whole."""
        cut_off: Any = run_js(CUT_OFF)
        return await entry.on_fetch(cut_off(request.js_object), self.env, self.ctx)
