"""`uv run pytest` before the development packages are installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

from local.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

RUN_SHIM = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from local.development import pytest; pytest()"


def test_development_packages_are_fetched_with_the_same_arguments(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\necho "$@"\n', "utf-8")
    uv.chmod(0o755)
    # With -S there are no installed packages, as in a new clone.
    command = [sys.executable, "-S", "-c", RUN_SHIM, "-m", "browser"]
    ran = subprocess.run(command, env={"UV": str(uv)}, capture_output=True, text=True, check=True)
    assert ran.stdout == f"run --project {ROOT} --group dev python -m pytest -m browser\n"


def test_first_run_installs_only_what_the_agent_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["uv"]["default-groups"] == ["local"]
    names = {name.split(">")[0] for name in project["dependency-groups"]["local"]}
    assert names == {"python-dotenv", "typer", "uvicorn"}
