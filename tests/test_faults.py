"""docs/faults.md: every row is reproduced and has the outcome that the page promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.standin import StandIn, running_standin
from tests.faults.faults import AT_START, FAULTS
from tests.faults.table import rows
from tests.faults.walk import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = rows()


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with running_standin() as running:
        yield running


def test_page_lists_exactly_the_known_faults() -> None:
    assert set(TABLE) == set(FAULTS)
    assert set(AT_START) <= set(FAULTS)


@pytest.mark.parametrize("streamed", [False, True], ids=["json", "stream"])
@pytest.mark.parametrize("fault", TABLE)
async def test_fault_has_documented_outcome(standin: StandIn, fault: str, *, streamed: bool) -> None:
    row = TABLE[fault]
    answer = row.stream if streamed else row.answer
    assert await outcome_of(standin, fault, streamed=streamed) == (answer, row.conversation)
