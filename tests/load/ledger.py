"""What visitors saw of their conversations, and whether what is stored agrees."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Talk:
    """One conversation as its visitor saw it.

    `answered` maps a question to its answer and to whether it was said to be saved. Of what is in `unseen`
    the visitor does not know what became of it: they left. `closed` is whether they were told so.
    """

    session_id: str
    answered: dict[str, tuple[str, bool]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    unseen: set[str] = field(default_factory=set)
    closed: bool = False


@dataclass
class Ledger:
    """All conversations."""

    talks: list[Talk] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def audit(self, talk: Talk, stored: list[tuple[str, str]], *, closed: bool) -> None:
        """Compare what is stored of `talk` with what its visitor saw."""
        questions = [question for question, _ in stored]
        if len(set(questions)) != len(questions):
            self.problems.append(f"stored twice: {questions}")
        for question, answer in stored:
            self._audit_stored(talk, question, answer)
        if talk.closed:
            self.counts["closed"] += 1
            if stored or not closed:
                self.problems.append(f"closed, but not so in the store: {questions}")
            return
        for question, (_, saved) in talk.answered.items():
            self._audit_answered(question, saved=saved, kept=question in questions)

    def _audit_stored(self, talk: Talk, question: str, answer: str) -> None:
        self.counts["stored exchanges"] += 1
        if question in talk.answered:
            if talk.answered[question][0] != answer:
                self.problems.append(f"stored with another answer: {question}")
        elif question not in talk.unseen:
            self.problems.append(f"stored, but its visitor was told otherwise: {question}")

    def _audit_answered(self, question: str, *, saved: bool, kept: bool) -> None:
        if saved and not kept:
            self.problems.append(f"said to be saved, but it is not: {question}")
        if not saved:
            self.counts["said to be unsaved, stored later" if kept else "said to be unsaved, not stored"] += 1
