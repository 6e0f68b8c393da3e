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


def test_texts_become_one_line() -> None:
    settings = read(
        AGENT_NAME=" Ada \n",
        GREETING="Bonjour\u00a0!\nHello \u2764\ufe0f",
        SUGGESTED_QUESTIONS="One?| |Two?",
    )
    assert settings.agent_name == "Ada"
    assert settings.greeting == "Bonjour\u00a0! Hello \u2764\ufe0f"
    assert settings.suggested_questions == ("One?", "Two?")


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
        ("SESSION_TTL_SECONDS", "2147483648", "must be at most 2147483647"),
        ("SESSION_MAX_AGE_SECONDS", "1e12", "must be"),
        ("MAX_MESSAGES", "9", "must be even"),
        ("MAX_MESSAGES", "many", "must be a whole number"),
        ("MAX_BODY_BYTES", "9999999", "must be at most 1048576"),
        ("ENVIRONMENT", "prod", "must be 'development', 'preview' or 'production'"),
        ("ALLOWED_ORIGINS", "https://a.example, example.com", "but entry 2 is not one"),
        ("ALLOWED_ORIGINS", "https://a.example/path", "but entry 1 is not one"),
        ("ALLOWED_ORIGINS", "https://[sk-secret]", "but entry 1 is not one"),
        ("OPENAI_BASE_URL", "api.example.com", "must start with http:// or https://"),
        ("LANGUAGES", ",", "must list at least one value"),
        ("SIGNING_SECRET", "too-short", "must have at least 16 characters"),
        ("IDENTITY_SECRET", "too-short", "must have at least 32 characters: make one with `openssl rand"),
        ("IDENTITY_SECRET", f"{'a1' * 20},{'b' * 31}", "at least 32 characters (secret 2 of 2)"),
        ("IDENTITY_SECRET", f"{'a1' * 20} {'b' * 31}", "must not contain a space"),
        ("IDENTITY_SECRET", f"{'a1' * 20},'{'b' * 40}'", "must not be in quotes"),
        ("IDENTITY_SECRET", f"{'a1' * 20},{'a1' * 20}", "must not list the same secret twice"),
        ("IDENTITY_SECRET", "your-secret-of-at-least-32-characters-here", "and not the placeholder"),
        ("IDENTITY_AUDIENCE", "my shop", "must not contain a space"),
        ("HISTORY_DAYS", "0", "must be at least 1"),
        ("PRIVACY_URL", "/privacy", "must start with http:// or https://"),
        ("PRIVACY_URL", "https://", "must be a URL with a valid host name"),
        ("PRIVACY_URL", "https://me@shop.example/privacy", "without a user name"),
        ("CONSENT", "yes", "must be 'ask' or 'none'"),
        ("LANGUAGES", "en, English language", "must list language codes"),
        ("OPENAI_MODEL", "gpt-6-luna ", "must not begin or end with a space"),
        ("OPENAI_VOICES", "alloy, 'nova'", "must not be in quotes"),
        ("OPENAI_REASONING_EFFORT", "a lot", "must be one word"),
        ("RATE_LIMIT", "20", "must be off or LIMIT/PERIOD"),
        ("RATE_LIMIT", "1000/60", "a LIMIT is at most 999"),
        ("SPEECH_BUDGET", "40000/1000000", "a PERIOD has at most 6"),
        ("AGENT_NAME", "x" * 61, "must have at most 60 characters"),
        ("AGENT_NAME", 5, "must be text"),
        ("AGENT_NAME", " \n", "must not be empty"),
        ("AGENT_NAME", "\u2800", "U+2800 (BRAILLE PATTERN BLANK), which cannot be seen"),
        ("AGENT_NAME", "Ada\u202e", "U+202E (RIGHT-TO-LEFT OVERRIDE), which cannot be seen: remove it"),
        ("GREETING", "Hi\x1b[2J", "U+001B, which cannot be seen: remove it"),
        ("GREETING", "Hi\U000e0041", "U+E0041 (TAG LATIN CAPITAL LETTER A), which cannot be seen: remove it"),
        (
            "SUGGESTED_QUESTIONS",
            "One?|Two\u2066?",
            "U+2066 (LEFT-TO-RIGHT ISOLATE), which cannot be seen: remove it",
        ),
        ("OPENAI_MODEL", "gpt\u034f-6", "invisible character"),
        ("OPENAI_MODEL", "<your model>", "not the placeholder"),
        ("OPENAI_VOICES", "alloy, {voice}", "not the placeholder"),
        ("IDENTITY_AUDIENCE", "x" * 201, "must have at most 200 characters"),
        ("MAX_MESSAGES", [], "must be a whole number"),
        ("OPENAI_MAX_RETRIES", True, "must be a whole number"),
        ("OPENAI_TIMEOUT_SECONDS", True, "must be a number"),
        ("OPENAI_TIMEOUT_SECONDS", [], "must be a number"),
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


def test_repr_hides_identity_secrets() -> None:
    secrets = read(IDENTITY_SECRET=f"{'a1' * 20}, {'b2' * 20}").identity_secret
    assert [secret.get_secret_value() for secret in secrets] == ["a1" * 20, "b2" * 20]
    assert "a1a1" not in repr(secrets)


def test_privacy_url_may_be_any_page() -> None:
    assert read(PRIVACY_URL="https://shop.example/legal?lang=de#privacy").privacy_url is not None


@pytest.mark.parametrize("logo", ["https://shop.example/logo.svg?v=2", "/logo.svg", "/img/logo.png"])
def test_logo_is_an_address_or_a_path(logo: str) -> None:
    assert read(AGENT_LOGO=logo).agent_logo == logo


@pytest.mark.parametrize(
    "logo", ["logo.svg", "//shop.example/logo.svg", "http://shop.example/a.png", "data:,"]
)
def test_logo_that_a_page_would_not_load(logo: str) -> None:
    with pytest.raises(ConfigurationError, match="AGENT_LOGO must start with https://, or be a path"):
        read(AGENT_LOGO=logo)


def test_separate_speech_server_is_not_sent_the_other_key() -> None:
    own = read(
        OPENAI_API_KEY="sk-secret", OPENAI_SPEECH_BASE_URL="https://speech.example/v1"
    ).for_speech_server()
    assert (own.openai_base_url, own.openai_api_key) == ("https://speech.example/v1", None)


def test_separate_speech_server_gets_its_own_key() -> None:
    own = read(
        OPENAI_API_KEY="sk-secret",
        OPENAI_SPEECH_BASE_URL="https://speech.example/v1",
        OPENAI_SPEECH_API_KEY="other",
    ).for_speech_server()
    assert own.openai_api_key is not None
    assert own.openai_api_key.get_secret_value() == "other"
    assert own.openai_base_url == "https://speech.example/v1"


@pytest.mark.parametrize(
    ("pasted", "problem"),
    [
        ("sk-…", "placeholder"),
        ("sk-...", "placeholder"),
        ("sk-proj-...Ab3d", "placeholder"),
        ("sk-xxxxxxxx", "placeholder"),
        ("<your key>", "placeholder"),
        ("your-api-key", "placeholder"),
        ("sk-your-key-here", "placeholder"),
        ("sk-abc ", "must not begin or end with a space or line break"),
        ("sk-abc\n", "must not begin or end with a space or line break"),
        ("\ufeffsk-abc", "invisible character"),
        (" ", "must not begin or end with a space"),
        ('"sk-abc"', "must not be in quotes"),
        ("sk-abc sk-def", "must not contain a space"),
        ("sk-\u0430bc", "ASCII"),
    ],
)
@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_SPEECH_API_KEY"])
def test_badly_pasted_key_is_explained(name: str, pasted: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} .*{problem}"):
        read(**{name: pasted})


@pytest.mark.parametrize("key", ["k", "ollama", "sk-proj-A_b-9xxxYour", "eyJ.eyJ.sig"])
def test_key_of_any_server_is_accepted(key: str) -> None:
    assert read(OPENAI_API_KEY=key).openai_api_key is not None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://api.example/v1 ", "begin or end with a space"),
        ("'https://api.example/v1'", "quotes"),
        ("https://", "host name"),
        ("https://api.example:0/v1", "port"),
        ("https://api.example:x/v1", "port"),
        ("https://api.example/v1?key=1", "without a user name"),
        ("https://me:secret@api.example/v1", "without a user name"),
        ("https://api.example/v1/chat/completions", "without the path of a call"),
        ("https://api.example/v1#", "without a user name"),
        ("https://api.example?", "without a user name"),
        ("https://@api.example", "without a user name"),
        ("https://api..example", "host name"),
        ("https://-api.example", "host name"),
        ("https://api.example%2f", "host name"),
        ("https://xn--a.example", "host name"),
        (f"https://{'a' * 64}.example", "host name"),
        (f"https://{'a.' * 130}example", "host name"),
        ("https://*.example.com", "host name"),
        ("https://api.example\\v1", "host name"),
        ("https://300.1.1.1", "IPv4"),
        ("https://1.2.3", "IPv4"),
        ("https://[::g]", "host name|IPv6"),
        ("https://api.example:", "port"),
        ("https://gateway.example/v1/{account_id}/openai", "replace placeholders"),
        ("https://gateway.example/v1/<account>/openai", "replace placeholders"),
        ("https:/api.example", "host name"),
        ("ftp://api.example", "start with http"),
    ],
)
def test_base_url_that_cannot_work_is_explained(url: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=f"OPENAI_BASE_URL must .*{problem}"):
        read(OPENAI_API_KEY="k", OPENAI_BASE_URL=url)


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("https://api.example/v1/", "https://api.example/v1"),
        ("HTTPS://API.example:443/V1", "https://api.example:443/V1"),
        ("http://localhost:8788/v1", "http://localhost:8788/v1"),
        ("http://ollama_1:11434", "http://ollama_1:11434"),
        ("http://ollama.svc.cluster.local./v1", "http://ollama.svc.cluster.local/v1"),
        ("http://[::0001]:8000", "http://[::1]:8000"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("https://b\u00fccher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_base_url_as_it_is_used(written: str, used: str) -> None:
    assert read(OPENAI_API_KEY="k", OPENAI_BASE_URL=written).openai_base_url == used


def test_base_url_requires_a_key() -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_BASE_URL must be set together with OPENAI_API_KEY"):
        read(OPENAI_BASE_URL="https://api.example/v1")


def test_speech_server_requires_no_key() -> None:
    assert read(OPENAI_SPEECH_BASE_URL="http://localhost:8000/v1").openai_speech_api_key is None


def test_invalid_key_is_the_only_problem_reported() -> None:
    with pytest.raises(ConfigurationError) as error:
        read(OPENAI_API_KEY="sk-…", OPENAI_BASE_URL="https://api.example/v1")
    assert "OPENAI_BASE_URL" not in error.value.message
