"""What visitors saw of their conversations, compared with what is stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Seen:
    """One conversation as its visitor saw it.

    `answered` maps a question to its answer and whether the answer was reported as saved. `failed` are
    questions that only got errors, `unseen` those whose visitor left before the answer: they may be stored
    or not. `closed` is whether the visitor was told that the conversation is closed.
    """

    session_id: str
    answered: dict[str, tuple[str, bool]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    unseen: set[str] = field(default_factory=set)
    closed: bool = False


@dataclass
class Ledger:
    """All conversations of a run, how often each outcome occurred, and the contradictions found."""

    conversations: list[Seen] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def audit(self, seen: Seen, stored: list[tuple[str, str]], *, closed: bool) -> None:
        """Compare a conversation as seen with the questions and answers `stored`, and with being `closed`."""
        questions = [question for question, _ in stored]
        if len(set(questions)) != len(questions):
            self.problems.append(f"stored twice: {questions}")
        for question, answer in stored:
            self._audit_stored(seen, question, answer)
        if seen.closed:
            self.counts["closed"] += 1
            if stored or not closed:
                self.problems.append(f"closed, but still open in the store: {questions}")
            return
        for question, (_, saved) in seen.answered.items():
            self._audit_answered(question, saved=saved, is_stored=question in questions)

    def _audit_stored(self, seen: Seen, question: str, answer: str) -> None:
        self.counts["stored exchanges"] += 1
        if question in seen.answered:
            if seen.answered[question][0] != answer:
                self.problems.append(f"stored with a different answer: {question}")
        elif question not in seen.unseen:
            self.problems.append(f"stored, but reported as failed: {question}")

    def _audit_answered(self, question: str, *, saved: bool, is_stored: bool) -> None:
        if saved and not is_stored:
            self.problems.append(f"reported as saved, but not stored: {question}")
        if not saved:
            outcome = "stored later" if is_stored else "never stored"
            self.counts[f"reported as unsaved, {outcome}"] += 1
