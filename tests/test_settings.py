"""Reading the settings: defaults, values, and errors that name the variable but never show its value."""

from __future__ import annotations

import pytest

from errors import ConfigurationError
from settings import Settings


def read(**values: object) -> Settings:
    return Settings.read(values.get)


def test_defaults() -> None:
    settings = read()
    assert (settings.session_ttl_seconds, settings.max_messages) == (3600, 10)
    assert settings.openai_api_key is None
    assert settings.allowed_origins == ()


def test_empty_variable_takes_default() -> None:
    settings = read(OPENAI_API_KEY="", MAX_MESSAGES="")
    assert (settings.openai_api_key, settings.max_messages) == (None, 10)


def test_numbers_as_text_or_numbers() -> None:
    settings = read(MAX_MESSAGES="6", SESSION_TTL_SECONDS=120)
    assert (settings.max_messages, settings.session_ttl_seconds) == (6, 120)


def test_lists() -> None:
    settings = read(
        ALLOWED_ORIGINS="https://a.example, http://localhost:3000",
        SUGGESTED_QUESTIONS="One? | Two, or three?",
    )
    assert settings.allowed_origins == ("https://a.example", "http://localhost:3000")
    assert settings.suggested_questions == ("One?", "Two, or three?")
    assert read(SUGGESTED_QUESTIONS="|").suggested_questions == ()


@pytest.mark.parametrize("level", ["debug", "Debug", "DEBUG"])
def test_log_level_in_any_case(level: str) -> None:
    assert read(LOG_LEVEL=level).log_level == "DEBUG"


def test_origins_are_normalized_to_what_browsers_send() -> None:
    settings = read(ALLOWED_ORIGINS="https://Shop.example:443, http://localhost:3000,http://a.example:80")
    assert settings.allowed_origins == ("https://shop.example", "http://localhost:3000", "http://a.example")


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SESSION_TTL_SECONDS", "59", "must be at least 60"),  # KV's minimum
        ("MAX_MESSAGES", "9", "must be even"),
        ("MAX_MESSAGES", "many", "must be a whole number"),
        ("MAX_BODY_BYTES", "9999999", "must be at most 1048576"),
        ("ENVIRONMENT", "prod", "must be 'development', 'preview' or 'production'"),
        ("ALLOWED_ORIGINS", "https://a.example, example.com", "but entry 2 is not one"),
        ("ALLOWED_ORIGINS", "https://a.example/path", "but entry 1 is not one"),
        ("ALLOWED_ORIGINS", "https://[sk-secret]", "but entry 1 is not one"),
        ("OPENAI_BASE_URL", "api.example.com", "must start with http:// or https://"),
        ("LANGUAGES", ",", "must list at least one value"),
        ("OPENAI_REASONING_EFFORT", "a lot", "must be one word"),
        ("RATE_LIMIT", "20", "must be off or LIMIT/PERIOD"),
        ("AGENT_NAME", "x" * 61, "must have at most 60 characters"),
        ("AGENT_NAME", 5, "must be text"),
    ],
)
def test_invalid_value_is_explained(name: str, value: object, problem: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        read(**{name: value})
    assert error.value.message.startswith(f"Invalid settings: {name} must ")
    assert problem in error.value.message


def test_all_invalid_variables_are_named() -> None:
    with pytest.raises(ConfigurationError) as error:
        read(MAX_MESSAGES="x", SESSION_TTL_SECONDS="1")
    assert error.value.message == (
        "Invalid settings: SESSION_TTL_SECONDS must be at least 60; MAX_MESSAGES must be a whole number."
    )


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
@pytest.mark.parametrize("value", ["sk-secret-pasted-here", "https://[sk-secret-pasted-here]"])
def test_invalid_value_is_never_shown(name: str, value: str) -> None:
    try:
        read(**{name: value})
    except ConfigurationError as error:
        assert "sk-secret" not in error.message  # noqa: PT017 - some settings accept any text


def test_repr_hides_api_key() -> None:
    assert "sk-secret" not in repr(read(OPENAI_API_KEY="sk-secret"))


def test_separate_speech_server_requires_its_own_key() -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_SPEECH_API_KEY must be set together"):
        read(OPENAI_API_KEY="sk-secret", OPENAI_SPEECH_BASE_URL="https://speech.example/v1")


def test_separate_speech_server_gets_its_own_key() -> None:
    own = read(
        OPENAI_API_KEY="sk-secret",
        OPENAI_SPEECH_BASE_URL="https://speech.example/v1",
        OPENAI_SPEECH_API_KEY="other",
    ).for_speaking()
    assert own.openai_api_key is not None
    assert own.openai_api_key.get_secret_value() == "other"
    assert own.openai_base_url == "https://speech.example/v1"
