"""What has been read: a document, or a web page, which knows where it leads."""

from __future__ import annotations

from dataclasses import dataclass


class Unreadable(Exception):
    """Nothing can be learned from a page or a file; the message is the reason, without a full stop."""


@dataclass(frozen=True, slots=True)
class Document:
    """A title, a text in Markdown, and the date of its last change ('2026-11-28'; '' if unknown)."""

    title: str
    text: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class WebPage(Document):
    """A document from the web.

    `links` are the absolute addresses that it links to, in order; `canonical` is the address that it gives
    for itself, or ''. `around` is the text of its header and footer, as Markdown: the same on every page of a
    website, and often the only place with the address and the opening hours. `bounded` says that the page
    itself marks where its main part is.
    """

    links: tuple[str, ...] = ()
    canonical: str = ""
    around: str = ""
    bounded: bool = True
