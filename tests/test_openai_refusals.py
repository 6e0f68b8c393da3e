"""Errors about filters and long prompts, in the words of several servers, and what is logged of them."""

from __future__ import annotations

import logging

import httpx2
import pytest

from errors import AnswerFiltered, PromptTooLong, ResponderError
from responders.openai_refusals import loggable_code, refusal
from responders.openai_responder import OpenAIResponder
from tests.connections import connected
from tests.test_openai_responder import PROMPT

FILTERED = [
    {"message": "The prompt was filtered.", "param": "prompt", "code": "content_filter", "status": 400},
    {"message": "Blocked.", "code": "content_policy_violation"},
    {"message": "Blocked.", "innererror": {"code": "ResponsibleAIPolicyViolation"}},
    {"message": "Flagged.", "code": 403, "metadata": {"flagged_input": "a bomb", "reasons": ["violence"]}},
    {"message": "Inappropriate content.", "code": "data_inspection_failed"},
    {"message": "Content Exists Risk", "code": "invalid_request_error"},
]
TOO_LONG = [
    {"message": "Too long.", "code": "context_length_exceeded"},
    {"message": "Too long.", "type": "exceed_context_size_error", "code": 400},
    {
        "message": "This model's maximum context length is 4096 tokens. However, you requested 5000.",
        "code": 400,
    },
    {"message": "This model's maximum prompt length is 131072 but the request contains 131073 tokens."},
    {"message": "prompt is too long: 210000 tokens > 200000 maximum"},
    {"message": "The input token count (32769) exceeds the maximum number of tokens allowed (32768)."},
    {"message": "Prompt contains 65673 tokens, too large for model with 32768 maximum context length"},
    "context length exceeded",
]


@pytest.mark.parametrize("error", FILTERED, ids=str)
def test_filter(error: object) -> None:
    assert isinstance(refusal(error, 400), AnswerFiltered)


@pytest.mark.parametrize("error", TOO_LONG, ids=str)
def test_prompt_that_is_too_long(error: object) -> None:
    assert isinstance(refusal(error, 400), PromptTooLong)


def test_any_413_is_about_the_length() -> None:
    assert isinstance(refusal(None, 413), PromptTooLong)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (None, 400),
        (["boom"], 400),
        ({"message": "Unknown model.", "code": "model_not_found"}, 404),
        ({"message": ["context length"], "code": {"a": [1]}}, 400),
        ({"message": "The context length is fine.", "code": None}, 500),
    ],
)
def test_any_other_error(error: object, status: int) -> None:
    assert refusal(error, status) is None


@pytest.mark.parametrize(
    "code", ["context_length_exceeded", "ResponsibleAIPolicyViolation", "invalid_api_key"]
)
def test_identifiers_are_logged(code: str) -> None:
    assert loggable_code({"code": code}) == code


@pytest.mark.parametrize(
    "code",
    [
        "\x1b]0;owned\x07\nERROR forged line",
        "call +49 170 1234567",
        "491701234567",
        "sk-proj-abcdefghij",
        "a" * 49,
        "two words",
        "line\n",
        400,
        {"a": [1]},
        None,
        "",
    ],
)
def test_codes_that_are_not_identifiers_are_not_logged(code: object) -> None:
    assert loggable_code({"code": code}) == "no code"


@pytest.mark.parametrize(
    "body", [{"error": {"message": "m", "code": "\x1b call 1234567"}}, {"error": ["x1234567"]}]
)
@pytest.mark.parametrize("status", [200, 400, 500])
async def test_log_has_nothing_that_the_server_chose(
    body: dict[str, object], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "voice_agent")
    async with connected(lambda _: httpx2.Response(status, json=body)) as connection:
        with pytest.raises(ResponderError):
            await OpenAIResponder(connection, model="m", max_output_tokens=16).answer(PROMPT)
    assert "no code" in caplog.text
    assert "1234567" not in caplog.text
    assert "\x1b" not in caplog.text
