"""A small part of every load run in tests/load, and the ledger that the soak relies on."""

from __future__ import annotations

import logging

import pytest

from tests.load.concurrency import concurrency
from tests.load.fuzz import fuzz
from tests.load.ids import make_ids
from tests.load.ledger import Ledger, Seen
from tests.load.soak import soak
from tests.load.stores import STORES, StoreName
from tests.load.tokens import try_tokens


def test_ids() -> None:
    assert make_ids(20_000).problems == []


def test_fuzz() -> None:
    report = fuzz(250, random_seed=7)
    assert report.problems == []
    assert report.figures["requests"] == 250


def test_tokens(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "voice_agent.identity")
    report = try_tokens(11_000, seed=7)
    assert report.problems == []
    assert report.figures["tokens"] == 11_000


def test_concurrency() -> None:
    report = concurrency(turns=20, sessions=20)
    assert report.problems == []
    assert report.figures["one session: answered and saved"] == 20
    assert report.figures["20 sessions: answered and saved"] == 40


@pytest.mark.parametrize("store", STORES)
def test_soak(store: StoreName) -> None:
    assert soak(seconds=1.5, seed=7, store=store).problems == []


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        ([("asked", "other")], "stored with a different answer"),
        ([("asked", "answer"), ("asked", "answer")], "stored twice"),
        ([("asked", "answer"), ("failed", "answer")], "reported as failed"),
        ([], "reported as saved, but not stored"),
    ],
)
def test_ledger_finds_contradictions_in_an_open_conversation(
    stored: list[tuple[str, str]], problem: str
) -> None:
    seen = Seen("id", answered={"asked": ("answer", True), "unsaved": ("answer", False)}, failed={"failed"})
    ledger = Ledger()
    ledger.audit(seen, stored, closed=False)
    assert [problem in found for found in ledger.problems] == [True]


@pytest.mark.parametrize(("stored", "closed"), [([("unseen", "answer")], True), ([], False)])
def test_ledger_finds_contradictions_in_a_closed_conversation(
    stored: list[tuple[str, str]], *, closed: bool
) -> None:
    ledger = Ledger()
    ledger.audit(Seen("id", unseen={"unseen"}, closed=True), stored, closed=closed)
    assert ["still open in the store" in found for found in ledger.problems] == [True]


def test_ledger_accepts_what_a_visitor_cannot_know() -> None:
    seen = Seen("id", answered={"unsaved": ("answer", False)}, unseen={"unseen"})
    ledger = Ledger()
    for stored in ([], [("unseen", "answer")], [("unsaved", "answer")]):
        ledger.audit(seen, stored, closed=False)
    assert ledger.problems == []
