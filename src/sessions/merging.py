"""Two states of one conversation as one. Turns are told apart by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amendments import amended
from stored_types import EARLIER_CHARS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models import Exchange
    from voice_session import VoiceSession


def united(one: VoiceSession, other: VoiceSession) -> VoiceSession:
    """The longer of two states, and what only the other one has had since they parted.

    What has been amended in one of them is amended in both.
    """
    if one.amended or other.amended:
        one, other = amended(one, other.amended), amended(other, one.amended)
    longer, shorter = (other, one) if other.turn > one.turn else (one, other)
    missing: list[Exchange] = []
    for answer in reversed(shorter.messages):
        turn_id = answer.record and answer.record.turn_id
        if not turn_id:
            continue
        if longer.has(turn_id):
            break
        if exchange := shorter.find(turn_id):
            missing.insert(0, exchange)
    return longer.merged(missing)


def without_forgotten(
    exchanges: Iterable[Exchange], before: VoiceSession, after: VoiceSession
) -> tuple[Exchange, ...]:
    """Those of `exchanges` that were not stored, and then dropped, between two states of the session."""
    forgotten = set(after.earlier) - set(before.earlier)
    return tuple(one for one in exchanges if one.turn_id[-EARLIER_CHARS:] not in forgotten)
