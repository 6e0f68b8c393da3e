"""HTML as Markdown: text, headings, lists and tables, without links and images."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bs4 import Tag
from markdownify import ATX, MarkdownConverter

from local.learn.reading.tables import tidy_tables
from local.learn.reading.text import tidy

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

# A space after a line break, which is not the indentation of a list.
_LINE_START = re.compile(r"\n (?=\S)")
# A definition that is longer than this is prose, and gets a paragraph of its own.
_MAX_SHORT_DEFINITION = 120


def to_markdown(element: Tag) -> str:
    """The content of `element` as Markdown, tidied. Changes the tables in `element`."""
    tidy_tables(element)
    return _without_echoes(tidy(_LINE_START.sub("\n", _Converter().convert_soup(element))))


def _without_echoes(markdown: str) -> str:
    """`markdown` with a paragraph that follows itself only once, as on shops' pages."""
    return "\n\n".join(block for block, _ in groupby(markdown.split("\n\n")))


class _Converter(MarkdownConverter):
    """Differs from its base where links, images, definitions and folded questions are concerned."""

    class Options:
        """What the base is told."""

        bullets = "-"
        escape_asterisks = False
        escape_underscores = False
        heading_style = ATX
        table_infer_header = True
        wrap = True
        wrap_width = None

    def convert_a(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: ARG002 - the base's signature
        """The text of a link. If it hides a telephone number or an e-mail address, that comes after it."""
        scheme, _, target = str(el.get("href", "")).partition(":")
        target = target.partition("?")[0].strip()
        if scheme.lower() not in {"tel", "mailto"} or not text.strip() or _same(target, text):
            return text
        return f"{text.rstrip()} ({target})"

    def convert_img(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: ARG002 - the base's signature
        """Nothing: the descriptions of images repeat the text, or describe what nobody asks about."""
        return ""

    convert_video = convert_img

    def convert_em(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: ARG002 - the base's signature
        """Emphasis, which is as often decoration: only the text."""
        return text

    convert_i = convert_em

    def convert_hr(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: ARG002 - the base's signature
        """A break between paragraphs."""
        return "\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: ARG002 - the base's signature
        """What is shown of a folded text, usually a question: a bold paragraph, unless it is a heading."""
        text = text.strip()
        return f"\n\n{text}\n\n" if not text or text.startswith(("#", "**")) else f"\n\n**{text}**\n\n"

    def convert_details(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: ARG002 - the base's signature
        """As any other block."""
        return f"\n\n{text.strip()}\n\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: ARG002 - the base's signature
        """A term: a list item that its definition completes, or a bold paragraph above prose."""
        term = " ".join(text.split()).strip("* ")
        if not term:
            return ""
        return f"\n\n**{term}**\n\n" if _defined_by_prose(el) else f"\n- {term.removesuffix(':')}"

    def convert_dd(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: ARG002 - the base's signature
        """A definition."""
        if _defined_by_prose(el.find_previous_sibling("dt")):
            return f"\n\n{text.strip()}\n\n"
        separator = ": " if _name_of_previous(el) == "dt" else ", "
        return separator + " ".join(text.split())


def _name_of_previous(element: Tag) -> str:
    previous: Any = element.find_previous_sibling()
    return previous.name if isinstance(previous, Tag) else ""


def _defined_by_prose(term: Any) -> bool:
    if not isinstance(term, Tag):
        return True
    definition = term.find_next_sibling("dd")
    if not isinstance(definition, Tag):
        return False
    long = len(definition.get_text(" ", strip=True)) > _MAX_SHORT_DEFINITION
    return (
        long
        or term.get_text(strip=True).endswith("?")
        or definition.find(["p", "ul", "ol", "table"]) is not None
    )


def _same(target: str, text: str) -> bool:
    """Whether a link's text shows its target: the same letters, or all but the first digits of a number."""
    shown, meant = (re.sub(r"[^\w@]", "", value).lower() for value in (text, target))
    return meant in shown or (shown.isdigit() and meant.endswith(shown.lstrip("0")))
