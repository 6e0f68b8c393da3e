"""`/config` and `/health`."""

from __future__ import annotations

import pytest

from settings import Settings
from tests.api import Api


async def test_config_has_what_the_widget_offers_and_no_secret() -> None:
    api = Api(Settings.read({"OPENAI_API_KEY": "sk-secret", "AUTO_CLOSE_SECONDS": "0"}.get))
    response = await api.client.get("/config")
    assert "sk-secret" not in response.text
    assert "You know things" not in response.text
    assert response.json() == {
        "name": "Voice agent",
        "greeting": "Hi! Ask me anything about us.",
        "suggestedQuestions": [],
        "language": "en",
        "languages": ["en"],
        "demo": False,
        "speech": {"input": False, "output": False, "voices": [], "receiver": None, "maxChars": 1000},
        "autoCloseSeconds": None,
        "countdownSeconds": 20,
        "maxQuestionLength": 2000,
        "turnstileSiteKey": None,
        "accounts": False,
        "historyDays": None,
        "keepsMinutes": 60,
        "pairing": False,
        "logo": None,
        "contact": None,
        "privacyUrl": None,
        "consent": "none",
        "version": "0.1.0",
    }


async def test_config_says_whether_the_offline_demo_answers() -> None:
    api = Api()
    api.responder.name = "offline"
    assert (await api.client.get("/config")).json()["demo"] is True


async def test_health_reads_nothing() -> None:
    api = Api()
    response = await api.client.get("/health")
    assert response.json() == {
        "status": "ok",
        "storage": "kv",
        "responder": "scripted",
        "recognition": None,
        "synthesis": None,
        "rateLimit": "off",
        "version": "0.1.0",
    }
    assert api.kv.reads == 0


async def test_health_answers_head() -> None:
    assert (await Api().client.head("/health")).status_code == 200


@pytest.mark.parametrize("path", ["/config", "/health"])
async def test_info_does_not_count_towards_the_rate_limit(path: str) -> None:
    api = Api(Settings(rate_limit="1/60"))
    for _ in range(3):
        assert (await api.client.get(path)).status_code == 200
    assert (await api.client.get("/health")).json()["rateLimit"] == "memory"
