"""Measures what audio leaves in Pyodide's heap."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyodide_js  # type: ignore[import-not-found]
from pyodide.code import run_js

import entry
from bench.inside.scene import CHAT, JSON, post

if TYPE_CHECKING:
    from bench.inside.scene import Scene

TRANSCRIBE, SPEECH = (CHAT.replace("/chat", f"/{path}") for path in ("transcribe", "speech"))
# Until nothing more is read from the model's server.
SETTLED_SECONDS = 3


def serve_audio() -> Any:
    """Let a model's server in JavaScript answer from now on; returns `audio.js`'s controls of it."""
    return run_js((Path(__file__).parent / "audio.js").read_text("utf-8"))


async def recordings_heap(scene: Scene, controls: Any, visitors: int, size: int) -> float:
    """Return by how many megabytes `visitors` recordings of `size` bytes at once make the heap grow."""

    async def send() -> None:
        response = await scene.fetch(entry.Default, await controls.upload(TRANSCRIBE, size))
        text = str(await response.text())
        if "Hello" not in text:
            raise RuntimeError(text)

    await send()
    before = heap_mb()
    await asyncio.gather(*(send() for _ in range(visitors)))
    return heap_mb() - before


async def speech_heap(scene: Scene, visitors: int) -> float:
    """Return by how many megabytes the heap grows while `visitors` request speech and do not read it."""
    body = {"text": "Hi! Ask me anything about us.", "format": "pcm"}

    async def request() -> Any:
        return await scene.fetch(entry.Default, post(SPEECH, body, JSON))

    await (await request()).arrayBuffer()
    before = heap_mb()
    responses = await asyncio.gather(*(request() for _ in range(visitors)))
    await asyncio.sleep(SETTLED_SECONDS)
    grown = heap_mb() - before
    for response in responses:
        await response.body.cancel()
    return grown


def heap_mb() -> float:
    """Return the size of WebAssembly's memory in megabytes."""
    return float(pyodide_js._module.HEAPU8.byteLength) / 1_048_576  # noqa: SLF001 - it has no other name
