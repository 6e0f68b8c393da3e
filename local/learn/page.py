"""A page or a file, as it goes from its source into the knowledge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from `name`, the address of a page or the path of a file.

    `text` is Markdown. `validators` are the headers with which a server is asked whether the page is still
    the same. `links` are the pages that it leads to. `around` is the text of its header and footer, and
    `bounded` says that the page marks its main part; both as in `WebPage`.
    """

    name: str
    title: str
    text: str
    date: str = ""
    validators: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    canonical: str = ""
    around: str = ""
    bounded: bool = True


@dataclass(slots=True)
class Harvest:
    """What a source has, by name: pages that were read, and those that are still as they were.

    `left_out` says why a page is not to be learned; `failed`, why it could not be read, which may pass.
    `gone` are the names that no longer exist. `start` is the name of the start page. `complete` is False if
    there is more than could be visited; `not_visited` is what is known of that.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    start: str = ""
    complete: bool = True
    not_visited: list[str] = field(default_factory=list)
