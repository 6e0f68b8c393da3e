"""The widget's modules that cut and word answers, run under Node.js without a browser."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.node_tests import NODE

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """An answer in the pieces in which it arrives, and how many characters are spoken at a time."""

    language: str
    pieces: Sequence[str]
    limit: int | None = None


@dataclass(frozen=True)
class Part:
    """What is spoken in one go, and where what it covers ends in the answer, in UTF-16 units."""

    text: str
    shown: int


@dataclass(frozen=True)
class Expected:
    """A row of the table: an answer, and what is spoken of it."""

    language: str
    answer: str
    spoken: list[str]


TABLE = [Expected(**row) for row in json.loads((HERE / "texts.json").read_text("utf-8"))]


def speak(answers: Sequence[Answer]) -> list[list[Part]]:
    """What is spoken of each answer."""
    asked = [{"language": each.language, "pieces": each.pieces, "limit": each.limit} for each in answers]
    return [[Part(**part) for part in parts] for parts in _run("run.mjs", json.dumps(asked))]


def wordings() -> list[tuple[str, str]]:
    """What is said for what is written, in any language."""
    return [(written, spoken) for written, spoken in _run("words.mjs", "")]


def _run(script: str, sent: str) -> Any:
    ran = subprocess.run([NODE, HERE / script], input=sent, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)
