"""A Worker that runs contract checks on its bindings: GET /SUITE/NAME responds with the failure, if any."""

from __future__ import annotations

import importlib
import traceback
from typing import Any

from workers import Response, WorkerEntrypoint

BINDINGS = {"d1_contract": "VOICE_DB"}  # the others are about KV


class Default(WorkerEntrypoint):
    """Responds with 204 if the check passed, and with the traceback if it failed."""

    async def fetch(self, request: Any) -> Any:
        """Run the check that the path names."""
        suite, name = str(request.url).split("/")[-2:]
        checks = importlib.import_module(f"tests.contracts.{suite}").CHECKS
        try:
            await checks[name](getattr(self.env, BINDINGS.get(suite, "VOICE_SESSIONS")))
        except Exception:  # noqa: BLE001 - reported in the response
            return Response(traceback.format_exc(), status=500)
        return Response(None, status=204)
