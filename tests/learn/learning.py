"""Running `learn` in a test, and what it wrote."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

from clock import SystemClock
from local.learn.run import Options, Run
from local.learn.sources import parse_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clock import Clock
    from local.learn.page import Harvest
    from local.learn.plan import Plan

# A server of our own needs no rest.
AT_ONCE = Options(delay=0)
_URL = re.compile(r"^(?:url|source): (.*)$", re.MULTILINE)


class Learner:
    """Learns into one folder, again and again."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.folder = folder / "knowledge"
        self.journal = folder / "journal.jsonl"
        self._clock = clock or SystemClock()
        self.harvests: dict[str, Harvest] = {}

    def read(
        self,
        *sources: str,
        options: Options = AT_ONCE,
        watch: Callable[[int, int], None] = lambda _visited, _found: None,
    ) -> Run:
        """Read `sources`; nothing is written."""
        run = Run(self.folder, self.journal, options, self._clock, watch)
        self.harvests = asyncio.run(run.read([parse_source(source) for source in sources]))
        return run

    def learn(self, *sources: str, options: Options = AT_ONCE) -> Plan:
        """Read `sources` and write what is planned; returns the plan."""
        run = self.read(*sources, options=options)
        run.write()
        return run.plan

    @property
    def harvest(self) -> Harvest:
        """What the only source of the last run has."""
        (harvest,) = self.harvests.values()
        return harvest

    def files(self) -> dict[str, str]:
        """The texts of all knowledge files, by path."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_text("utf-8")
            for path in sorted(self.folder.rglob("*.md"))
        }

    def sources(self) -> list[str]:
        """The addresses or paths in the front matter of all knowledge files, sorted."""
        found = (_URL.search(text) for text in self.files().values())
        return sorted(json.loads(match[1]) for match in found if match)

    def text_of(self, ending: str) -> str:
        """The text of the only file whose path ends with `ending`."""
        (text,) = (text for name, text in self.files().items() if name.endswith(ending))
        return text
