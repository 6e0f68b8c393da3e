"""What is read from chat completions, whole and in chunks."""

from __future__ import annotations

import json

import pytest

from errors import AnswerFiltered, PromptTooLong, ResponderError
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
        b'{"choices": [{"delta": {"content": [7]}}]}',
        b'{"choices": [{"delta": {"content": [{"type": "text", "text": 7}]}}]}',
        b'{"choices": [{"delta": {"content": [{"type": [], "text": "a"}]}}]}',
        b'{"choices": [{"delta": {"content": 7}}]}',
        b'{"choices": {"a": 1}}',
        b'{"choices": true}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'"\\ud800"' + b"[" * 100_000,
        b'{"choices": 1e400}',
        b"",
    ],
)
def test_unreadable_data_is_an_incomplete_answer(data: bytes) -> None:
    with pytest.raises(ResponderError) as error:
        Completion("m").add(data)
    assert error.value.code == "responder_incomplete"


@pytest.mark.parametrize(
    "usage",
    [
        7,
        None,
        {},
        [1],
        "lots",
        {"prompt_tokens": None, "completion_tokens": 1},
        {"prompt_tokens": 1, "completion_tokens": -5},
        {"prompt_tokens": True, "completion_tokens": 1},
        {"prompt_tokens": "1", "completion_tokens": 1},
        {"prompt_tokens": 1.5, "completion_tokens": 1},
        {"prompt_tokens": [1], "completion_tokens": 1},
        {"prompt_tokens": float("inf"), "completion_tokens": 1},
        {"prompt_tokens": float("nan"), "completion_tokens": 1},
        {"prompt_tokens": 10**30, "completion_tokens": 1},
    ],
)
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


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u200b\u2060", "\ufe0f", "\x00", "\u3164"])
def test_blank_text_is_an_empty_answer(blank: str) -> None:
    completion = Completion("m")
    completion.add(encoded(choices=[{"delta": {"content": blank}, "finish_reason": "stop"}]))
    with pytest.raises(ResponderError) as error:
        completion.reply()
    assert error.value.code == "responder_empty"


def test_lone_surrogate_is_replaced() -> None:
    completion = Completion("m")
    completion.add(rb'{"choices": [{"delta": {"content": "hi \ud83d there"}, "finish_reason": "stop"}]}')
    assert completion.reply().text == "hi \ufffd there"


@pytest.mark.parametrize("model", [5, 1.5, True, {"a": 1}, ["m"], "m" * 10_240, "m\n", "\x1b[2J", "", None])
def test_impossible_model_is_not_taken_over(model: object) -> None:
    completion = Completion("requested")
    completion.add(encoded(model=model, choices=[{"message": {"content": "Four."}, "finish_reason": "stop"}]))
    assert completion.reply().model == "requested"


def test_counts_may_be_whole_floats() -> None:
    completion = Completion("m")
    completion.add(encoded(choices=[{"message": {"content": "Four."}, "finish_reason": "stop"}]))
    completion.add(encoded(usage={"prompt_tokens": 7.0, "completion_tokens": 2}))
    assert completion.reply().usage == Usage(7, 2)


@pytest.mark.parametrize(
    ("reason", "meaning"),
    [
        ("stop", "stop"),
        ("eos", "stop"),
        (5, "stop"),
        ({"type": "stop"}, "stop"),
        ("length", "length"),
        ("MAX_TOKENS", "length"),
        ("model_length", "length"),
        ("content_filter", "content_filter"),
        ("SAFETY", "content_filter"),
    ],
)
def test_finish_reason_in_openais_words(reason: object, meaning: str) -> None:
    completion = Completion("m")
    completion.add(encoded(choices=[{"message": {"content": "Four."}, "finish_reason": reason}]))
    assert completion.reply().finish_reason == meaning


def test_model_that_broke_off_is_an_incomplete_answer() -> None:
    completion = Completion("m")
    completion.add(encoded(choices=[{"delta": {"content": "Half"}, "finish_reason": "error"}]))
    with pytest.raises(ResponderError) as error:
        completion.reply()
    assert error.value.code == "responder_incomplete"


def test_nothing_but_a_filter_is_a_filtered_answer() -> None:
    completion = Completion("m")
    completion.add(encoded(choices=[{"delta": {}, "finish_reason": "content_filter"}]))
    with pytest.raises(AnswerFiltered):
        completion.reply()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([{"type": "text", "text": "Four."}], "Four."),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}], ""),
        ([{"type": "thinking", "text": "Hm."}, {"type": "text", "text": "Four."}], "Four."),
        ([{"type": "output_text", "text": "Fo"}, {"text": "ur."}], "Four."),
        ([{"type": "refusal", "refusal": "No."}], "No."),
        ([{"type": "text", "text": None}], ""),
        ([], ""),
    ],
)
def test_content_in_parts(content: list[object], text: str) -> None:
    assert Completion("m").add(encoded(choices=[{"delta": {"content": content}}])) == text


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "thinking"])
def test_reasoning_in_a_field_of_its_own_is_not_text(field: str) -> None:
    assert Completion("m").add(encoded(choices=[{"delta": {field: "Hm.", "content": None}}])) == ""


def test_reasoning_whose_beginning_was_not_marked_is_withdrawn() -> None:
    completion = Completion("m")
    for piece in ("The visitor ", "greets me.</th", "ink>Hello <"):
        completion.add(encoded(choices=[{"delta": {"content": piece}}]))
    completion.add(encoded(choices=[{"finish_reason": "stop"}]))
    assert completion.reply().text == "Hello <"


def test_byte_order_mark_and_utf_16() -> None:
    text = '{"choices": [{"delta": {"content": "Four."}}]}'
    assert Completion("m").add(text.encode("utf-8-sig")) == "Four."
    assert Completion("m").add(text.encode("utf-16")) == "Four."


def test_text_beyond_the_limit_is_cut_off_at_a_character() -> None:
    completion = Completion("m", max_bytes=6)
    added = [
        completion.add(encoded(choices=[{"delta": {"content": text}}])) for text in ("abcd", "\u20ac", "e")
    ]
    assert added == ["abcd", "", ""]
    assert completion.full
    assert (completion.reply().text, completion.reply().finish_reason) == ("abcd", "length")


def test_long_body_is_read_as_far_as_it_goes() -> None:
    completion = Completion("m", max_bytes=1000)
    text = completion.add(b'{"choices": [{"message": {"content": "One two', cut_off=True)
    assert (text, completion.reply().finish_reason) == ("One two", "length")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": "content_filter", "message": "Filtered."}, AnswerFiltered),
        ({"code": "context_length_exceeded", "message": "Too long."}, PromptTooLong),
        ({"code": 2016, "message": "Prompt blocked due to security configurations"}, AnswerFiltered),
        ({"code": 500, "message": "Overloaded."}, ResponderError),
        (["boom"], ResponderError),
    ],
)
def test_error_in_place_of_an_answer(error: object, kind: type[ResponderError]) -> None:
    with pytest.raises(ResponderError) as raised:
        Completion("m").add(encoded(error=error))
    assert type(raised.value) is kind


def test_prompt_is_not_too_long_once_an_answer_has_begun() -> None:
    completion = Completion("m")
    completion.add(encoded(choices=[{"delta": {"content": "Half"}}]))
    with pytest.raises(ResponderError) as raised:
        completion.add(encoded(error={"code": "context_length_exceeded"}))
    assert raised.value.code == "responder_incomplete"


@pytest.mark.parametrize(
    "content",
    [
        ["Fo", {"type": "text", "text": "ur."}],
        {"type": "text", "text": "Four."},
        [{"type": "thinking", "thinking": "Hm."}, {"text": "Four."}],
    ],
)
def test_parts_of_content_in_any_form(content: object) -> None:
    completion = Completion("m")
    completion.add(encoded(choices=[{"message": {"content": content}, "finish_reason": "stop"}]))
    assert completion.reply().text == "Four."


def test_only_the_first_of_several_answers_is_taken() -> None:
    completion = Completion("m")
    deltas = [{"index": index, "delta": {"content": text}} for index, text in enumerate(["Four.", "Five."])]
    completion.add(encoded(choices=deltas))
    completion.add(encoded(choices=[{"index": 1, "delta": {}, "finish_reason": "length"}]))
    completion.add(encoded(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}]))
    assert (completion.reply().text, completion.reply().finish_reason) == ("Four.", "stop")


def test_error_after_the_end_does_not_lose_the_answer() -> None:
    completion = Completion("m")
    completion.add(encoded(choices=[{"delta": {"content": "Four."}, "finish_reason": "stop"}]))
    completion.add(encoded(error={"message": "the counter is broken"}))
    assert completion.reply().text == "Four."


def test_broken_utf_8_is_replaced() -> None:
    completion = Completion("m")
    completion.add(b'{"choices": [{"delta": {"content": "Fo\xffur."}, "finish_reason": "stop"}]}')
    assert completion.reply().text == "Fo\ufffdur."
