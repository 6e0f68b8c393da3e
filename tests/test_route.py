"""What all routes share: caps on the request body, and FastAPI's own parameters."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import pytest
from fastapi import APIRouter, FastAPI, Header, Query
from hypothesis import given
from hypothesis import strategies as st

from api.route import PREFIX, ApiRoute, CurrentServices, nesting
from settings import Settings
from speech.synthesizer import Sound
from tests.api import Api, client_of, refusal
from tests.recordings import RECORDINGS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from speech.recording import Recording
    from speech.synthesizer import Utterance

CAPS = Settings(max_body_bytes=1000, max_audio_bytes=20_000)
FORM_HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="clip"\r\n\r\n'

values = st.recursive(
    st.none() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


class StubVoice:
    """Understands every recording as its length in bytes, and speaks a text as its bytes."""

    name = receiver = "stub"
    voices = ("stub",)

    def listens(self) -> bool:
        return True

    async def transcribe(self, recording: Recording, language: str | None) -> str:
        del language
        return str(recording.file.size)

    async def stream(self, recording: Recording, language: str | None, write: Callable[[str], object]) -> str:
        text = await self.transcribe(recording, language)
        write(text)
        return text

    def speaks(self, language: str | None) -> bool:
        del language
        return True

    async def speak(self, utterance: Utterance) -> Sound:
        return Sound("audio/pcm", _pieces(utterance.text))


async def _pieces(text: str) -> AsyncGenerator[bytes]:
    yield text.encode()


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(values)
def test_nesting_ignores_brackets_in_strings(value: object) -> None:
    assert nesting(json.dumps(value).encode()) == depth(value)


@pytest.mark.parametrize(
    ("text", "levels"),
    [(b"", 0), (b"]]]][", 0), (b"[[[", 3), (b'"[[[', 0), (b'"\\"[[[', 0), (b'["\\\\"[', 2)],
)
def test_nesting_of_invalid_json(text: bytes, levels: int) -> None:
    assert nesting(text) == levels


@pytest.mark.parametrize(("levels", "status"), [(2, 200), (3, 400)])
async def test_json_may_be_nested_max_json_depth_deep(levels: int, status: int) -> None:
    api = Api(Settings(max_json_depth=2))
    more = json.loads("[" * (levels - 1) + "]" * (levels - 1))
    response = await api.post_chat({"question": "Hello?", "more": more})
    assert response.status_code == status
    if status == 400:
        assert response.json() == {
            "error": "Invalid JSON: it is nested more than 2 levels deep.",
            "code": "invalid_json",
        }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", (400, "invalid_json")),
        (b"\xff\xfe{}", (400, "invalid_json")),
        (b"[" * 16_000, (400, "invalid_json")),
        (b'{"question": ' + b"9" * 5000 + b"}", (400, "invalid_json")),
        (('{"question": "' + "\u2200" * 100 + "[" * 500 + '"}').encode("utf-16"), (400, "invalid_json")),
        (b'{"question": "Hi", "sessionId": "\xc3"}', (400, "invalid_json")),
        (b"", (415, "invalid_body")),
        (b"[]", (415, "invalid_body")),
    ],
    ids=["cut", "not UTF-8", "deep", "long number", "UTF-16", "half a character", "empty", "array"],
)
async def test_body_that_is_not_a_json_object_is_rejected(content: bytes, expected: tuple[int, str]) -> None:
    assert refusal(await Api().post_json(content)) == expected


async def test_json_of_another_content_type_is_rejected() -> None:
    headers = {"content-type": "text/plain"}
    response = await Api().client.post("/chat", content=b'{"question": "Hi"}', headers=headers)
    assert refusal(response) == (415, "invalid_body")


def with_speech(settings: Settings) -> Api:
    api = Api(settings)
    api.services = replace(api.services, recognizer=StubVoice(), synthesizer=StubVoice())
    return api


def chat_body(api: Api, size: int) -> tuple[bytes, str]:
    """A valid question of `size` bytes, and its content type."""
    body = json.dumps({"sessionId": api.session_id, "question": "Hello?"})
    return body.encode().ljust(size), "application/json"


def recording_body(size: int) -> tuple[bytes, str]:
    """A valid form of `size` bytes with a recording, and its content type."""
    form = FORM_HEAD + RECORDINGS["webm"][1] + b"\r\n--x--\r\n"
    return form.ljust(size), "multipart/form-data; boundary=x"


async def chunks(body: bytes) -> AsyncIterator[bytes]:
    """`body` in pieces, which is therefore sent without a Content-Length."""
    for start in range(0, len(body), 300):
        yield body[start : start + 300]


@pytest.mark.parametrize(("excess", "status"), [(0, 200), (1, 413)])
@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
@pytest.mark.parametrize(
    ("path", "cap"), [("/chat", CAPS.max_body_bytes), ("/transcribe", CAPS.max_form_bytes)]
)
async def test_body_is_capped_by_its_route(
    path: str, cap: int, excess: int, status: int, *, chunked: bool
) -> None:
    api = with_speech(CAPS)
    size = cap + excess
    body, content_type = recording_body(size) if path == "/transcribe" else chat_body(api, size)
    content = chunks(body) if chunked else body
    response = await api.client.post(path, content=content, headers={"content-type": content_type})
    assert response.status_code == status
    assert status == 200 or refusal(response) == (413, "body_too_large")


async def test_request_for_speech_may_contain_an_answer() -> None:
    body = json.dumps({"text": "Hello"}).encode().ljust(CAPS.max_speech_body_bytes)
    assert (await with_speech(CAPS).post_json(body, "/speech")).status_code == 200
    body += b" "
    assert refusal(await with_speech(CAPS).post_json(body, "/speech")) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("path", "content_type", "beginning"),
    [("/chat", "application/json", b"{"), ("/transcribe", "multipart/form-data; boundary=x", FORM_HEAD)],
)
async def test_endless_body_is_rejected(path: str, content_type: str, beginning: bytes) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield beginning
        while True:
            yield b" " * 300

    api = with_speech(CAPS)
    response = await api.client.post(path, content=endless(), headers={"content-type": content_type})
    assert refusal(response) == (413, "body_too_large")


async def test_body_is_not_read_if_its_announced_length_is_too_long() -> None:
    async def unreadable() -> AsyncIterator[bytes]:
        raise AssertionError("The body was read")
        yield b""

    headers = {"content-type": "application/json", "content-length": str(CAPS.max_body_bytes + 1)}
    response = await Api(CAPS).client.post("/chat", content=unreadable(), headers=headers)
    assert refusal(response) == (413, "body_too_large")


async def test_endpoint_receives_every_declared_parameter() -> None:
    router = APIRouter(prefix=PREFIX, route_class=ApiRoute)

    @router.post("/echo/{place}")
    async def echo(
        place: str,
        body: dict[str, int],
        services: CurrentServices,
        note: Annotated[str, Header(alias="X-Note")] = "default",
        limit: Annotated[int, Query()] = 0,
    ) -> dict[str, object]:
        agent = services.settings.agent_name
        return {"place": place, "body": body, "note": note, "limit": limit, "agent": agent}

    app = FastAPI()
    app.state.services_for = lambda _scope: Api().services
    app.include_router(router)
    response = await client_of(app).post(
        "/echo/here?limit=7", json={"size": 1}, headers={"X-Note": "something"}
    )
    assert response.json() == {
        "place": "here",
        "body": {"size": 1},
        "note": "something",
        "limit": 7,
        "agent": "Voice agent",
    }
