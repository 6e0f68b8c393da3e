"""docs/widget.md says what is so. These tests read files only, so they are of ring 1."""

from __future__ import annotations

import re

import pytest

from bench.sizes import DYNAMIC, STATIC, loaded, run
from local.environment import ROOT

WIDGET = (ROOT / "docs" / "widget.md").read_text("utf-8")
PUBLIC = ROOT / "public"
MODULES = {
    path.name: path.read_text("utf-8")
    for path in [PUBLIC / "voice-agent.js", *(PUBLIC / "voice-agent").glob("*.js")]
}
SOURCE = "\n".join(MODULES.values())
VOICE = {path.name: path.read_text("utf-8") for path in (PUBLIC / "voice-agent" / "voice").glob("*.js")}
SPEECH = "\n".join(VOICE.values())
LAUNCHER = MODULES["voice-agent.js"]


def quoted(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def section(title: str) -> str:
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", WIDGET, re.DOTALL | re.MULTILINE)[1]  # type: ignore[index] # fails if it is not there


def test_attributes() -> None:
    read = set(re.findall(r"etAttribute\('([a-z-]+)'\)", SOURCE)) | set(
        re.findall(r"setting\('([a-z-]+)'", SOURCE)
    )
    read |= set(re.findall(r":host\(\[([a-z]+)=", SOURCE))
    documented = {
        cell
        for row in section("Attributes").splitlines()
        if row.startswith("| `")
        for cell in quoted(row.split("|")[1])
    }
    assert documented == read - {"aria-controls"} | {"text-…"}


def test_attributes_for_talking() -> None:
    read = set(re.findall(r"(?:getAttribute|hasAttribute|#setting)\('([a-z-]+)'", SPEECH))
    documented = {
        name for row in section("Talking").splitlines() for name in re.findall(r"^\| `([a-z-]+)`", row)
    }
    assert documented - set(follows()) - {"state"} == read


def follows() -> dict[str, set[str]]:
    """Which state may follow which; test_voice_states.py holds the widget to it."""
    _, table = section("Talking").split("What may follow", 1)
    rows = [row.split("|") for row in table.splitlines() if row.startswith("| `")]
    return {state.strip(" `"): quoted(last) for _, state, _, last, _ in rows}


def test_only_states_follow_states() -> None:
    assert set().union(*follows().values()) == set(follows())


def test_modules() -> None:
    assert set(re.findall(r"\(\.\./public/(?:voice-agent/)?([\w/.-]+\.js)\)", section("Inside"))) == {
        *MODULES,
        *(f"voice/{name}" for name in VOICE),
    }


def test_custom_properties() -> None:
    used = set(re.findall(r"var\((--voice-agent-[a-z-]+)", SOURCE))
    assert used == set(re.findall(r"--voice-agent-[a-z-]+", section("Styling")))


def test_parts() -> None:
    documented = quoted(section("Styling").split("Parts, for", 1)[1].split("```")[0]) - {
        "voice-agent::part(launcher)"
    }
    classes = set(re.findall(r"\.([a-z]+)\b(?=[^{}`]*\{)", re.sub(r"\{[^{}]*\}", "{}", MODULES["style.js"])))
    assert {name for name in documented if name not in SOURCE + SPEECH} == set()
    assert classes - documented - {"live", "sr", "partial"} == set()


def test_events() -> None:
    emitted = set(re.findall(r"emit\('([a-z]+)'", SOURCE + SPEECH))
    assert {f"voice-agent:{name}" for name in emitted} == set(
        re.findall(r"`(voice-agent:[a-z]+)`", section("Events"))
    )


def test_methods_and_properties() -> None:
    documented = {
        name.split("(")[0]
        for row in section("Methods and properties").splitlines()
        for name in quoted(row.split("|")[1] if "|" in row else "")
    }
    public = set(re.findall(r"^  (?:async |get )?([a-zA-Z]+)\([^)]*\) \{", LAUNCHER, re.MULTILINE))
    assert documented <= public


def test_sizes_are_within_the_bounds() -> None:
    figures = {figure.name: figure.value for figure in run()}
    assert figures["size.launcher_gzip_kb"] <= 4
    assert all(
        value <= 15
        for name, value in figures.items()
        if re.fullmatch(r"size\.text(_[a-z]{2})?_gzip_kb", name)
    )


def test_speech_adds_ten_kilobytes_at_most() -> None:
    figures = {figure.name: figure.value for figure in run()}
    assert figures["size.voice_gzip_kb"] <= 10
    assert figures["size.voice_browser_gzip_kb"] <= figures["size.voice_gzip_kb"]


def test_the_sizes_count_every_module() -> None:
    counted = {path.name for path in loaded(PUBLIC / "voice-agent.js", STATIC, DYNAMIC)}
    assert set(MODULES) <= counted


@pytest.mark.parametrize("word", ["unsafe", "eval(", "innerHTML", "insertAdjacentHTML", "document.write"])
def test_no_module_makes_markup_or_code_of_text(word: str) -> None:
    assert word not in SOURCE
