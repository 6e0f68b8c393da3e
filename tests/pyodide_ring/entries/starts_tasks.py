"""A Worker whose response never ends, with a registered task and an unregistered one."""

from __future__ import annotations

import asyncio
from typing import Any

import workers
from workers import WorkerEntrypoint

outcomes: list[str] = []
go = asyncio.Event()


class Default(WorkerEntrypoint):
    """`/` is the response without an end; `/outcomes` lets all tasks finish and lists how they ended."""

    async def fetch(self, request: Any) -> Any:
        """Respond to one request."""
        from js import Response, TransformStream  # noqa: PLC0415 - exists only in Pyodide

        if request.url.endswith("/outcomes"):
            go.set()
            await asyncio.sleep(0)
            return Response.new(" ".join(sorted(outcomes)))
        go.clear()
        outcomes.clear()
        workers.wait_until(asyncio.ensure_future(_task("registered")))
        self.kept = asyncio.ensure_future(_task("unregistered"))
        stream = TransformStream.new()
        asyncio.ensure_future(_begin(stream.writable.getWriter()))  # noqa: RUF006 - finishes immediately
        return Response.new(stream.readable)


async def _begin(writer: Any) -> None:
    from js import TextEncoder  # noqa: PLC0415 - exists only in Pyodide

    await writer.write(TextEncoder.new().encode("begun"))


async def _task(name: str) -> None:
    try:
        await go.wait()
    except asyncio.CancelledError:
        outcomes.append(f"{name}:cancelled")
        raise
    outcomes.append(f"{name}:ended")
