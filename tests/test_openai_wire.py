"""What comes over the wire is read alike however the network cuts it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import ResponderError
from models import Usage
from responders.openai_wire import Answer, EventReader

DATA = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1)


@given(texts=st.lists(DATA), end=st.sampled_from(["\n", "\r\n"]), size=st.integers(1, 7))
def test_events_are_the_same_however_they_are_cut(texts: list[str], end: str, size: int) -> None:
    sent = "".join(f"data: {text}{end}{end}" for text in texts).encode()
    reader = EventReader()
    pieces = (sent[start : start + size] for start in range(0, len(sent), size))
    assert [data.decode() for piece in pieces for data in reader.feed(piece)] == texts


@pytest.mark.parametrize(
    ("sent", "data"),
    [
        (b": a comment\n\n", []),
        (b"event: ping\n\n", []),
        (b"event: delta\nid: 7\ndata: a\n\n", [b"a"]),
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b"data:a\n\ndata:  b\n\n", [b"a", b" b"]),
        (b"data: a\n", []),
    ],
)
def test_what_is_an_event(sent: bytes, data: list[bytes]) -> None:
    assert EventReader().feed(sent) == data


def test_a_view_of_bytes_will_do() -> None:
    reader = EventReader()
    assert reader.feed(memoryview(b"data: a")) == []
    assert reader.feed(memoryview(b"\n\n")) == [b"a"]


def test_a_completion_is_read_whole() -> None:
    answer = Answer("asked-for")
    choice = {"message": {"role": "assistant", "content": "Four."}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 7, "completion_tokens": 2}
    text = answer.add(json.dumps({"model": "gpt-x", "choices": [choice], "usage": usage}))
    reply = answer.reply()
    assert (text, reply.text, reply.model, reply.usage) == ("Four.", "Four.", "gpt-x", Usage(7, 2))


def test_chunks_add_up() -> None:
    answer = Answer("asked-for")
    deltas = [{"role": "assistant", "content": ""}, {"content": "Fo"}, {"content": "ur."}, {}]
    added = [answer.add(json.dumps({"choices": [{"delta": delta}]})) for delta in deltas]
    answer.add(json.dumps({"choices": [{"delta": {}, "finish_reason": "length"}]}))
    answer.add(json.dumps({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}))
    reply = answer.reply()
    assert added == ["", "Fo", "ur.", ""]
    assert (reply.text, reply.model, reply.finish_reason) == ("Four.", "asked-for", "length")
    assert reply.usage == Usage(7, 2)


@pytest.mark.parametrize(
    "sent",
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
def test_what_is_no_completion_is_an_error(sent: bytes) -> None:
    with pytest.raises(ResponderError) as error:
        Answer("m").add(sent)
    assert error.value.code == "responder_incomplete"


@pytest.mark.parametrize("usage", [7, None, {}, {"prompt_tokens": None, "completion_tokens": 1}])
def test_tokens_that_cannot_be_read_are_not_counted(usage: object) -> None:
    """The answer was paid for: it does not hang on how a server counts."""
    answer = Answer("m")
    choice = {"message": {"content": "Four."}, "finish_reason": "stop"}
    answer.add(json.dumps({"choices": [choice], "usage": usage}))
    assert (answer.reply().text, answer.reply().usage) == ("Four.", None)


def test_an_answer_needs_an_end_and_a_text() -> None:
    answer = Answer("m")
    answer.add('{"choices": [{"delta": {"content": "Half"}}]}')
    with pytest.raises(ResponderError) as unfinished:
        answer.reply()
    silent = Answer("m")
    silent.add('{"choices": [{"delta": {"content": " "}, "finish_reason": "stop"}]}')
    with pytest.raises(ResponderError) as empty:
        silent.reply()
    assert (unfinished.value.code, empty.value.code) == ("responder_incomplete", "responder_empty")
