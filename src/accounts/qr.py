"""QR codes."""

from __future__ import annotations

from io import BytesIO


def qr_svg(text: str) -> str:
    """`text` as a QR code: an SVG document, and an element of HTML, that scales to the space it is given.

    Black on white with a margin of four modules, as ISO/IEC 18004 requires, whatever the page's colours.
    """
    import segno  # noqa: PLC0415 - takes 130 ms in Pyodide, and most isolates never make a code

    svg = BytesIO()
    look = {"omitsize": True, "svgclass": None, "lineclass": None, "dark": "#000", "light": "#fff"}
    segno.make_qr(text, error="m").save(svg, kind="svg", xmldecl=False, nl=False, **look)
    return svg.getvalue().decode()
