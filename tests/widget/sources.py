"""The modules of the widget, read as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WIDGET = ROOT / "widget"
SCRIPT = WIDGET / "voice-agent.js"
FOLDER = WIDGET / "voice-agent"
MODULES = {path: path.read_text("utf-8") for path in [SCRIPT, *sorted(FOLDER.rglob("*.js"))]}

_STATIC = re.compile(r"^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)'", re.MULTILINE)
_DYNAMIC = re.compile(r"\bimport\('(\.[^']+)'\)")
_URL = re.compile(r"new URL\('(\.[^']+\.js)', import\.meta\.url\)")
_COMMENT = re.compile(r"(?<!\[)/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


def name(path: Path) -> str:
    """A module's path within `widget/`."""
    return path.relative_to(WIDGET).as_posix()


def code(path: Path) -> str:
    """A module without comments, and so without the imports of types."""
    return _COMMENT.sub("", MODULES[path])


def imports(path: Path) -> set[Path]:
    """The modules that a module loads, now or later."""
    targets = [found for pattern in (_STATIC, _DYNAMIC, _URL) for found in pattern.findall(code(path))]
    return {(path.parent / target).resolve() for target in targets}
