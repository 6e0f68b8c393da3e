"""The limits of what is stored: nothing that is read from the store may make arithmetic fail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

MAX_COUNT = 2**53 - 1  # the largest integer that every JSON parser reads exactly
MAX_MESSAGE_CHARS = 200_000
MAX_TURN_ID_CHARS = 100
# How many exchanges that are no longer kept a session still knows, by the ends of their turn ids: ids that a
# client numbers differ there.
MAX_EARLIER, EARLIER_CHARS = 50, 8

Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]
Time = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
TurnId = Annotated[str, Field(max_length=MAX_TURN_ID_CHARS)]


def well_formed(text: str) -> str:
    """`text` with question marks for unpaired surrogates, which have no place in UTF-8."""
    return text.encode("utf-8", "replace").decode()
