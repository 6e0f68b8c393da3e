"""The bridge from the runtime's requests to ASGI, with a minimal application."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx2
import pytest

from local.pyodide.worker import SOURCES, PyodideWorker
from tests.pyodide_ring.entries import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pyodide


@pytest.fixture(scope="module")
def echoes() -> Iterator[PyodideWorker]:
    with PyodideWorker.start(env={"NAME": "echoes"}, entry="echoes", folders=[SOURCES, ENTRIES]) as worker:
        yield worker


@pytest.fixture
def client(echoes: PyodideWorker) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=echoes.base_url, trust_env=False) as client:
        yield client


def test_request_reaches_the_application_unchanged(client: httpx2.Client) -> None:
    headers = [(b"X-Word", "na\u00efve".encode("latin-1"))]
    told = client.put("/a%20b/caf%C3%A9?q=%C3%A9&r", content="h\u00e9", headers=headers).json()
    assert (told["type"], told["method"], told["scheme"]) == ("http", "PUT", "http")
    assert (told["path"], told["raw_path"]) == ("/a b/caf\u00e9", "b'/a%20b/caf%C3%A9'")
    assert told["query_string"] == "b'q=%C3%A9&r'"
    assert told["headers"]["x-word"].encode("latin-1").decode() == "na\u00efve"
    assert (told["body"], told["env"]) == ("h\u00e9", "echoes")


def test_missing_body_is_empty(client: httpx2.Client) -> None:
    assert client.get("/").json()["body"] == ""


@pytest.mark.parametrize("announced", [True, False])
def test_long_body_is_read_only_until_it_exceeds_the_limit(client: httpx2.Client, *, announced: bool) -> None:
    content = b"x" * 100_000 if announced else (b"x" * 10_000 for _ in range(10))
    held = len(client.post("/", content=content).json()["body"])
    assert 1000 < held < 20_000


def test_response_bytes_and_headers_are_unchanged(client: httpx2.Client) -> None:
    response = client.get("/bytes")
    assert response.content == bytes(range(256))
    assert response.headers["x-n"].encode("latin-1") == b"caf\xe9"


def test_no_content_response(client: httpx2.Client) -> None:
    response = client.get("/empty")
    assert (response.status_code, response.content) == (204, b"")


def test_pieces_are_sent_separately(client: httpx2.Client) -> None:
    with client.stream("GET", "/pieces") as response:
        assert list(response.iter_raw()) == [b"piece 0;", b"piece 1;", b"piece 2;"]


def test_error_in_the_middle_of_a_response_breaks_the_connection(
    client: httpx2.Client, echoes: PyodideWorker
) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        client.get("/broken")
    assert len(echoes.control.errors()) == 1
    echoes.await_logged("ValueError: broken")


def test_error_after_a_complete_response_is_logged(client: httpx2.Client, echoes: PyodideWorker) -> None:
    assert client.get("/late").text == "whole"
    echoes.await_logged("ValueError: late")


def test_unreadable_file_breaks_the_connection(client: httpx2.Client, echoes: PyodideWorker) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        client.get("/unreadable")
    assert len(echoes.control.errors()) == 1


@pytest.mark.parametrize("kind", ["raises", "silent"])
def test_error_before_the_response_reaches_the_runtime(
    client: httpx2.Client, echoes: PyodideWorker, kind: str
) -> None:
    assert client.get(f"/{kind}").status_code == 500
    (error,) = echoes.control.errors()
    assert {"raises": "ValueError", "silent": "sent no response"}[kind] in error


def test_leaving_visitor_closes_the_response_generator(client: httpx2.Client, echoes: PyodideWorker) -> None:
    with client.stream("GET", "/endless") as response:
        assert next(response.iter_raw()) == b"piece 0;"
    assert client.get("/end").text == "the visitor left"
    assert echoes.control.background_failures() == []


def test_audio_waits_for_its_reader(client: httpx2.Client, echoes: PyodideWorker) -> None:
    with client.stream("GET", "/audio") as response:
        chunks = response.iter_raw()
        assert next(chunks)
        # What the operating system buffers between the two is a few megabytes.
        unread = _settled(client)
        assert unread < 20_000_000
        for _ in range(200):
            next(chunks)
        assert _settled(client) >= unread
    assert client.get("/end").text == "the visitor left"
    assert echoes.control.background_failures() == []


def test_audio_arrives_whole(client: httpx2.Client) -> None:
    assert len(client.get("/audio").content) == 48_000_000
    assert client.get("/end").text == "all was sent"


def _settled(client: httpx2.Client) -> int:
    """How much of the audio has been written, once that no longer changes."""
    before, now = -1, 0
    while before != now:
        time.sleep(0.3)
        before, now = now, int(client.get("/written").text)
    return now
