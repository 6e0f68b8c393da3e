"""One running stand-in for all of these tests, reset before each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from openai import AsyncOpenAI

from local.standin import StandIn, running_standin
from tests.openai_standin.asking import KEY, RecordedSleep

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture(scope="package")
def sleep() -> RecordedSleep:
    return RecordedSleep()


@pytest.fixture(scope="package")
def server(sleep: RecordedSleep) -> Iterator[StandIn]:
    with running_standin(StandIn(sleep=sleep, now=lambda: 1_800_000_000.9)) as running:
        yield running


@pytest.fixture
def standin(server: StandIn, sleep: RecordedSleep) -> StandIn:
    server.reset()
    sleep.asked.clear()
    return server


@pytest.fixture
async def client(standin: StandIn) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=standin.base_url, api_key="sk-secret", max_retries=0) as client:
        yield client


@pytest.fixture
async def http(standin: StandIn) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=f"{standin.base_url}/", headers=KEY) as http:
        yield http
