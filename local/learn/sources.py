"""What an owner may name as a source: a website, a page, a file, or a folder of files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.learn.page import Harvest, Page
from local.learn.reading import SUFFIXES, Unreadable, read_document
from local.learn.web.addresses import is_start, normal, site_of
from local.learn.web.fetcher import MAX_DOCUMENT_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOST = re.compile(
    r"^(?:[\w-]+\.)+[a-z][\w-]+(?::\d+)?(?:[/?].*)?$|^localhost(?::\d+)?(?:/.*)?$", re.IGNORECASE
)
_ADVICE = {
    ".doc": "Word's old format: save it as .docx",
    ".odt": "not read: save it as .docx",
    ".rtf": "not read: save it as .docx",
    ".pages": "not read: save it as .docx",
    ".xls": "not read: save each sheet as .csv",
    ".xlsx": "not read: save each sheet as .csv",
    ".ods": "not read: save each sheet as .csv",
    ".ppt": "not read: save it as .pdf",
    ".pptx": "not read: save it as .pdf",
}
_KINDS = "HTML, PDF, DOCX, TXT, CSV and Markdown"


class NotASource(Exception):
    """The owner has named something that nothing can be learned from; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source: `name` is an address or a path, `is_site` whether it is the address of a whole website."""

    name: str
    is_site: bool = False
    path: Path | None = None

    @property
    def key(self) -> str:
        """By what the source is remembered: a website, however its address is written."""
        return site_of(self.name) if self.is_site else self.name


def parse_source(text: str) -> Source:
    """The source that `text` names; an address may lack its `https://`. Raises `NotASource`."""
    path = Path(text).expanduser()
    if text and "://" not in text and path.exists():
        return Source(_shown(path), path=path)
    if "://" not in text and (not _HOST.match(text) or path.suffix.lower() in SUFFIXES):
        raise NotASource(f"There is no file or folder '{text}'. Write the address of a website as https://…")
    url = normal(text if "://" in text else f"{_scheme(text)}://{text}")
    if not url:
        raise NotASource(f"'{text}' is not the address of a website: only http and https are read.")
    return Source(url, is_site=is_start(url))


def _scheme(address: str) -> str:
    """The scheme of an address without one: a server on one's own machine rarely has a certificate."""
    return "http" if address.startswith("localhost") else "https"


def read_files(source: Source, knowledge: Path) -> Harvest:
    """Read the file that `source` names, or all files in its folder, but not the Markdown in `knowledge`."""
    harvest = Harvest()
    if source.path is None:
        raise ValueError(source.name)
    for path in _files(source.path):
        name = _shown(path)
        if path.suffix.lower() == ".md" and path.resolve().is_relative_to(knowledge.resolve()):
            harvest.left_out[name] = "part of the knowledge already"
            continue
        try:
            harvest.pages[name] = _read(path, name)
        except Unreadable as error:
            harvest.failed[name] = str(error)
    return harvest


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for child in sorted(path.iterdir()):
        if not child.name.startswith((".", "_")):
            yield from _files(child)


def _read(path: Path, name: str) -> Page:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Unreadable(_ADVICE.get(suffix, f"only {_KINDS} are read"))
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise Unreadable(f"larger than {MAX_DOCUMENT_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from error
    document = read_document(data, SUFFIXES[suffix])
    return Page(name, document.title, document.text, document.date)


def _shown(path: Path) -> str:
    """`path` as the owner writes it: relative to the current folder if it is inside."""
    resolved = path.resolve()
    here = Path.cwd()
    return (resolved.relative_to(here) if resolved.is_relative_to(here) else resolved).as_posix()
