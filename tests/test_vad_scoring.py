"""How `python -m bench vad` judges what a detector sends."""

from __future__ import annotations

import pytest

from bench.vad import table
from bench.vad.scoring import Clip, Judged, Sent, Total, judge, turns


def clip(inner: tuple[tuple[float, float], ...] = (), begin: float | None = 1.0) -> Clip:
    return Clip("a", 6.0, "pause", -24, begin, 3.0, inner, None, None, 0.7)


@pytest.mark.parametrize(
    ("sent", "judged"),
    [
        ([], Judged(6.0, missed=True)),
        ([Sent(3.9, 0.5)], Judged(6.0, delay=0.0, lost=0.0)),
        ([Sent(0.9, 0.0), Sent(3.9, 0.5)], Judged(6.0, false=1, delay=0.0, lost=0.0)),
        ([Sent(5.5, 1.2)], Judged(6.0, late=True, delay=1.6, lost=0.2)),
        ([Sent(2.5, 0.5)], Judged(6.0, cut=True, lost=0.0)),
        ([Sent(2.5, 0.5), Sent(4.0, 2.0)], Judged(6.0, cut=True, delay=0.1, lost=0.0)),
    ],
    ids=["nothing", "in time", "before the speech", "late", "cut off", "in two parts"],
)
def test_question_is_judged(sent: list[Sent], judged: Judged) -> None:
    found = judge(clip(), sent)
    assert (found.false, found.missed, found.cut, found.late) == (
        judged.false,
        judged.missed,
        judged.cut,
        judged.late,
    )
    assert found.delay == pytest.approx(judged.delay)
    assert found.lost == pytest.approx(judged.lost)


def test_pause_longer_than_the_silence_may_end_a_question() -> None:
    assert not judge(clip(((1.5, 2.6),)), [Sent(2.4, 0.5), Sent(3.9, 2.0)]).cut


def test_everything_is_false_if_nobody_speaks() -> None:
    assert judge(clip(begin=None), [Sent(2.0, 1.0), Sent(4.0, 3.0)]).false == 2


def test_reference_ends_a_question_after_the_silence() -> None:
    heard = [0.0] * 10 + [0.6] * 20 + [0.4] * 10 + [0.0] * 100
    (sent,) = turns(heard, 0.02)
    assert sent.at == pytest.approx(1.7)
    assert sent.began == 0


def test_reference_ignores_a_click() -> None:
    assert turns([0.0] * 10 + [0.9] * 4 + [0.0] * 100, 0.02) == []


def test_table_has_a_row_for_each_condition_and_detector() -> None:
    total = Total.of([judge(clip(), [Sent(3.9, 0.5)]), judge(clip(), [])])
    rows = table({"ours": {"pause of 0.7 s": total}, "silero": {"pause of 0.7 s": total}}).splitlines()
    assert rows[2:] == [
        f"| pause of 0.7 s | {name} | 2 | 1 | 0 | 0 | 0 | 0 | 0 |" for name in ("ours", "silero")
    ]
