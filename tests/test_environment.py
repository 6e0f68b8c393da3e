"""Settings of a local run, from the shell and from `.dev.vars`."""

from __future__ import annotations

from pathlib import Path

import pytest

from errors import ConfigurationError
from local.environment import local_settings

MISSING = Path("/nonexistent/.dev.vars")


def test_shell_overrides_dev_vars(tmp_path: Path) -> None:
    dev_vars = tmp_path / ".dev.vars"
    dev_vars.write_text("AGENT_NAME=From the file\nGREETING='Good day!'\n", encoding="utf-8")
    settings = local_settings({"AGENT_NAME": "From the shell"}, dev_vars)
    assert (settings.agent_name, settings.greeting) == ("From the shell", "Good day!")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("OPENAI_API_KEY=sk-1".encode("utf-16"), "UTF-8"),
        (b"sk-abc123\n", "NAME=value"),
        (b"GREETING=Hi\nOPENAI_API_KEY: sk-abc123\n", "has lines without '='. Write NAME=value"),
    ],
)
def test_malformed_dev_vars_are_explained_without_their_content(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    dev_vars = tmp_path / ".dev.vars"
    dev_vars.write_bytes(content)
    with pytest.raises(ConfigurationError, match=problem) as error:
        local_settings({}, dev_vars)
    assert "sk-" not in str(error.value)


def test_dollar_signs_are_kept(tmp_path: Path) -> None:
    dev_vars = tmp_path / ".dev.vars"
    dev_vars.write_text("GREETING=Only $5 for ${HOME}: ask me!\n", encoding="utf-8-sig")
    assert local_settings({}, dev_vars).greeting == "Only $5 for ${HOME}: ask me!"


def test_production_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="unset ENVIRONMENT") as error:
        local_settings({"ENVIRONMENT": "production"}, MISSING)
    assert "wrangler.toml" not in str(error.value)


def test_misspelt_name_in_dev_vars_is_refused(tmp_path: Path) -> None:
    dev_vars = tmp_path / ".dev.vars"
    dev_vars.write_text("OPENAI_APIKEY=sk-secret\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="did you mean OPENAI_API_KEY") as error:
        local_settings({}, dev_vars)
    assert "sk-secret" not in str(error.value)


def test_misspelt_name_in_the_shell_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    local_settings({"GREETNG": "Hello", "LANGUAGE": "en_GB:en", "LANG": "C"}, MISSING)
    assert caplog.messages == ["GREETNG is not a setting: did you mean GREETING?"]
