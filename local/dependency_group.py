"""Packages that only some commands need: a command that lacks them fetches them and starts again.

Until they are there, this module stands in for them, so it uses nothing but the standard library.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run_with_group(group: str, marker: str, command: list[str], *, notice: str = "") -> None:
    """Return if the dependency group is installed, which the package `marker` shows; it comes with no other.

    Otherwise print `notice`, have uv install the group, and replace this process by `command`, a program with
    its arguments. Exits if there is no uv.
    """
    if importlib.util.find_spec(marker) is not None:
        return
    if notice:
        sys.stderr.write(f"{notice}\n")
        sys.stderr.flush()
    uv = os.environ.get("UV", "uv")
    try:
        os.execvp(uv, [uv, "run", "--project", str(ROOT), "--group", group, *command])  # noqa: S606 - our own arguments
    except FileNotFoundError:
        sys.exit(f"This needs uv, to install the dependency group '{group}': pip install uv")
