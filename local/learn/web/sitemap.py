"""The pages that a website lists in its sitemap (sitemaps.org)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree

from local.learn.web.addresses import normal, site_of
from local.learn.web.fetcher import MAX_DOCUMENT_BYTES, Fetcher, NotFetched, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

# A sitemap may have 50,000 entries; a website with more sitemaps than this is too large anyway.
_MAX_SITEMAPS = 50
_GZIP = b"\x1f\x8b"


async def read_sitemaps(fetcher: Fetcher, start: str, named: Iterable[str], max_pages: int) -> list[str]:
    """The addresses in the sitemaps of the website of `start`, in order, each once, at most `max_pages`.

    `named` are the sitemaps that robots.txt names; if there are none, the usual addresses are tried. Sitemaps
    on other websites are not read. Empty if there is no sitemap.
    """
    waiting = [normal(url) for url in named] or [
        urljoin(start, path) for path in ("/sitemap.xml", "/sitemap_index.xml")
    ]
    seen: set[str] = set()
    pages: dict[str, None] = {}
    while waiting and len(seen) < _MAX_SITEMAPS and len(pages) < max_pages:
        sitemap = waiting.pop(0)
        if sitemap in seen or site_of(sitemap) != site_of(start):
            continue
        seen.add(sitemap)
        more, listed = await _read(fetcher, sitemap)
        waiting += more
        pages |= dict.fromkeys(url for url in listed if site_of(url) == site_of(start))
    return list(pages)[:max_pages]


async def _read(fetcher: Fetcher, url: str) -> tuple[list[str], list[str]]:
    """The further sitemaps, and the pages, in the sitemap at `url`; nothing if it is none."""
    try:
        data = (await fetcher.get(url)).data
        if data.startswith(_GZIP):
            data = unpack(data, MAX_DOCUMENT_BYTES)
    except NotFetched:
        return [], []
    return parse_sitemap(data)


def parse_sitemap(data: bytes) -> tuple[list[str], list[str]]:
    """The further sitemaps, and the pages, in a sitemap; entities and external files are not followed."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return [], []
    if root is None:
        return [], []
    addresses = [normal(text) for text in root.xpath("//*[local-name()='loc']/text()")]
    found = list(filter(None, addresses))
    return (found, []) if etree.QName(root).localname == "sitemapindex" else ([], found)
