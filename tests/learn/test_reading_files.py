"""What of files becomes Markdown, and why some cannot be read."""

from __future__ import annotations

import io
import zipfile

import pytest
from pypdf import PdfWriter

from local.learn.reading import Unreadable, kind_of, read_document
from tests.learn.files import pdf, price_list, word

RUSSIAN = "Чай стоит четыре евро, кофе стоит пять евро."


@pytest.mark.parametrize(
    ("name", "content_type", "kind"),
    [
        ("/a", "text/html; charset=utf-8", "html"),
        ("/a.pdf", "text/html", "html"),
        ("/a", "Application/PDF", "pdf"),
        ("/a.docx", "application/octet-stream", "docx"),
        ("/a.md", "text/plain", "md"),
        ("/a", "text/plain", "txt"),
        ("/A.PDF", "", "pdf"),
        ("/a.b/c", "", None),
        ("/a.html", "image/png", None),
    ],
)
def test_kind(name: str, content_type: str, kind: str | None) -> None:
    assert kind_of(name, content_type) == kind


def test_columns_of_a_pdf_file_become_a_table() -> None:
    rows = [("Service", "Time", "Price"), ("Cut", "30 min", "£25"), ("Colour (long)", "90 min", "£70")]
    document = read_document(price_list(rows, "Prices 2026"), "pdf")
    assert document.title == "Prices 2026"
    assert document.date == "2026-11-03"
    assert document.text == (
        "Prices 2026\n\n| Service | Time | Price |\n| --- | --- | --- |\n"
        "| Cut | 30 min | £25 |\n| Colour (long) | 90 min | £70 |"
    )


def test_two_lines_in_columns_are_no_table() -> None:
    document = read_document(
        pdf([(60, 700, "Open"), (300, 700, "nine"), (60, 680, "Shut"), (300, 680, "five")]), "pdf"
    )
    assert document.text == "Open nine\nShut five"


def test_word_document() -> None:
    data = word(
        "Terms",
        {"Refunds": ["Within a week.", "In full."], "Delay": ["Call us."]},
        [["Item", "Fee"], ["A", "5"]],
    )
    document = read_document(data, "docx")
    assert document.title == "Terms"
    assert document.text == (
        "# Terms\n\n## Refunds\n\n- Within a week.\n- In full.\n\n## Delay\n\n- Call us.\n\n"
        "| Item | Fee |\n| --- | --- |\n| A | 5 |"
    )


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        (
            "Größe;Preis\nA;5,50 €\nB\n".encode("cp1252"),
            "csv",
            "| Größe | Preis |\n| --- | --- |\n| A | 5,50 € |\n| B |  |",
        ),
        (b"a\tb\n1\t2\n", "csv", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        (
            b'name,"note"\nTea,"hot, ""green"" | black"\n',
            "csv",
            '| name | note |\n| --- | --- |\n| Tea | hot, "green" \\| black |',
        ),
        (b"Tea\n", "csv", "| Tea |\n| --- |"),
        ("Crème brûlée, naïve café".encode("latin-1"), "txt", "Crème brûlée, naïve café"),
        ("\ufeffTee für 4 €".encode(), "txt", "Tee für 4 €"),
        ("Tee für 4 €".encode("utf-16"), "txt", "Tee für 4 €"),
        (RUSSIAN.encode("cp1251"), "txt", RUSSIAN),
        (b"One\r\n\r\n\r\n\r\nTwo  \r\n", "txt", "One\n\nTwo"),
        (b"---\r\ntitle: 'Tea'\r\n---\r\n# Green\r\n", "md", "# Green"),
    ],
)  # fmt: skip
def test_text_files(data: bytes, kind: str, text: str) -> None:
    assert read_document(data, kind).text == text


@pytest.mark.parametrize(
    ("data", "title"),
    [(b"---\ntitle: 'Tea'\n---\n# Green\n", "Tea"), (b"# Green #\n", "Green"), (b"Text\n", "")],
)
def test_title_of_a_markdown_file(data: bytes, title: str) -> None:
    assert read_document(data, "md").title == title


def locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def scanned_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (locked_pdf(), "pdf", "needs a password"),
        (scanned_pdf(), "pdf", "no text: its pages are images"),
        (b"%PDF-1.4 cut off", "pdf", "damaged ("),
        (price_list([("a", "b", "c")], "T")[:300], "pdf", "damaged ("),
        (b"not a zip file", "docx", "damaged ("),
        (packed({"a.txt": b"a"}), "docx", "damaged ("),
        (word("T", {}, [["a"]])[:-200], "docx", "damaged ("),
        (packed({"word/document.xml": b"0" * 101_000_000}), "docx", "unpacks to more than 100 MB"),
        (b" \n", "txt", "empty"),
        (b"", "csv", "empty"),
        (b"---\ntitle: x\n---\n", "md", "empty"),
        (b"PNG\0\1\2", "txt", "not a text file"),
        (b"\0\1\2", "html", "not a text file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unreadable_files(data: bytes, kind: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_document(data, kind)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize("charset", [None, "iso-8859-1", "nonsense"])
def test_encoding_of_a_web_page(charset: str | None) -> None:
    html = "<meta charset='latin1'><p>Köln €</p>".encode("cp1252")
    assert read_document(html, "html", charset=charset).text == "Köln €"
