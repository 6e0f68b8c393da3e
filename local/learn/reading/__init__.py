"""Reading what an owner has (web pages, PDF, Word, CSV, text) as Markdown."""

from local.learn.reading.document import Document, Unreadable, WebPage
from local.learn.reading.files import SUFFIXES, kind_of, read_document

__all__ = ["SUFFIXES", "Document", "Unreadable", "WebPage", "kind_of", "read_document"]
