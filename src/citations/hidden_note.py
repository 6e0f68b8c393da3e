"""Takes a model's notes out of its answer while the answer arrives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citations.note import Note, NoteReader, Undecided
from citations.note_words import WORDS, is_note_word, may_be_id

if TYPE_CHECKING:
    from collections.abc import Container

    from evidence import Verdict

# What a note may begin with, besides words.
_MARKS = r"\[({<【［｛⟦*`_\"“\\"  # noqa: RUF001
_ENDS_SENTENCE = frozenset(".!?…:。！？؟؛")  # noqa: RUF001
# A piece without any of these has no note, and none begins in it.
_SUSPICIOUS = re.compile(
    rf"[{_MARKS}\n]|[.!?…:。！？؟؛]|\s\Z|(?<![^\W_])[a-z](?:\d|\Z)",  # noqa: RUF001
    re.IGNORECASE,
)
# What a note may begin with in the middle of a text: a mark, an id, or one of its words after a sentence.
_STEP = re.compile(
    rf"(?P<mark>[{_MARKS}])|(?P<rule>[-#>•—–])|(?P<id>[0-9](?<=\b[A-Za-z].))"  # noqa: RUF001
    rf"|[.!?…:。！？؟؛\n]\s*(?P<word>{'|'.join(WORDS)})(?![^\W_])",  # noqa: RUF001
    re.IGNORECASE,
)
# The last word, of which more may come, with the white space before it.
_LAST = re.compile(r"[^\W_]{0,13}\s*\Z")
_WORD = re.compile(r"[^\W_]*")
_SPACE = re.compile(r"\s*")
_FIRST = re.compile(r"[^\W_]+|[*`_]+|\S")
_RULES = frozenset("-#>•—–")  # noqa: RUF001
# A word goes on after these, as in an address or in 'it's'.
_WITHIN = frozenset("/@=&%'\u2019")
_AFTER_SENTENCE = ".,;:|،؛ \n"
_CLOSES = frozenset(".,;:!?)…،؛؟")


# A text without any of these, and whose first word is none of a note's, has no note.
_TELLTALE = re.compile(
    rf"[{_MARKS}\n]|[0-9](?<=\b[A-Za-z].)|\A\s*(?:{'|'.join(WORDS)}|[-#>•—–])",  # noqa: RUF001
    re.IGNORECASE,
)


def may_have_note(text: str) -> bool:
    """Whether there may be a note in `text`; most answers without one are recognized at once."""
    return _TELLTALE.search(text) is not None


class HiddenNote:
    """Removes notes from a text that arrives in pieces, and keeps what they say.

    `ids` are those of the passages that were sent; other ids in a note count for nothing. `verdict` and `ids`
    are what the notes so far have said. What may become a note is held back until that is decided, and so is
    white space at the end.
    """

    def __init__(self, ids: Container[str]) -> None:
        self.verdict: Verdict | None = None
        self.ids: dict[str, None] = {}
        self._ids = ids
        self._held = ""
        # The last character that was passed on, and the white space since then if a note was removed there.
        self._last = ""
        self._gap: str | None = None

    @property
    def last(self) -> bool:
        """Whether nothing has been said after the last note."""
        return self._gap is not None

    def remove(self, piece: str) -> str:
        """What is left of `piece`, and of what was held back before."""
        calm = not self._held and self._gap is None and self._last and self._last not in _ENDS_SENTENCE
        if calm and not _SUSPICIOUS.search(piece):
            self._last = piece[-1:] or self._last
            return piece
        return self._scan(self._held + piece, final=False)

    def rest(self) -> str:
        """What was held back and turned out not to be a note, at the end of the text."""
        return self._scan(self._held, final=True)

    def _scan(self, text: str, *, final: bool) -> str:
        shown: list[str] = []
        text, self._held, at = self._after_gap(text), "", 0
        while at < len(text):
            start = self._next(text, at, final=final)
            self._show(text[at:start], shown)
            body = _end(_SPACE, text, start)
            found = self._read(text, body, final=final) if body < len(text) else Undecided.MORE
            if isinstance(found, Note):
                text, at = self._without(text, start, body, found), 0
            elif found is Undecided.NOTHING:
                at = _end(_FIRST, text, body)
                self._show(text[start:at], shown)
            else:
                self._hold(text[start:], shown, final=final)
                break
        return "".join(shown)

    def _hold(self, text: str, shown: list[str], *, final: bool) -> None:
        if not final:
            self._held = text
        elif self._gap is None:  # white space at the end of an answer without a note there
            self._show(text, shown)

    def _next(self, text: str, at: int, *, final: bool) -> int:
        """Where the next note may begin, from `at` on, with the white space before it."""
        if not at and self._may_begin(text, _end(_SPACE, text, 0), final=final):
            return 0
        for step in _STEP.finditer(text, max(at - 1, 0)):
            start = step.start() - bool(step["id"]) if step["word"] is None else step.start("word")
            if start >= at and (step["mark"] or self._may_begin(text, start, final=final)):
                return max(at, self._place(text, start)[0])
        return self._next_at_end(text, at, final=final)

    def _next_at_end(self, text: str, at: int, *, final: bool) -> int:
        """Where the white space at the end begins, or a word there that may become one of a note's."""
        bare = len(text.rstrip())
        if bare < len(text):
            return max(at, bare)
        last = _LAST.search(text, max(at, len(text) - 14))
        if last and self._may_begin(text, last.start(), final=final):
            return max(at, self._place(text, last.start())[0])
        return len(text)

    def _place(self, text: str, start: int) -> tuple[int, str, str]:
        """Where the white space before `start` begins, the last character before it, and that white space."""
        gap = start
        while gap and text[gap - 1].isspace():
            gap -= 1
        if gap:
            return gap, text[gap - 1], text[gap:start]
        return gap, self._last, (self._gap or "") + text[:start]

    def _may_begin(self, text: str, start: int, *, final: bool) -> bool:
        """Whether a note may begin at `start`: a line with a rule or a word, a sentence, or an id."""
        _, before, gap = self._place(text, start)
        begins_line = not before or "\n" in gap
        end = _end(_WORD, text, start)
        word, begun = text[start:end].casefold(), end == len(text) and not final
        if not word:
            return begins_line and text[start : start + 1] in _RULES
        if not gap and (before in _WITHIN or before.isalnum()):
            return False
        if word in self._ids or (begun and may_be_id(word)):
            return True
        begins = (
            begins_line or before in _ENDS_SENTENCE or (self._gap is not None and not text[:start].strip())
        )
        return begins and is_note_word(word, begun=begun)

    def _read(self, text: str, body: int, *, final: bool) -> Note | Undecided:
        _, before, gap = self._place(text, body)
        own_line = not before or "\n" in gap
        return NoteReader(text, body, self._ids, first=not before, own_line=own_line, final=final).read()

    def _without(self, text: str, start: int, body: int, note: Note) -> str:
        """`text` from where `note` stood; what it says is kept."""
        self.verdict = note.verdict or self.verdict
        self.ids.update(dict.fromkeys(note.ids))
        self._gap = (self._gap or "") + text[start:body]
        rest = text[note.end :]
        return note.remains + rest if note.remains else self._after_gap(rest)

    def _show(self, text: str, shown: list[str]) -> None:
        if not text:
            return
        if self._gap is not None:
            text = self._joint(self._gap, text[0]) + text
            self._gap = None
        shown.append(text)
        self._last = text.rstrip()[-1:] or self._last

    def _joint(self, gap: str, following: str) -> str:
        """The white space between what stood before a note and what follows."""
        if not self._last or following in _CLOSES or not gap:
            return ""
        return "\n\n" if gap.count("\n") > 1 else "\n" if "\n" in gap else " "

    def _after_gap(self, text: str) -> str:
        """`text`, where a note was removed before it without the white space and punctuation left over."""
        if self._gap is None:
            return text
        closed = not self._last or self._last in _ENDS_SENTENCE
        rest = text.lstrip(_AFTER_SENTENCE) if closed else text.lstrip()
        self._gap += "".join(filter(str.isspace, text[: len(text) - len(rest)]))
        return rest


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where what matches at `start` ends."""
    found = pattern.match(text, start)
    return found.end() if found else start
