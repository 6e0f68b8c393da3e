"""What the last run learned: a small file in the knowledge folder, which the agent does not read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from local.bundle_knowledge import LEARNED
from local.learn.knowledge_file import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Learned:
    """A page that is in the knowledge: from which source, in which file, and as what.

    `text` is the fingerprint of its title and text, `written` that of the file, `validators` as in `Page`.
    """

    source: str
    file: str
    title: str
    text: str
    written: str
    validators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visited:
    """What is remembered of a website besides its pages.

    `scope` are the options of the last visit, `others` the pages that were not learned and may be next time,
    `repeated` the digests of what its pages repeat.
    """

    scope: str = ""
    others: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


@dataclass(slots=True)
class State:
    """All that is remembered: pages and files by name, and websites by address.

    `unreadable` are the files that could not be read, with the reason.
    """

    pages: dict[str, Learned] = field(default_factory=dict)
    sites: dict[str, Visited] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    def of_source(self, source: str) -> dict[str, Learned]:
        """The pages that were learned from `source`."""
        return {name: page for name, page in self.pages.items() if page.source == source}


def read_state(folder: Path) -> State:
    """What was learned into `folder`; nothing if the file is missing, damaged, or of another version."""
    try:
        stored: Any = json.loads((folder / LEARNED).read_text("utf-8"))
        if stored["version"] != _VERSION:
            return State()
        pages = {name: Learned(**page) for name, page in stored["pages"].items()}
        sites = {name: _visited(**site) for name, site in stored["sites"].items()}
        return State(pages, sites, dict(stored["unreadable"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State()


def write_state(folder: Path, state: State) -> None:
    """Remember `state` in `folder`."""
    stored = {"version": _VERSION, **asdict(state)}
    temporary = folder / f"{LEARNED}.new"
    temporary.write_text(json.dumps(stored, ensure_ascii=False, indent=1), "utf-8")
    temporary.replace(folder / LEARNED)


def _visited(scope: str, others: list[str], repeated: list[str]) -> Visited:
    return Visited(scope, tuple(others), tuple(repeated))


def is_as_written(folder: Path, learned: Learned) -> bool:
    """Whether the file of a page is as it was written, neither edited nor deleted."""
    try:
        return fingerprint((folder / learned.file).read_text("utf-8")) == learned.written
    except (OSError, UnicodeDecodeError):
        return False
