"""What fetches the bench's packages; this needs neither Pyodide nor a network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local.node_tools import Unavailable, is_installed, node_tools
from local.pyodide.vendor import SDK, pins_for_pyodide, worker_pins

if TYPE_CHECKING:
    from pathlib import Path

EXPORTED = """\
everywhere==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
only-here==2.0 ; python_full_version >= '3.14' and sys_platform == 'emscripten' \\
    --hash=sha256:cc
never-here==3.0 ; sys_platform != 'emscripten' \\
    --hash=sha256:dd
"""


def test_pins_are_those_for_pyodide_with_their_hashes() -> None:
    assert list(pins_for_pyodide(EXPORTED)) == [
        "everywhere==1.0 --hash=sha256:aa --hash=sha256:bb",
        "only-here==2.0 --hash=sha256:cc",
    ]


def test_the_worker_is_given_what_it_imports_and_nothing_local() -> None:
    pins = list(worker_pins())
    names = {pin.partition("==")[0] for pin in pins}
    assert names >= {"fastapi", "openai", "pydantic", "pydantic-core", "httpx2-jsfetch", SDK}
    assert not names & {"httpcore2", "uvicorn", "typer", "workers-py", "pytest"}
    assert all("--hash=sha256:" in pin for pin in pins)


def lock(path: Path, packages: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"packages": {"": {}, **packages}}), "utf-8")


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({"node_modules/a": {"version": "1.0.0"}}, True),
        ({"node_modules/a": {"version": "1.0.1"}}, False),
        ({}, False),
    ],
)
def test_installed_means_as_locked(tmp_path: Path, present: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    wanted = {
        "node_modules/a": {"version": "1.0.0"},
        "node_modules/mac-only": {"version": "1", "optional": True},
    }
    lock(tmp_path / "package-lock.json", wanted)
    assert not is_installed(tmp_path)
    lock(tmp_path / "node_modules" / ".package-lock.json", present)
    assert is_installed(tmp_path) is expected


def test_npm_that_fails_is_a_reason_and_not_a_failure(tmp_path: Path) -> None:
    lock(tmp_path / "package-lock.json", {"node_modules/a": {"version": "1.0.0"}})
    with pytest.raises(Unavailable, match="`npm install` failed"):
        node_tools(tmp_path)
