"""uv, which runs this project's commands, for the programs that call it themselves."""

from __future__ import annotations

import os
import shutil

from local.node_tools import Unavailable


def uv_program() -> str:
    """The path of uv's executable; raises `Unavailable` if there is none."""
    # `uv run` sets UV to its own path.
    program = os.environ.get("UV") or shutil.which("uv")
    if program is None:
        message = "uv not found; install it as README.md says"
        raise Unavailable(message)
    return program
