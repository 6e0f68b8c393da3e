"""docs/faults.md is true: each of its rows is made to happen, and answered as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.standin import StandIn, running_standin
from tests.faults.faults import AT_START, FAULTS
from tests.faults.table import rows
from tests.faults.walk import meet

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = rows()


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with running_standin() as running:
        yield running


def test_every_row_is_made_to_happen() -> None:
    assert set(TABLE) == set(FAULTS)
    assert set(AT_START) <= set(FAULTS)


@pytest.mark.parametrize("streamed", [False, True], ids=["json", "stream"])
@pytest.mark.parametrize("fault", TABLE)
async def test_a_fault_has_the_answer_that_the_page_tells_of(
    standin: StandIn, fault: str, *, streamed: bool
) -> None:
    row = TABLE[fault]
    assert await meet(standin, fault, streamed=streamed) == (
        row.stream if streamed else row.answer,
        row.conversation,
    )
