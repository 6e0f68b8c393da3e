"""What a later question changes about earlier turns of its conversation.

It may replace turns, whose exchanges then disappear, or say how much of an answer was heard before the
visitor interrupted it. Amendments are kept with the conversation, so that they also apply to a turn that is
saved later, in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from stored_types import EARLIER_CHARS

if TYPE_CHECKING:
    from models import ConversationMessage
    from voice_session import VoiceSession

# By the id of a turn: how many characters of its answer were heard, or `REPLACED`.
Amendments: TypeAlias = dict[str, int]

REPLACED = -1
# Why an answer ended that its visitor interrupted (see `Answer.finish_reason`).
INTERRUPTED = "interrupted"
# How many amendments a conversation keeps. They matter while a turn that they are about may still be saved,
# which is a few minutes at most.
MAX_AMENDMENTS = 20


def joined(one: Amendments, other: Amendments) -> Amendments:
    """The newest of both. If both are about the same turn, the one counts that leaves less of it."""
    result = dict(one)
    for turn_id, heard in other.items():
        result[turn_id] = min(heard, result.pop(turn_id, heard))  # the last one is the newest
    return dict(list(result.items())[-MAX_AMENDMENTS:])


def amended(session: VoiceSession, amendments: Amendments) -> VoiceSession:
    """`session` with `amendments`, applied together with those that it has already; may be repeated.

    An answer of which more was heard than there is stays as it is. The tokens of replaced turns still count.
    """
    known = joined(session.amended, amendments)
    messages: list[ConversationMessage] = []
    for message in session.messages:
        heard = known.get(message.record.turn_id) if message.record and message.record.turn_id else None
        if heard == REPLACED:
            messages.pop()  # the question
        else:
            messages.append(message if heard is None else message.cut_short(heard))
    replaced = {turn_id[-EARLIER_CHARS:] for turn_id, heard in known.items() if heard == REPLACED}
    earlier = tuple(end for end in session.earlier if end not in replaced)
    dropped = (len(session.messages) - len(messages)) // 2 + len(session.earlier) - len(earlier)
    changed = {"messages": tuple(messages), "earlier": earlier, "turn": session.turn - dropped}
    return session.model_copy(update={**changed, "amended": known})
