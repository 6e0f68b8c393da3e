"""What a run would change in the knowledge folder, and doing it."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.learn.knowledge_file import body_of, content_of, file_name, fingerprint, is_address
from local.learn.state import Learned, State, is_as_written, write_state

if TYPE_CHECKING:
    from pathlib import Path

    from local.learn.page import Harvest, Page


@dataclass(slots=True)
class Plan:
    """Files to write and to delete, by path in the knowledge folder.

    `new` and `changed` hold the pages to write, `gone` the names of those whose files are deleted. `edited`
    are files that the owner has edited, and which therefore stay, though their pages have changed or are
    gone. `unchanged` counts the pages that stay. `state` is what is remembered afterwards.
    """

    folder: Path
    state: State
    new: dict[str, Page] = field(default_factory=dict)
    changed: dict[str, Page] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def changes(self) -> bool:
        """Whether there is anything to write or to delete."""
        return bool(self.new or self.changed or self.gone)

    def add(self, source: str, harvest: Harvest) -> None:
        """Plan for what `source` has; its pages that are neither there nor left for later are gone."""
        for page in harvest.pages.values():
            self._add_page(source, page)
        for name, known in self.state.of_source(source).items():
            if name in harvest.pages:
                continue
            if name in harvest.unchanged or name in harvest.failed or _not_visited(name, harvest):
                self.unchanged += 1
            else:
                self._remove(name, known)

    def carry_out(self) -> None:
        """Write and delete the files, and remember it. Raises `OSError`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for file, page in {**self.new, **self.changed}.items():
            path = self.folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content_of(page), "utf-8", newline="\n")
        for file in self.gone:
            (self.folder / file).unlink(missing_ok=True)
            _remove_empty_folders(self.folder, file)
        write_state(self.folder, self.state)

    def _add_page(self, source: str, page: Page) -> None:
        known = self.state.pages.get(page.name)
        file = known.file if known else self._new_file(page.name)
        text = fingerprint(f"{page.title}\n{body_of(page)}")
        path = self.folder / file
        if known and path.exists() and (known.text == text or not is_as_written(self.folder, known)):
            if known.text == text:
                self.unchanged += 1
            else:
                self.edited.append(file)
            written = known.written
        else:
            (self.changed if path.exists() else self.new)[file] = page
            written = fingerprint(content_of(page))
        self.state.pages[page.name] = Learned(source, file, page.title, text, written, page.validators)

    def _remove(self, name: str, known: Learned) -> None:
        del self.state.pages[name]
        if is_as_written(self.folder, known):
            self.gone[known.file] = name
        elif (self.folder / known.file).exists():
            self.edited.append(known.file)

    def _new_file(self, name: str) -> str:
        """A file that is not there yet, or that an earlier run has made of the same page."""
        taken = {page.file for page in self.state.pages.values()}
        while True:
            file = file_name(name, taken)
            if not (self.folder / file).exists() or _is_of(self.folder / file, name):
                return file
            taken.add(file)


def _not_visited(name: str, harvest: Harvest) -> bool:
    return not harvest.complete and name not in harvest.gone and name not in harvest.left_out


def _is_of(path: Path, name: str) -> bool:
    key = "url" if is_address(name) else "source"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return f"\n{key}: {json.dumps(name, ensure_ascii=False)}\n" in path.read_text("utf-8")
    return False


def _remove_empty_folders(folder: Path, file: str) -> None:
    for parent in (folder / file).parents:
        if parent == folder or any(parent.iterdir()):
            return
        parent.rmdir()
