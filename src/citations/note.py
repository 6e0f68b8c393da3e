"""The note at the end of a model's answer: whether the passages answer the question, and which it used.

It is asked for as a last line of its own, `[[answered k3f9a1 p2k8s0]]`, but models omit it, put it elsewhere,
break it, repeat it, translate it or write it as JSON. What follows recognizes it in all these forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from citations.note_words import ID, LABELS, VERDICTS, is_note_word, may_be_id

if TYPE_CHECKING:
    from collections.abc import Container

    from evidence import Verdict

_TOKEN = re.compile(
    r"(?P<word>[^\W_]+(?:['\u2019][^\W_]+)*)|(?P<open>[\[({<【［｛⟦])|(?P<close>[\])}>】］｝⟧])"  # noqa: RUF001
    r"|(?P<line>\s*\n\s*)|(?P<filler>[^\S\n]+|[,;:|/\\=*_\"'`“”„«»‘’•·—–\-#!.&+~،؛、。]+)|(?P<other>.)",  # noqa: RUF001
    re.DOTALL,
)
_MARKUP = '*_`"“”\\'
# Brackets in which a single word is no aside, as in '(unknown)'.
_ODD_BRACKETS = frozenset("[{<【［｛⟦")  # noqa: RUF001
_TWICE = {"[": "]", "［": "］", "{": "}"}  # noqa: RUF001
_BULLET = re.compile(r"[-•*+] ")
_OF_ADDRESS = frozenset("/@=&%")
# A Markdown link whose target is an id.
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()]*\)")
# Between brackets, this many words of another language may come before the ids; no note is longer than this.
_MAX_OTHERS, _MAX_CHARS = 3, 300


class Undecided(Enum):
    """What a text may begin with, as long as the rest is not there."""

    NOTHING = "no note"
    MORE = "perhaps a note, if what follows fits"


@dataclass(frozen=True, slots=True)
class Note:
    """A note, or a part of one: where it ends, what remains of it for the reader, and what it says.

    `ids` are those of passages that were sent.
    """

    end: int
    remains: str = ""
    verdict: Verdict | None = None
    ids: tuple[str, ...] = ()


@dataclass(slots=True)
class NoteReader:
    """Reads a note that may begin at `start`, one token after the other.

    `ids` are those of the passages that were sent. `first` says that nothing comes before it, `own_line` that
    it begins a line, and `final` that `text` has no continuation.
    """

    text: str
    start: int
    ids: Container[str]
    first: bool
    own_line: bool
    final: bool
    _end: int = 0
    _depth: int = 0
    _brackets: set[str] = field(default_factory=set)
    _twice: str = ""
    _closed: bool = False
    _fenced: bool = False
    _others: int = 0
    _lettered: bool = False
    _known: list[str] = field(default_factory=list)
    _verdict: Verdict | None = None
    _labelled: bool = False
    _shaped: bool = False
    _bare_end: int = 0

    def read(self) -> Note | Undecided:
        """The note, if there is one."""
        at = self._end = self.start
        while at < len(self.text):
            token = _TOKEN.match(self.text, at)
            if token is None or at - self.start > _MAX_CHARS:
                return self._judged(at, limit=True)
            kind = token.lastgroup or ""
            if kind == "line" and not self._goes_on(token):
                return self._judged(at, line_ends=True)
            if kind == "word" and self._is_cut(token):
                return Undecided.MORE
            if not self._take(kind, token):
                return self._judged(at)
            at = token.end()
        return self._judged(at, line_ends=True) if self.final else Undecided.MORE

    def _is_cut(self, token: re.Match[str]) -> bool:
        """Whether the end of the word, which is not there yet, decides."""
        word = token[0].casefold()
        at_end = token.end() == len(self.text) and not self.final
        bracketed = bool(self._depth) and not word[0].isdigit()
        return at_end and (bracketed or is_note_word(word, begun=True) or may_be_id(word))

    def _take(self, kind: str, token: re.Match[str]) -> bool:
        """Whether the token can be part of a note."""
        if kind == "word":
            return self._take_word(token[0].casefold(), token)
        if kind == "open":
            return self._take_open(token)
        if kind == "close":
            return self._take_close(token)
        if kind == "filler":
            self._take_filler(token)
        return kind != "other" or bool(self._twice)

    def _take_filler(self, token: re.Match[str]) -> None:
        fence = "```" in token[0]
        self._fenced ^= fence
        marked = self.text[self.start] in _MARKUP and (token.start() == self._end or fence)
        if marked and self._said:
            self._end = token.end() - len(token[0].lstrip(_MARKUP))

    @property
    def _said(self) -> bool:
        """Whether anything was found that only notes say."""
        return bool(self._known or self._verdict or self._labelled or self._shaped)

    def _take_word(self, word: str, token: re.Match[str]) -> bool:
        if verdict := VERDICTS.get(word):
            self._verdict = verdict
        elif word in LABELS:
            self._labelled = True
        elif ID.fullmatch(word) and self.text[token.start() - 1 : token.start()] not in _OF_ADDRESS:
            self._shaped = True
            if word in self.ids:
                self._known.append(word)
        elif self.final and token.end() == len(self.text) and self._depth and self._begins(word):
            pass
        else:
            return self._take_other(word)
        self._end = token.end()
        return True

    def _begins(self, word: str) -> bool:
        """Whether `word`, with which the text was cut off, is the beginning of a note's word."""
        return len(word) > 1 and (is_note_word(word, begun=True) or may_be_id(word))

    def _take_other(self, word: str) -> bool:
        self._others += 1
        self._lettered = self._lettered or word.isalpha()
        if self._twice:
            return True
        fits = self._depth and not self._known and self._others <= _MAX_OTHERS
        return bool(fits) and not any(character.isdigit() for character in word)

    def _take_open(self, token: re.Match[str]) -> bool:
        if self._others and not self._depth and not self._said and token[0] != "(":
            return False
        before = self.text[self.start : token.start()].rstrip(" \\")
        if self._depth == 1 and before.endswith(token[0]):
            self._twice = self._twice or _TWICE.get(token[0], "")
        self._depth += 1
        self._brackets.add(token[0])
        return True

    def _take_close(self, token: re.Match[str]) -> bool:
        if not self._depth and (not self._said or token[0] in ")>"):
            return False
        self._depth = max(0, self._depth - 1)
        self._closed = self._closed or (bool(self._twice) and not self._depth)
        self._end = token.end()
        return not (self._closed and not self._said)

    def _goes_on(self, token: re.Match[str]) -> bool:
        """Whether the note may go on after this end of a line."""
        if self._depth or self._fenced or not (self._said or self._brackets):
            return not self._others
        bare = self.own_line and not self._others and not self._known and not self._brackets
        if bare and (self._verdict is None) != self._labelled:
            return False
        if bare:
            self._bare_end = self._bare_end or token.start()
        return bare

    def _judged(self, at: int, *, line_ends: bool = False, limit: bool = False) -> Note | Undecided:
        """What has been read up to `at`, where it cannot go on."""
        if self._twice:
            return self._judged_twice(at, limit=limit)
        if self._known:
            return self._note(self._end)
        if self._others:
            return Undecided.NOTHING
        odd = bool(self._brackets & _ODD_BRACKETS)
        if odd and (self._verdict or self._shaped or (self._labelled and "<" in self._brackets)):
            return self._note(self._end)
        if odd and line_ends and self.final and at == len(self.text):
            return self._note(at)  # the beginning of one, where the answer was cut off
        return self._judged_line(at, line_ends=line_ends)

    def _judged_twice(self, at: int, *, limit: bool) -> Note | Undecided:
        if self._closed and self._said:
            return self._note(self._end)
        if self._closed:  # a link has its address after the brackets
            return self._judged_link()
        if self._known or self._verdict:
            return self._note(self._end)
        return Undecided.NOTHING if limit or self.first else self._note(at)

    def _judged_link(self) -> Note | Undecided:
        if not self._lettered or self.text[self._end : self._end + 1] == "(":
            return Undecided.NOTHING
        return self._note(self._end) if self._end < len(self.text) or self.final else Undecided.MORE

    def _judged_line(self, at: int, *, line_ends: bool) -> Note | Undecided:
        """A note without brackets: it has a line of its own, and is more than a word in a list."""
        if not self.own_line or _BULLET.match(self.text, self.start):
            return Undecided.NOTHING
        if line_ends and (self._verdict or self._shaped) and (self._labelled or self._shaped):
            return self._note(at)
        if self._verdict in {None, "chat"} or self._labelled:
            return Undecided.NOTHING
        if line_ends and at == len(self.text):
            return self._note(at)
        return self._note(self._bare_end) if self.first and self._bare_end else Undecided.NOTHING

    def _note(self, end: int) -> Note:
        link = _LINK.fullmatch(self.text[self.start : end]) if self._others else None
        return Note(end, link[1] if link else "", self._verdict, tuple(dict.fromkeys(self._known)))
