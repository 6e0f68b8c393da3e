"""Generated requests against stored conversations: a rejected request must change none of them."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from errors import ResponderBusy, ResponderError, ResponderTimeout
from models import Exchange
from session_id import fingerprint, generate_session_id
from settings import Settings
from tests.api import Api
from tests.load.report import Report, counted
from tests.load.requests import Sent, from_openapi, near_good, strange

if TYPE_CHECKING:
    import httpx2

# Hypothesis remembers every example, so a run is split into batches.
BATCH = 1000
SESSIONS = 12
FAULT_EVERY = 20
FOREVER = 10**8
# 5xx for what this agent does not offer.
NOT_OFFERED = {(501, f"{name}_unavailable") for name in ("speech", "accounts", "pairing")}
# 5xx that are allowed while a fault is switched on.
DEFINED = {
    (502, "responder_failed"),
    (503, "responder_busy"),
    (503, "storage_unavailable"),
    (504, "responder_timeout"),
}


class Fuzz:
    """The API with some stored conversations, and the responses so far."""

    def __init__(self, random_seed: int) -> None:
        # No conversation expires during the run, because that would be a change.
        self.api = Api(Settings(session_ttl_seconds=FOREVER, session_max_age_seconds=FOREVER))
        self.report = Report()
        self.answers: Counter[str] = Counter()
        self.session_ids = [generate_session_id() for _ in range(SESSIONS)]
        self.turn_ids = [generate_session_id() for _ in range(SESSIONS)]
        self.sent = self.rejected = self.faults = 0
        self._random = random.Random(random_seed)  # noqa: S311 - reproducible faults

    async def send(self, sent: Sent) -> None:
        """Send one request, sometimes with a fault on; check the response and what is stored."""
        await self._keep_stored()
        before = await self._stored()
        fault = self._random.randrange(FAULT_EVERY) == 0
        if fault:
            self._switch_fault_on()
        self.api.clock.advance(2)
        response = await self.api.client.request(
            sent.method, sent.path, content=sent.content, headers=_encodable(sent.headers)
        )
        self._switch_faults_off()
        await self.api.background.drain()
        self._check(sent, response, fault=fault)
        if response.status_code >= 400:
            self.rejected += 1
            self.report.expect(
                await self._stored() == before, f"{response.status_code} changed what is stored: {sent}"
            )

    def finish(self, seconds: float) -> Report:
        """Return the report of a run that took `seconds`."""
        self.report.figures = {
            "requests": self.sent,
            "seconds": f"{seconds:.0f}",
            "with a fault switched on": self.faults,
            "rejected or failed": self.rejected,
            "stored conversations changed by these": sum("changed" in p for p in self.report.problems),
            "undefined 5xx": sum("5xx" in p for p in self.report.problems),
            "responses": counted(self.answers),
        }
        return self.report

    def _check(self, sent: Sent, response: httpx2.Response, *, fault: bool) -> None:
        status = response.status_code
        code = ""
        if status >= 400 and sent.method != "HEAD":
            body = response.json()
            code = body.get("code", "")
            self.report.expect(set(body) == {"error", "code"}, f"not an error body: {sent}")
        self.sent += 1
        self.faults += fault
        self.answers[f"{status} {code}".strip()] += 1
        if status >= 500 and (status, code) not in NOT_OFFERED:
            self.report.expect(fault and (status, code) in DEFINED, f"5xx {status} {code}: {sent}")
        for secret in ("Traceback", "You know things"):
            self.report.expect(secret not in response.text, f"{secret!r} in a response: {sent}")
        self.report.expect("no-store" in response.headers.get("cache-control", ""), f"cacheable: {sent}")

    def _switch_fault_on(self) -> None:
        kind = self._random.randrange(4)
        if kind == 0:
            self.api.faults.fail("get", RuntimeError("KV GET failed: 500"))
        elif kind == 1:
            self.api.faults.refused_puts = 2
        else:
            error = self._random.choice([ResponderError(), ResponderBusy(retry_after=3), ResponderTimeout()])
            self.api.responder.errors = [error]

    def _switch_faults_off(self) -> None:
        self.api.faults.clear()
        self.api.responder.errors = []
        self.api.responder.prompts.clear()

    async def _keep_stored(self) -> None:
        for place, session_id in enumerate(self.session_ids):
            if await self.api.storage.get_session(session_id) is None:
                fresh = generate_session_id() if await self.api.storage.is_closed(session_id) else session_id
                self.session_ids[place] = fresh
                session = await self.api.storage.open_session(fresh)
                exchange = Exchange(
                    turn_id=str(place),
                    question=f"question {place}",
                    answer=f"answer {place}",
                    timestamp=session.created_at,
                )
                await self.api.storage.save_session(session.with_exchange(exchange))

    async def _stored(self) -> list[str | None]:
        return [
            await self.api.kv.get(f"session:{fingerprint(session_id)}") for session_id in self.session_ids
        ]


def _encodable(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}


def fuzz(requests: int, random_seed: int) -> Report:
    """Send `requests` requests, a fifth of them generated from the OpenAPI document."""
    state = Fuzz(random_seed)
    started = time.perf_counter()
    with asyncio.Runner() as runner:
        document = from_openapi(state.api.app)
        for batch in range(0, requests, BATCH):
            near = near_good(state.session_ids, state.turn_ids)
            strategy = st.tuples(document, near, near, near, strange(state.session_ids))
            _run_batch(runner, state, strategy, min(BATCH, requests - batch), random_seed + batch)
    return state.finish(time.perf_counter() - started)


def _run_batch(
    runner: asyncio.Runner, state: Fuzz, strategy: st.SearchStrategy[tuple[Sent, ...]], size: int, number: int
) -> None:
    """Send `size` requests; Hypothesis stops early when it runs out of new ones, so it may run again."""
    goal = state.sent + size

    @seed(number)
    @hypothesis_settings(
        max_examples=size,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def send(requests: tuple[Sent, ...]) -> None:
        for sent in requests[: goal - state.sent]:
            runner.run(state.send(sent))

    while state.sent < goal:
        send()
