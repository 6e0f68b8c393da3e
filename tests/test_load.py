"""A small slice of each of the runs of tests/load, whose figures are printed by `python -m tests.load`."""

from __future__ import annotations

from tests.load.concurrency import concurrency
from tests.load.fuzz import fuzz
from tests.load.ids import make_ids
from tests.load.ledger import Ledger, Talk
from tests.load.soak import soak


def test_ids_do_not_come_twice() -> None:
    assert make_ids(20_000).problems == []


def test_generated_requests_break_nothing() -> None:
    report = fuzz(250, random_seed=7)
    assert report.problems == []
    assert report.figures["requests"] == 250


def test_every_answer_is_accounted_for_when_many_ask_at_once() -> None:
    report = concurrency(turns=20, sessions=20)
    assert report.problems == []
    assert report.figures["one session: answered and saved"] == 20
    assert report.figures["20 sessions: answered and saved"] == 40


def test_every_answer_is_accounted_for_on_bad_days() -> None:
    assert soak(seconds=1.5, seed=7).problems == []


def test_the_ledger_notices() -> None:
    """Each kind of wrong that the soak looks for."""
    talk = Talk("id", answered={"q": ("a", True), "later": ("b", False)}, refused={"no"}, unseen={"left"})
    for stored, problem in (
        ([("q", "other")], "with another answer"),
        ([("q", "a"), ("q", "a")], "twice"),
        ([("q", "a"), ("no", "c")], "told otherwise"),
        ([], "it is not"),
    ):
        ledger = Ledger()
        ledger.audit(talk, stored, closed=False)
        assert [problem in found for found in ledger.problems] == [True]
    closed = Talk("id", closed=True)
    for stored, is_closed in (([("q", "a")], True), ([], False)):
        ledger = Ledger()
        closed.unseen = {"q"}
        ledger.audit(closed, stored, closed=is_closed)
        assert len(ledger.problems) == 1
