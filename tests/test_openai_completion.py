"""What is read from chat completions, whole and in chunks."""

from __future__ import annotations

import json

import pytest

from errors import ResponderError
from models import Usage
from responders.openai_completion import Completion


def encoded(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def test_whole_completion() -> None:
    completion = Completion("requested")
    choice = {"message": {"role": "assistant", "content": "Four."}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 7, "completion_tokens": 2}
    text = completion.add(encoded(model="gpt-x", choices=[choice], usage=usage))
    reply = completion.reply()
    assert (text, reply.text, reply.model, reply.usage) == ("Four.", "Four.", "gpt-x", Usage(7, 2))


def test_chunks_add_up() -> None:
    completion = Completion("requested")
    deltas = [{"role": "assistant", "content": ""}, {"content": "Fo"}, {"content": "ur."}, {}]
    added = [completion.add(encoded(choices=[{"delta": delta}])) for delta in deltas]
    completion.add(encoded(choices=[{"delta": {}, "finish_reason": "length"}]))
    completion.add(encoded(choices=[], usage={"prompt_tokens": 7, "completion_tokens": 2}))
    reply = completion.reply()
    assert added == ["", "Fo", "ur.", ""]
    assert (reply.text, reply.model, reply.finish_reason) == ("Four.", "requested", "length")
    assert reply.usage == Usage(7, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"<html>",
        b"[]",
        b"null",
        b'"text"',
        b"\xff",
        b'{"error": {"message": "overloaded"}}',
        b'{"error": "overloaded"}',
        b'{"choices": [7]}',
        b'{"choices": 7}',
        b'{"choices": [{"delta": "text"}]}',
        b'{"choices": [{"delta": {"content": ["parts"]}}]}',
    ],
)
def test_unreadable_data_is_an_incomplete_answer(data: bytes) -> None:
    with pytest.raises(ResponderError) as error:
        Completion("m").add(data)
    assert error.value.code == "responder_incomplete"


@pytest.mark.parametrize("usage", [7, None, {}, {"prompt_tokens": None, "completion_tokens": 1}])
def test_unreadable_usage_does_not_lose_the_answer(usage: object) -> None:
    completion = Completion("m")
    choice = {"message": {"content": "Four."}, "finish_reason": "stop"}
    completion.add(encoded(choices=[choice], usage=usage))
    assert (completion.reply().text, completion.reply().usage) == ("Four.", None)


def test_missing_finish_reason_is_an_incomplete_answer() -> None:
    completion = Completion("m")
    completion.add(b'{"choices": [{"delta": {"content": "Half"}}]}')
    with pytest.raises(ResponderError) as error:
        completion.reply()
    assert error.value.code == "responder_incomplete"


def test_blank_text_is_an_empty_answer() -> None:
    completion = Completion("m")
    completion.add(b'{"choices": [{"delta": {"content": " "}, "finish_reason": "stop"}]}')
    with pytest.raises(ResponderError) as error:
        completion.reply()
    assert error.value.code == "responder_empty"


def test_lone_surrogate_is_replaced() -> None:
    completion = Completion("m")
    completion.add(rb'{"choices": [{"delta": {"content": "hi \ud83d there"}, "finish_reason": "stop"}]}')
    assert completion.reply().text == "hi \ufffd there"
