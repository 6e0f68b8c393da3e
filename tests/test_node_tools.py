"""Node.js and its packages, without a network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local.node_tools import Unavailable, is_installed, node_tools

if TYPE_CHECKING:
    from pathlib import Path


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
def test_is_installed_compares_with_the_lock_file(
    tmp_path: Path, present: dict[str, Any], *, expected: bool
) -> None:
    wanted = {
        "node_modules/a": {"version": "1.0.0"},
        "node_modules/mac-only": {"version": "1", "optional": True},
    }
    lock(tmp_path / "package-lock.json", wanted)
    assert not is_installed(tmp_path)
    lock(tmp_path / "node_modules" / ".package-lock.json", present)
    assert is_installed(tmp_path) is expected


def test_failing_npm_makes_node_tools_unavailable(tmp_path: Path) -> None:
    lock(tmp_path / "package-lock.json", {"node_modules/a": {"version": "1.0.0"}})
    with pytest.raises(Unavailable, match="`npm install` failed"):
        node_tools(tmp_path)
