"""Our Worker and the one in JavaScript (peer.mjs), asked by the same visitor in JavaScript."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from pyodide.ffi import create_proxy

import entry
from bench.inside.scene import CHAT, EVENTS, FULL, HEADERS, JSON, QUESTION, VARS, Scene, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

WORD = " word"


class Visitor:
    """Asks in one session of one Worker. Only the Worker's own side of a request may be Python."""

    def __init__(self, scene: Scene, handler: Any) -> None:
        """`handler` takes a JavaScript Request and returns, or promises, a Response."""
        self._scene = scene
        self._handler = handler
        self._body = json.dumps({"question": QUESTION, "sessionId": str(uuid.uuid4())})

    async def ask(self, accept: str, times: int = 1) -> list[tuple[float, str]]:
        """Ask `times` times and return the chunks of the last response, each with its time of arrival."""
        headers = {**HEADERS, "accept": accept, "content-length": str(len(self._body))}
        init = plain({"method": "POST", "body": self._body, "headers": headers})
        chunks = await self._scene.controls.visit(self._handler, CHAT, init, times)
        return [(float(time), str(text)) for time, text in chunks.to_py()]

    async def cpu(self, accept: str, times: int) -> float:
        """Return the CPU milliseconds of one of `times` exchanges."""
        begin = self._scene.cpu()
        await self.ask(accept, times)
        return (self._scene.cpu() - begin) / times


async def visitors(scene: Scene, peer: str) -> dict[str, Visitor]:
    """Return a visitor of each Worker, with a full session; `peer` is the URL of peer.mjs."""

    async def ours(request: Any) -> Any:
        return await scene.fetch(entry.Default, request)

    found = {"ours": Visitor(scene, create_proxy(ours))}
    for _ in range(FULL):
        await found["ours"].ask(JSON)
    system = scene.sent()["messages"][0]["content"]
    handler = await scene.controls.handlerOf(peer, plain({**VARS, "SYSTEM": system}))
    found["javascript"] = Visitor(scene, handler)
    for _ in range(FULL):
        await found["javascript"].ask(JSON)
    return found


async def cpu(
    scene: Scene, *, peer: str, rounds: int, times: int, pieces: int = 0, delay: int = 0
) -> dict[str, list[float]]:
    """Measure the CPU milliseconds of an exchange: JSON, or a stream of `pieces`, `delay` ms apart."""
    asking = await visitors(scene, peer)
    accept = EVENTS if pieces else JSON
    scene.answer_with([WORD] * (pieces or 1), delay=delay)
    for visitor in asking.values():
        await visitor.ask(accept, times)
    found: dict[str, list[float]] = {name: [] for name in asking}
    for _ in range(rounds):
        for name, visitor in asking.items():
            found[name].append(await visitor.cpu(accept, times))
    scene.answer_with(QUESTION.split())
    return found


async def delays(
    scene: Scene, *, peer: str, times: int, pieces: int, delay: int
) -> dict[str, dict[str, list[float]]]:
    """Measure the milliseconds from writing a piece upstream until the visitor has it: `first`, `later`."""
    asking = await visitors(scene, peer)
    scene.answer_with([WORD] * pieces, delay=delay)
    found: dict[str, dict[str, list[float]]] = {name: {"first": [], "later": []} for name in asking}
    for _ in range(times):
        for name, visitor in asking.items():
            first, *later = _delays(scene, await visitor.ask(EVENTS))
            found[name]["first"].append(first)
            found[name]["later"] += later
    scene.answer_with(QUESTION.split())
    return found


def _delays(scene: Scene, chunks: Sequence[tuple[float, str]]) -> list[float]:
    arrivals = [time for time, text in chunks if "event: delta" in text for _ in range(text.count(WORD))]
    written = scene.controls.written().to_py()[1:]  # the first event only has the role
    return [came - wrote for came, wrote in zip(arrivals, written, strict=False)]
