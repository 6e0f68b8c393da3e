"""Takes a model's reasoning out of its text, where a server leaves it between tags."""

from __future__ import annotations

import re

_NAMES = ("think", "thinking", "thought", "thoughts", "reasoning", "seed:think")
# What comes before reasoning. The last three are the form in which OpenAI's open models write: channels, and
# what ends a message, after which nothing is said.
_OPENING = (
    *(f"<{name}>" for name in _NAMES),
    *("[think]", "\u25c1think\u25b7"),
    *("<|channel|>analysis<|message|>", "<|channel|>commentary<|message|>", "<|return|>"),
)
_CLOSING = (
    *(f"</{name}>" for name in _NAMES),
    *("[/think]", "\u25c1/think\u25b7", "<|channel|>final<|message|>"),
)
_TAGS = (*_OPENING, *_CLOSING)
# A text without any of these has no such tag.
BRACKETS = frozenset(tag[0] for tag in _TAGS)
_MAX_TAG = max(map(len, _TAGS))
# There may be white space before the last character.
_TAG = re.compile("|".join(rf"{re.escape(tag[:-1])}\s*{re.escape(tag[-1])}" for tag in _TAGS), re.IGNORECASE)


class Thoughts:
    """Removes `<think>…</think>` and the like from a text that arrives in pieces.

    Reasoning that never ends is removed as well. A closing tag without an opening one means that everything
    so far was reasoning, because some servers put the opening tag into the prompt; `withdrawn` is then true.
    """

    def __init__(self) -> None:
        self.withdrawn = False
        self._thinking = False
        self._held = ""
        # Whether white space that comes next would stand at the beginning or after other white space.
        self._at_space = True
        self._after_tag = False

    def remove(self, piece: str) -> str:
        """What is left of `piece`; a possible beginning of a tag is held back until the next call."""
        text, kept, start = self._held + piece, "", 0
        for tag in _TAG.finditer(text):
            kept += self._keep(text[start : tag.start()])
            closing = "".join(tag[0].split()).lower() in _CLOSING
            if closing and not self._thinking:
                kept, self.withdrawn, self._at_space = "", True, True
            self._thinking, self._after_tag, start = not closing, True, tag.end()
        self._held = _unfinished_tag(text[start:])
        return kept + self._keep(text[start : len(text) - len(self._held)])

    def rest(self) -> str:
        """What was held back and turned out not to be a tag, at the end of the text."""
        held, self._held = self._held, ""
        return self._keep(held)

    def _keep(self, text: str) -> str:
        if self._thinking:
            return ""
        if self._after_tag and self._at_space:
            text = text.lstrip()
        if text:
            self._after_tag, self._at_space = False, text[-1].isspace()
        return text


def _unfinished_tag(text: str) -> str:
    """The end of `text` that may be the beginning of a tag; empty if there is none."""
    for start in range(max(0, len(text) - _MAX_TAG), len(text)):
        beginning = "".join(text[start:].split()).lower()
        if text[start] in BRACKETS and any(tag.startswith(beginning) for tag in _TAGS):
            return text[start:]
    return ""
