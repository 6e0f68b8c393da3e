"""A PDF file and a Word document, as an owner has them."""

from __future__ import annotations

import io

import docx


def pdf(lines: list[tuple[int, int, str]], title: str = "") -> bytes:
    """A PDF file of one page with text at positions: the distances from the left and the bottom in points."""
    shown = "\n".join(f"BT /F1 11 Tf {x} {y} Td ({_escaped(text)}) Tj ET" for x, y, text in lines)
    stream = shown.encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 7 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({_escaped(title)}) /ModDate (D:20261103090000Z) >>".encode("cp1252"),
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    return _file(objects)


def price_list(rows: list[tuple[str, str, str]], title: str) -> bytes:
    """A PDF file with a heading and a table of three columns."""
    lines = [(60, 780, title)]
    for number, row in enumerate(rows):
        lines += [(x, 740 - 18 * number, text) for x, text in zip((60, 260, 420), row, strict=True)]
    return pdf(lines, title)


def _file(objects: list[bytes]) -> bytes:
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    data += b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)
    return bytes(data)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def word(title: str, sections: dict[str, list[str]], table: list[list[str]]) -> bytes:
    """A Word document: a title, sections with lists, and a table."""
    document = docx.Document()
    document.add_heading(title, 0)
    for heading, items in sections.items():
        document.add_heading(heading, 1)
        for item in items:
            document.add_paragraph(item, style="List Bullet")
    cells = document.add_table(len(table), len(table[0]))
    for row, values in enumerate(table):
        for column, value in enumerate(values):
            cells.cell(row, column).text = value
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
