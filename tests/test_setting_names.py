"""Misspelt names of settings."""

from __future__ import annotations

import pytest

from setting_names import BINDINGS, did_you_mean, misspelt_names
from settings import Settings


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("OPENAI_APIKEY", "OPENAI_API_KEY"),
        ("OPENAI_KEY", "OPENAI_API_KEY"),
        ("OPEN_AI_API_KEY", "OPENAI_API_KEY"),
        ("OPENAI_API_KEYS", "OPENAI_API_KEY"),
        ("openai_api_key", "OPENAI_API_KEY"),
        ("GREETNG", "GREETING"),
        ("GREETINGS", "GREETING"),
        ("allowed_origins", "ALLOWED_ORIGINS"),
        ("ALLOWED_ORIGIN", "ALLOWED_ORIGINS"),
        ("ALLOW_ORIGINS", "ALLOWED_ORIGINS"),
        ("OPENAI_BASEURL", "OPENAI_BASE_URL"),
        ("OPENAI_URL", "OPENAI_BASE_URL"),
        ("OPENAI_API_BASE", "OPENAI_BASE_URL"),
        ("OPENAI_MODEL_NAME", "OPENAI_MODEL"),
        ("MAX_TOKENS", "MAX_OUTPUT_TOKENS"),
        ("SESSION_TTL", "SESSION_TTL_SECONDS"),
        ("SUGGESTED_QUESTIONS_EN", "SUGGESTED_QUESTIONS"),
        ("RATELIMIT", "RATE_LIMIT"),
        ("VOICE_SESSION", "VOICE_SESSIONS"),
        ("RATE_LIMITTER", "RATE_LIMITER"),
    ],
)
def test_misspelt_name_is_recognized(name: str, meant: str) -> None:
    assert misspelt_names([name], BINDINGS) == {name: meant}
    assert did_you_mean({name: meant}) == [f"{name} is not a setting: did you mean {meant}?"]


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "NODE_ENV",
        "PORT",
        "HOST",
        "DEBUG",
        "ASSETS",
        "CF_VERSION_METADATA",
        "OPENAI_ORG_ID",
        "OPENAI_ORGANIZATION",
        "OPENAI_PROJECT_ID",
        "OPENAI_LOG",
        "OPENAI_API_VERSION",
        "OPENAI_WEBHOOK_SECRET",
        "ANTHROPIC_API_KEY",
        "SESSION_MANAGER",
        "XDG_SESSION_ID",
        "GITHUB_API_URL",
    ],
)
def test_name_of_something_else_is_left_alone(name: str) -> None:
    assert misspelt_names([name], BINDINGS) == {}


def test_every_setting_is_spelt_correctly() -> None:
    assert misspelt_names([*map(str.upper, Settings.model_fields), *BINDINGS], BINDINGS) == {}


def test_similar_name_beside_the_setting_itself_is_left_alone() -> None:
    assert misspelt_names(["OPENAI_API_KEY", "OPENAI_API_KEY2"]) == {}
