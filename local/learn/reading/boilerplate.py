"""What on a web page is not its content: menus, cookie notices, forms, and what surrounds the main part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NEVER_TEXT = (
    "script, style, noscript, template, iframe, svg, canvas, object, embed, input, select, textarea, dialog, "
    "nav, menu, [role=navigation], [role=search], [role=dialog], [role=alertdialog], [role=tooltip], "
    "i[aria-hidden=true], span[aria-hidden=true], a[href^='#'][class*=skip]"
)
# An accordion's questions are buttons: those are text.
_BUTTONS = ":is(button, [role=button]):not([aria-expanded], [aria-controls])"
# Links that look like buttons and ask to do something: 'Add to cart', 'Book now'.
_CALLS = "a:is([class~=btn], [class~=button], [class*=add_to_cart]):not([href^='tel:'], [href^='mailto:'])"
_MAX_CALL_WORDS = 4
# A form for logging in is short; some frameworks make one form of the whole page.
_MAX_LOGIN_CHARACTERS = 600
_TEXT_WITH_BUTTONS = ["h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"]

# Names of classes and ids. A restaurant's menu has them too, so what they are on must consist of links.
_LINK_LISTS = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|breadcrumbs?|pagination|pager|social|share|sharing|sidebar|"
    r"widget|related|tags?)(?:$|[-_ ])"
)
_NOTICES = re.compile(r"cookie|consent|gdpr")
_MAX_NOTICE_CHARACTERS = 1500
_MOSTLY_LINKS = 0.6
# A main part with less than this share of the page's text is not all of it.
_MIN_MAIN_SHARE = 0.25


def remove_logins(soup: BeautifulSoup) -> bool:
    """Remove the forms that ask for a password; returns whether there was one where the main part is.

    Shops have such a form on every page, in a window that opens over it.
    """
    fields = soup.select("input[type=password]")
    has_main = soup.select_one("main, [role=main]") is not None
    found = any(not has_main or field.find_parent(_is_main) is not None for field in fields)
    for field in _remaining(fields):
        form = field.find_parent("form")
        if form is not None and len(_text(form)) <= _MAX_LOGIN_CHARACTERS:
            form.decompose()
    return found


def _is_main(tag: Tag) -> bool:
    return tag.name == "main" or tag.get("role") == "main"


def remove_boilerplate(soup: BeautifulSoup) -> None:
    """Remove what is never content, wherever it is on the page."""
    for label in _remaining(soup.find_all("label")):
        if _names_a_field(soup, label):
            label.decompose()
    for element in _remaining(soup.select(_NEVER_TEXT)):
        element.decompose()
    for call in _remaining(soup.select(_CALLS)):
        words = _text(call).split()
        if len(words) <= _MAX_CALL_WORDS and not any(map(str.isdigit, _text(call))):
            call.decompose()
    for button in _remaining(soup.select(_BUTTONS)):
        if button.find_parent(_TEXT_WITH_BUTTONS) is None:
            button.decompose()
    for element in _remaining(soup.find_all(["div", "section", "aside", "ul", "ol", "p"])):
        if _is_notice_or_link_list(element):
            element.decompose()


def take_surroundings(soup: BeautifulSoup) -> list[Tag]:
    """Take the page's own headers and footers out of `soup`; returns them without their lists of links."""
    found = soup.select("header:not(:has(h1)), footer, [role=banner]:not(:has(h1)), [role=contentinfo]")
    taken = [tag.extract() for tag in found if _is_outermost(tag)]
    for tag in taken:
        for block in _remaining(tag.find_all(["ul", "ol", "p", "div"])):
            if _link_share(block) > _MOSTLY_LINKS:
                block.decompose()
    return taken


def main_part(soup: BeautifulSoup) -> tuple[Tag, bool]:
    """The element with the content, and whether the page marks it as such; otherwise it is the body."""
    body = soup.body or soup
    articles = soup.select("article")
    for main in [*soup.select("main, [role=main]"), *(articles if len(articles) == 1 else [])]:
        if len(_text(main)) >= _MIN_MAIN_SHARE * len(_text(body)):
            return main, True
    return body, False


def _remaining(elements: Iterable[Tag]) -> Iterator[Tag]:
    """Those of `elements` that have not been removed with another one when it is their turn."""
    return (element for element in elements if not element.decomposed)


def _names_a_field(soup: BeautifulSoup, label: Tag) -> bool:
    """Whether `label` belongs to a field; those of boxes to tick may be the questions of an accordion."""
    target = soup.find(id=label["for"]) if label.get("for") else label.find(["input", "select", "textarea"])
    return isinstance(target, Tag) and target.get("type") not in {"checkbox", "radio"}


def _is_outermost(tag: Tag) -> bool:
    return tag.find_parent(["main", "article", "section", "header", "footer"]) is None


def _is_notice_or_link_list(element: Tag) -> bool:
    values = [*element.get_attribute_list("class"), *element.get_attribute_list("id")]
    names = " ".join(filter(None, values)).lower()
    if _NOTICES.search(names) and len(_text(element)) <= _MAX_NOTICE_CHARACTERS:
        return True
    return _LINK_LISTS.search(names) is not None and _link_share(element) > _MOSTLY_LINKS


def _link_share(element: Tag) -> float:
    """The share of the characters of `element` that are in links to pages; telephone numbers are not."""
    total = len(_text(element))
    links = element.select("a:not([href^='tel:'], [href^='mailto:'])")
    return sum(len(_text(link)) for link in links) / total if total else 0.0


def _text(element: Tag) -> str:
    return element.get_text(" ", strip=True)
