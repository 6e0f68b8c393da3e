"""The system clock and the stopwatch behind `Server-Timing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clock import Stopwatch
from stores.kv_faults import KVFaults
from tests.api import Api
from tests.clocks import ManualClock

if TYPE_CHECKING:
    import httpx2


def parts(response: httpx2.Response) -> list[str]:
    return [part.partition(";")[0] for part in response.headers["server-timing"].split(", ")]


def test_each_part_is_what_it_took_since_the_one_before() -> None:
    clock = ManualClock()
    watch = Stopwatch(clock)
    clock.advance(0.0123)
    watch.lap("read")
    clock.advance(1.5)
    watch.lap("answer")
    clock.advance(1)
    watch.lap("answer")
    assert watch.header("read", "first", "answer") == {"Server-Timing": "read;dur=12.3, answer;dur=1500.0"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("application/json", ["read", "answer", "write"]), ("text/event-stream", ["read", "first"])],
)
async def test_chat_tells_of_kv_and_of_the_model(accept: str, expected: list[str]) -> None:
    assert parts(await Api().chat(accept=accept)) == expected


async def test_the_time_of_kv_is_not_the_model_s() -> None:
    response = await Api(faults=KVFaults(slowness=0.25)).chat()
    assert response.headers["server-timing"] == "read;dur=250.0, answer;dur=0.0, write;dur=250.0"
