"""The widget's texts, as scenes look for them."""

from __future__ import annotations

import functools
import re

from local.assets import SOURCES

FOLDERS = ("texts", "notices/texts", "voice/texts")
# `  key: 'text',`
TEXT = re.compile(r"^  (\w+): '(.*)',$", re.MULTILINE)


@functools.cache
def widget_texts(language: str) -> dict[str, str]:
    """The texts of the panel, its notices and the voice by name; each as far as it is always the same.

    A text that has a place for a number or a time ends before that place.
    """
    files = [SOURCES.widget / "voice-agent" / folder / f"{language}.js" for folder in FOLDERS]
    found = [pair for file in files for pair in TEXT.findall(file.read_text("utf-8"))]
    return {name: text.partition("{")[0].strip() for name, text in found}
