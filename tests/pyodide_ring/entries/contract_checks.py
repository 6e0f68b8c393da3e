"""A Worker that runs contract checks on its bindings: GET /SUITE/NAME responds with the failure, if any."""

from __future__ import annotations

import importlib
import traceback
from typing import Any

from workers import Response, WorkerEntrypoint

from edge import openai_at_startup  # noqa: F401 - as in the Worker's own entry point

# isort: split
from edge.bindings import Bindings


def binding_for(suite: str, env: Any) -> Any:
    """The binding that a suite is about; for all but D1's own contract, as the agent uses it."""
    if suite == "d1_contract":
        return env.VOICE_DB
    return Bindings(env).VOICE_DB if suite.startswith("d1_") else env.VOICE_SESSIONS


class Default(WorkerEntrypoint):
    """Responds with 204 if the check passed, and with the traceback if it failed."""

    async def fetch(self, request: Any) -> Any:
        """Run the check that the path names."""
        suite, name = str(request.url).split("/")[-2:]
        checks = importlib.import_module(f"tests.contracts.{suite}").CHECKS
        try:
            await checks[name](binding_for(suite, self.env))
        except Exception:  # noqa: BLE001 - reported in the response
            return Response(traceback.format_exc(), status=500)
        return Response(None, status=204)
