"""An exchange with a model that writes notes: none is sent, stored, signed or exported."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from citations.responder import CitingResponder
from knowledge.passages import Passage
from tests.api import STREAM, Api, refusal, sse
from tests.citations.notes import NOTES, SAID
from tests.responders import ScriptedResponder

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt import Prompt
    from responders.responder import Reply

PASSAGES = {
    "k3f9a1": Passage("k3f9a1", ("Hours",), "We open at nine.", "https://example.com/hours", "Hours"),
    "p2k8s0": Passage("p2k8s0", ("Place",), "We are in Ely, 5 Mill Lane.", None, "Place"),
}
HOURS = {"title": "Hours", "url": "https://example.com/hours", "quote": "We open at nine."}
PLACE = {"title": "Place", "url": None, "quote": ""}
PLACE_AS_STORED = {"title": "Place", "quote": ""}
ANY_NOTE = re.compile(r"answered|verdict.?:|k3f9a1|p2k8s0|zz9zz9|beantwortet|\[\[|\]\]", re.IGNORECASE)


class Model(ScriptedResponder):
    """A model that writes `text`, in pieces of `size` characters if streamed."""

    def __init__(self, text: str, size: int = 3, finish_reason: str = "stop") -> None:
        super().__init__()
        self._text, self._size, self._finish_reason = text, size, finish_reason

    async def answer(self, prompt: Prompt) -> Reply:
        reply = await super().answer(prompt)
        return replace(reply, text=self._text, finish_reason=self._finish_reason)

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        for start in range(0, len(self._text), self._size):
            write(self._text[start : start + self._size])
        return await self.answer(prompt)


class Citing(ScriptedResponder):
    """The model behind the responder that the agent uses, which is told what was sent."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self._citing = CitingResponder(model)

    async def answer(self, prompt: Prompt) -> Reply:
        return await self._citing.answer(replace(prompt, passages=PASSAGES))

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        return await self._citing.stream(replace(prompt, passages=PASSAGES), write)


def api_with(text: str, size: int = 3, finish_reason: str = "stop") -> Api:
    return Api(responder=Citing(Model(text, size, finish_reason)))


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("text", NOTES.values(), ids=list(NOTES))
async def test_note_is_neither_sent_nor_stored(text: str, size: int) -> None:
    api = api_with(text, size)
    streamed = await api.chat(**STREAM)
    deltas = [json.loads(data)["text"] for name, data in sse(streamed.text) if name == "delta"]
    assert "".join(deltas) == SAID
    sent = (await api.chat()).json()
    assert sent["response"] == SAID
    stored = json.loads(await api.kv.get(api.key) or "")
    answers = [message["content"] for message in stored["messages"] if message["role"] == "assistant"]
    assert answers == [SAID, SAID]
    exported = await api.session("GET", "/session/export?format=txt")
    assert not ANY_NOTE.search(exported.text)


async def test_answer_has_the_sources_that_the_model_named() -> None:
    api = api_with(f"{SAID}\n[[answered k3f9a1 zz9zz9 p2k8s0]]")
    sent = (await api.chat()).json()
    assert (sent["verdict"], sent["sources"], sent["unsupported"]) == ("answered", [HOURS, PLACE], [])
    done = json.loads(sse((await api.chat(**STREAM)).text)[-1][1])
    assert (done["verdict"], done["sources"]) == ("answered", [HOURS, PLACE])
    stored = (await api.session()).json()["messages"]
    assert [message.get("sources") for message in stored] == [
        None,
        [HOURS, {"title": "Place", "quote": ""}],
    ] * 2
    assert stored[1]["verdict"] == "answered"


async def test_repeated_turn_has_the_same_evidence() -> None:
    api = api_with("It costs 12 euros.\n[[partly p2k8s0]]")
    body: dict[str, object] = {"question": "Hello?", "turnId": "6ff4bb05-28a5-4a26-b2f6-25b4ca5f4d2e"}
    first, again = (await api.post_chat(body)).json(), (await api.post_chat(body)).json()
    assert again["repeated"]
    for name, value in (("verdict", "partly"), ("sources", [PLACE]), ("unsupported", ["12"])):
        assert first[name] == again[name] == value


@pytest.mark.parametrize("verdict", ["unknown", "chat"])
async def test_answer_that_is_not_from_the_knowledge_has_no_sources(verdict: str) -> None:
    sent = (await api_with(f"Well.\n[[{verdict} k3f9a1]]").chat()).json()
    assert (sent["verdict"], sent["sources"]) == (verdict, [])


async def test_without_a_note_the_verdict_is_open() -> None:
    api = api_with("Hello.")
    sent = (await api.chat()).json()
    assert (sent["verdict"], sent["sources"], sent["unsupported"]) == (None, [], [])
    assert "evidence" not in (await api.kv.get(api.key) or "")


async def test_answer_is_complete_if_only_its_note_was_cut_off() -> None:
    cut = (await api_with(f"{SAID}\n[[answered k3", finish_reason="length").chat()).json()
    assert (cut["response"], cut["finishReason"]) == (SAID, "stop")
    early = (await api_with("We open at", finish_reason="length").chat()).json()
    assert early["finishReason"] == "length"


@pytest.mark.parametrize("headers", [{}, STREAM])
async def test_note_alone_is_no_answer(headers: dict[str, str]) -> None:
    response = await api_with("[[answered k3f9a1]]").chat(**headers)
    assert refusal(response) == (502, "responder_empty")


async def test_what_is_unknown_and_unsupported_is_counted_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "voice_agent.conversation")
    await api_with("Perhaps 12 or 13 euros.\n[[unknown]]").chat()
    assert "not in the knowledge, 2 unsupported" in caplog.text
    assert "euros" not in caplog.text
