"""Sending a request again when the server is busy, or was sent too many, and says how long to wait."""

from __future__ import annotations

import asyncio

import httpx2

ASKS_TO_WAIT = {429, 503}
MAX_ATTEMPTS = 5
MAX_SECONDS = 120.0


class PatientTransport(httpx2.AsyncHTTPTransport):
    """Waits as long as `Retry-After` says, up to `MAX_SECONDS`, and then sends the request again."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request` up to `MAX_ATTEMPTS` times; returns the last response."""
        for _ in range(MAX_ATTEMPTS - 1):
            response = await super().handle_async_request(request)
            seconds = response.headers.get("retry-after", "")
            if response.status_code not in ASKS_TO_WAIT or not seconds.isdecimal():
                return response
            await response.aclose()
            await asyncio.sleep(min(float(seconds), MAX_SECONDS))
        return await super().handle_async_request(request)
