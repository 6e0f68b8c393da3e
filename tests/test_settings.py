"""The settings: defaults, what is refused, and that a refusal shows no secret."""

from __future__ import annotations

import pytest

from errors import ConfigurationError
from settings import Settings


def read(**values: object) -> Settings:
    return Settings.read(values.get)


def test_defaults_are_the_seeds() -> None:
    settings = read()
    assert (settings.session_ttl_seconds, settings.max_messages) == (3600, 10)
    assert settings.openai_api_key is None
    assert settings.allowed_origins == ()


def test_an_empty_variable_is_none() -> None:
    assert read(OPENAI_API_KEY="", MAX_MESSAGES="").openai_api_key is None


def test_reads_text_and_numbers() -> None:
    assert read(MAX_MESSAGES="6", SESSION_TTL_SECONDS=120).max_messages == 6


def test_reads_lists() -> None:
    settings = read(
        ALLOWED_ORIGINS="https://a.example, http://localhost:3000",
        SUGGESTED_QUESTIONS="One? | Two, or three?",
    )
    assert settings.allowed_origins == ("https://a.example", "http://localhost:3000")
    assert settings.suggested_questions == ("One?", "Two, or three?")
    assert read(SUGGESTED_QUESTIONS="|").suggested_questions == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_TTL_SECONDS", "59"),  # KV's least
        ("MAX_MESSAGES", "9"),
        ("MAX_MESSAGES", "many"),
        ("ENVIRONMENT", "prod"),
        ("ALLOWED_ORIGINS", "example.com"),
        ("ALLOWED_ORIGINS", "https://a.example/path"),
        ("OPENAI_BASE_URL", "api.example.com"),
        ("LANGUAGES", ","),
        ("OPENAI_REASONING_EFFORT", "a lot"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read(**{name: value})


def test_all_problems_are_named_and_no_value_is_shown() -> None:
    with pytest.raises(ConfigurationError) as error:
        read(MAX_MESSAGES="sk-secret-pasted-here", SESSION_TTL_SECONDS="1")
    assert "MAX_MESSAGES" in error.value.message
    assert "SESSION_TTL_SECONDS" in error.value.message
    assert "sk-secret" not in error.value.message


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_no_wrong_value_is_ever_shown(name: str) -> None:
    try:
        read(**{name: "sk-secret-pasted-here"})
    except ConfigurationError as error:
        assert "sk-secret" not in error.message  # noqa: PT017 - texts take any value


def test_origins_are_taken_as_browsers_send_them() -> None:
    settings = read(ALLOWED_ORIGINS="https://Shop.example:443, http://localhost:3000,http://a.example:80")
    assert settings.allowed_origins == ("https://shop.example", "http://localhost:3000", "http://a.example")


def test_the_key_does_not_show() -> None:
    assert "sk-secret" not in repr(read(OPENAI_API_KEY="sk-secret"))


def test_another_server_never_gets_the_key_of_openai() -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_SPEECH_API_KEY"):
        read(OPENAI_API_KEY="sk-secret", OPENAI_SPEECH_BASE_URL="https://speech.example/v1")
    own = read(
        OPENAI_API_KEY="sk-secret",
        OPENAI_SPEECH_BASE_URL="https://speech.example/v1",
        OPENAI_SPEECH_API_KEY="other",
    ).for_speaking()
    assert own.openai_api_key is not None
    assert (own.openai_base_url, own.openai_api_key.get_secret_value()) == (
        "https://speech.example/v1",
        "other",
    )
