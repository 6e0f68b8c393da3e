"""docs/widget.md says what is so. These tests read files only, so they are of ring 1."""

from __future__ import annotations

import json
import re
from typing import Any

from local.environment import ROOT
from tests.widget.sources import FOLDER, MODULES, WIDGET, code

DOCUMENT = (ROOT / "docs" / "widget.md").read_text("utf-8")
VOICE = "\n".join(code(path) for path in MODULES if "voice" in path.relative_to(WIDGET).parts)
TEXT = "\n".join(code(path) for path in MODULES if "voice" not in path.relative_to(WIDGET).parts)
MANIFEST: dict[str, Any] = json.loads((WIDGET / "custom-elements.json").read_text("utf-8"))["modules"][0][
    "declarations"
][0]
DECLARATION = (WIDGET / "voice-agent.d.ts").read_text("utf-8")
READ = re.compile(r"(?:[gs]etAttribute|hasAttribute|#seconds)\('([a-z-]+)'")
# Attributes of elements inside the widget; and one that the buttons of the voice read as well.
SET_INSIDE = {"aria-controls", "aria-describedby", "class", "d", "part", "read-aloud"}


def quoted(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", DOCUMENT, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def first_column(text: str) -> set[str]:
    """What the first column of a section's tables names."""
    rows = [row.split(" | ")[0] for row in text.splitlines() if row.startswith("| `")]
    return {name for row in rows for name in quoted(row)}


def in_manifest(kind: str) -> set[str]:
    return {entry["name"] for entry in MANIFEST[kind]}


def attributes() -> set[str]:
    return first_column(section("Attributes"))


def attributes_for_talking() -> set[str]:
    return first_column(section("Talking").split("| `state` |")[0])


def test_attributes() -> None:
    styled = set(re.findall(r":host\(\[([a-z]+)=", TEXT))
    assert attributes() == set(READ.findall(TEXT)) - SET_INSIDE | styled | {"text-…"}


def test_attributes_for_talking() -> None:
    assert attributes_for_talking() == set(READ.findall(VOICE))


def test_attributes_in_manifest() -> None:
    assert in_manifest("attributes") == (attributes() | attributes_for_talking()) - {"text-…"}


def follows() -> dict[str, set[str]]:
    """Which state may follow which; test_voice_states.py holds the widget to it."""
    _, table = section("Talking").split("What may follow", 1)
    rows = [row.split("|") for row in table.splitlines() if row.startswith("| `")]
    return {state.strip(" `"): quoted(last) for _, state, _, last, _ in rows}


def test_states_in_table_are_complete() -> None:
    assert set().union(*follows().values()) == set(follows())


def test_source_map() -> None:
    """Every folder and every module beside them is in the table."""
    named = {name for row in first_column(section("Source")) for name in [row.rstrip("/")]}
    assert named == {path.name for path in FOLDER.iterdir()}


def test_custom_properties() -> None:
    used = set(re.findall(r"var\((--voice-agent-[a-z-]+)", TEXT))
    assert (
        used == set(re.findall(r"--voice-agent-[a-z-]+", section("Styling"))) == in_manifest("cssProperties")
    )


def test_parts() -> None:
    listed = section("Styling").split("Parts, for `voice-agent::part(launcher)`", 1)[1].split("```")[0]
    documented = quoted(listed)
    assert documented == in_manifest("cssParts")
    assert {name for name in documented if name not in TEXT + VOICE} == set()
    style = "\n".join(code(FOLDER / folder / "style.js") for folder in ("panel", "transcript"))
    classes = set(re.findall(r"\.([a-z]+)\b(?=[^{}`]*\{)", re.sub(r"\{[^{}]*\}", "{}", style)))
    assert classes - documented - {"live", "sr", "partial"} == set()


def test_events() -> None:
    emitted = {
        f"voice-agent:{name}" for name in re.findall(r"emit\((?:this\.#host, )?'([a-z]+)'", TEXT + VOICE)
    }
    documented = set(re.findall(r"^\| `(voice-agent:[a-z]+)`", section("Events"), re.MULTILINE))
    declared = set(re.findall(r"'(voice-agent:[a-z]+)': CustomEvent", DECLARATION))
    assert emitted == documented == declared == in_manifest("events")


def test_methods_and_properties() -> None:
    documented = {name.split("(")[0] for name in first_column(section("Methods and properties"))}
    element = DECLARATION.split("class VoiceAgent extends")[1]
    declared = set(re.findall(r"^  (?:get )?([a-zA-Z]+)[(:]", element, re.MULTILINE))
    assert documented == declared == in_manifest("members")
