"""The measurements inside Pyodide. Each returns JSON, from which the modules in `bench` make figures."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

import entry
from bench.inside import comparison, stored
from bench.inside.audio import heap_mb, recordings_heap, serve_audio, speech_heap
from bench.inside.first_request import Entered, built
from bench.inside.peers import BareFetch, BarePackage, bare_worker
from bench.inside.scene import CHAT, EVENTS, FULL, JSON, QUESTION, Scene, post

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SCENE = Scene()
# Unused timeouts and the isolate's state of a session are released sooner than this.
SETTLED_SECONDS = 40
Measured = dict[str, list[float]]


async def kv() -> dict[str, dict[str, int]]:
    """Count the KV operations of each exchange of a session, until the history is trimmed."""
    found = {}
    for name, accept in (("json", JSON), ("stream", EVENTS)):
        session_id = str(uuid.uuid4())
        for number in range(1, FULL + 2):
            before = SCENE.controls.counts().to_py()
            await SCENE.exchange(entry.Default, session_id, accept)
            after = SCENE.controls.counts().to_py()
            found[f"{name} {number}"] = {call: after[call] - before[call] for call in after}
    return found


async def cpu(rounds: int, times: int) -> Measured:
    """Measure the CPU milliseconds of an exchange in a full session, and of the peers' completions."""
    session_id = await _full_session()
    body = SCENE.sent()
    package, fetch = BarePackage(), BareFetch()
    package_worker, fetch_worker = bare_worker(package), bare_worker(fetch)

    async def bare(worker: Any) -> None:
        await (await SCENE.fetch(worker, post(CHAT, body, JSON))).text()

    return await _alternated(
        rounds,
        times,
        exchange=lambda: SCENE.exchange(entry.Default, session_id),
        sdk=lambda: bare(package_worker),
        fetch=lambda: bare(fetch_worker),
        sdk_call=lambda: package.complete(body),
        fetch_call=lambda: fetch.complete(body),
    )


async def stream(rounds: int, times: int, few: int, many: int, turns: int) -> Measured:
    """Measure the CPU milliseconds of one more piece, in our response and in the package's `async for`."""
    session_id = await _full_session()
    await SCENE.exchange(entry.Default, session_id, EVENTS)
    body = SCENE.sent()
    package = BarePackage()

    async def read() -> None:
        async for _ in package.stream(body):
            pass

    found: Measured = {"ours": [], "sdk": []}
    for _ in range(rounds):
        measured = {}
        for pieces in (few, many):
            SCENE.answer_with([" word"] * pieces, turns=turns)
            measured[pieces] = await _alternated(
                1, times, ours=lambda: SCENE.exchange(entry.Default, session_id, EVENTS), sdk=read
            )
        for name, values in found.items():
            values.append((measured[many][name][0] - measured[few][name][0]) / (many - few))
    SCENE.answer_with(QUESTION.split())
    return found


async def first_piece(times: int, pieces: int, delay: int) -> Measured:
    """Measure the milliseconds from writing a piece upstream until the client has it."""
    session_id = await _full_session()
    SCENE.answer_with([" word"] * pieces, delay=delay)
    found: Measured = {"first": [], "later": [], "sdk_first": []}
    package = BarePackage()
    for _ in range(times):
        body = {"question": QUESTION, "sessionId": session_id}
        response = await SCENE.fetch(entry.Default, post(CHAT, body, EVENTS))
        reader, arrivals = response.body.getReader(), []
        while not (piece := await reader.read()).done:
            arrivals += [SCENE.now()] * piece.value.to_bytes().count(b" word")
        written = SCENE.controls.written().to_py()[1:]  # the first event only has the role
        delays = [came - wrote for came, wrote in zip(arrivals, written, strict=False)]
        found["first"].append(delays[0])
        found["later"] += delays[1:]
        sdk = [SCENE.now() async for _ in package.stream(SCENE.sent())]
        found["sdk_first"].append(sdk[0] - SCENE.controls.written().to_py()[1])
    SCENE.answer_with(QUESTION.split())
    return found


async def heap(exchanges: int) -> dict[str, float]:
    """Measure the WebAssembly memory in megabytes, early and after many exchanges, and new Python objects."""
    for accept in (JSON, EVENTS):
        await SCENE.exchange(entry.Default, str(uuid.uuid4()), accept)
    gc.collect()
    start, objects = heap_mb(), len(gc.get_objects())
    for number in range(exchanges):
        await SCENE.exchange(entry.Default, str(uuid.uuid4()), EVENTS if number % 2 else JSON)
    await asyncio.sleep(SETTLED_SECONDS)
    await SCENE.exchange(entry.Default, str(uuid.uuid4()))
    gc.collect()
    return {"start": start, "end": heap_mb(), "objects": len(gc.get_objects()) - objects}


async def first_request() -> dict[str, dict[str, Any]]:
    """List what the first request of a kind imports, and what it builds; to be run first, once."""
    found = {}
    for name, accept in (("json", JSON), ("stream", EVENTS)):
        entered = []
        before = set(sys.modules)
        for _ in range(2):
            entered.append(Entered())
            with entered[-1].recording():
                await SCENE.exchange(entry.Default, str(uuid.uuid4()), accept)
        found[name] = {"modules": sorted(set(sys.modules) - before), "built": built(*entered)}
    return found


async def stores(rounds: int, times: int, module: str, schema: str) -> Measured:
    """Measure the CPU milliseconds of an exchange in a full session in each store."""
    return await _alternated(rounds, times, **await stored.exchanges(module, schema))


async def _full_session() -> str:
    session_id = str(uuid.uuid4())
    for _ in range(FULL):
        json.loads(await SCENE.exchange(entry.Default, session_id))
    return session_id


async def _alternated(rounds: int, times: int, **measured: Callable[[], Awaitable[object]]) -> Measured:
    """Measure the CPU milliseconds of each call, alternating; a round makes each call `times` times."""
    found: Measured = {name: [] for name in measured}
    for call in measured.values():
        await call()
    for _ in range(rounds):
        for name, call in measured.items():
            begin = SCENE.cpu()
            for _ in range(times):
                await call()
            found[name].append((SCENE.cpu() - begin) / times)
    return found


async def audio(visitors: int, listeners: int, size: int) -> dict[str, float]:
    """Return the growth of the heap by recordings, and by speech that nobody reads."""
    controls = serve_audio()
    return {
        "recordings": await recordings_heap(SCENE, controls, visitors, size),
        "speech": await speech_heap(SCENE, listeners),
    }


MEASURES: dict[str, Callable[..., Awaitable[object]]] = {
    **{
        measure.__name__: measure
        for measure in (kv, cpu, stream, first_piece, heap, first_request, stores, audio)
    },
    "javascript_cpu": partial(comparison.cpu, SCENE),
    "javascript_delays": partial(comparison.delays, SCENE),
}
