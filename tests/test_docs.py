"""The documentation matches the code: commands exist, links resolve, tables are up to date."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from local.cli import cli
from local.environment import ROOT
from local.settings_table import settings_table
from tests.blackbox.conftest import local_server
from tests.rings import RINGS

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs").rglob("*.md"),
]
# A path from the root of the repository, to a file or a folder.
PATH = re.compile(r"\b((?:src|widget|public|local|tests|bench|docs|knowledge)/[\w./-]*)")
README = (ROOT / "README.md").read_text("utf-8")


def fenced(text: str, language: str) -> list[str]:
    """The contents of the code blocks in `language`; `''` selects blocks without a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands() -> set[str]:
    """Every `uv run …` command in README and CONTRIBUTING."""
    text = README + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return {command.strip() for command in re.findall(r"(?m)(?:^|`)(uv run [^`\n]+)", text)}


def test_readme_conversation_matches_real_output() -> None:
    """The console block, pasted into a shell, prints what the README shows."""
    (block,) = fenced(README, "console")
    typed = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    shown = [line.rstrip("…").rstrip() for line in block.splitlines() if not line.startswith("$ ")]
    assert len(shown) == 2
    with local_server() as url:
        script = "\n".join(typed).replace("localhost:8787", url.removeprefix("http://"))
        ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    answers = ran.stdout.splitlines()
    assert len(answers) == 2
    for answer, start in zip(answers, shown, strict=True):
        assert answer.startswith(start)


@pytest.mark.parametrize("command", sorted(commands()))
def test_documented_command_exists(command: str) -> None:
    words = shlex.split(command)[2:]
    program, *arguments = words[2:] if words[0] == "--group" else words
    if program == "voice-agent":
        assert CliRunner().invoke(cli, [arguments[0], "--help"]).exit_code == 0
    elif program == "pytest":
        rings = re.findall(r"\b(pyodide|browser|blackbox)\b", command)
        assert set(rings) <= set(RINGS)
    elif program == "python":
        assert arguments[:2] == ["-m", "bench"]
    else:
        assert program in {"ruff", "mypy", "pre-commit", "pywrangler"}
        assert (ROOT / ".venv" / "bin" / program).exists() or _installed(program)


def _installed(program: str) -> bool:
    found = subprocess.run([sys.executable, "-m", program, "--version"], capture_output=True, check=False)
    return found.returncode == 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize(
    "document", [ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name
)
def test_documented_paths_exist(document: Path) -> None:
    paths = {path.rstrip(".") for path in PATH.findall(document.read_text("utf-8"))}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_contributing_lists_every_module_at_the_root_of_the_sources() -> None:
    modules = {path.name for path in (ROOT / "src").glob("*.py")} - {"knowledge_bundle.py"}
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert sorted(modules - set(re.findall(r"`(\w+\.py)`", text))) == []


def test_settings_page_matches_code() -> None:
    """If this fails, update the page with the output of `uv run voice-agent settings`."""
    assert (ROOT / "docs" / "settings.md").read_text("utf-8").endswith(f"\n\n{settings_table()}\n")


def test_readme_settings_match_code() -> None:
    rows = [line for line in README.splitlines() if re.match(r"\| `[A-Z_]+` \|", line)]
    assert len(rows) >= 5
    assert set(rows) <= set(settings_table().splitlines())


def test_help_lists_commands() -> None:
    text = CliRunner().invoke(cli, ["--help"]).output
    for command in ("dev", "chat", "openai-standin", "settings"):
        assert command in text
