"""The statements that amend earlier turns of a conversation in D1, before an exchange is saved in it.

All need the fields `session`, `now` and `owner`, as in `d1_sql`, and `amends`: by the id of a turn, how many
characters of its answer were heard, or `REPLACED`.
"""

# ruff: noqa: S608 - the statements are made of constants

from __future__ import annotations

from amendments import REPLACED
from stores.d1_sql import (
    ADD_TURNS,
    CONVERSATION,
    DELETE_EXPIRED,
    EMPTY_TURNS,
    INTERRUPTED_RECORD,
    MAY_SAVE,
    SAVE,
)

# A turn that began elsewhere may be saved within this time, with all its retries.
NOTED_MS = 3_600_000

_CONVERSATION_TO_SAVE = (
    f"(SELECT id FROM conversations AS c WHERE id = {CONVERSATION} AND {MAY_SAVE.format('c.')})"
)
_IN_CONVERSATION = f"conversation = {CONVERSATION}"

FORGET = f"DELETE FROM amendments WHERE {_IN_CONVERSATION} AND made_at <= ?1 ->> 'now' - {NOTED_MS}"

# Replaced turns get the negatives of their numbers, until `DROP`.
SET_ASIDE = f"""
UPDATE turns SET number = -number WHERE conversation = {_CONVERSATION_TO_SAVE}
  AND turn_id IN (SELECT key FROM json_each(?1 -> 'amends') WHERE value = {REPLACED})
"""
# SQLite changes the rows in the order of their numbers, so that each moves to a number that is free.
CLOSE_GAPS = f"""
UPDATE turns SET number = number - (
  SELECT count(*) FROM turns AS r
  WHERE r.conversation = turns.conversation AND r.number < 0 AND -r.number < turns.number)
WHERE {_IN_CONVERSATION} AND number > (SELECT min(-number) FROM turns WHERE {_IN_CONVERSATION} AND number < 0)
"""
# Fields: `title`, which replaces one that was made of the first question if that is dropped.
COUNT = f"""
UPDATE conversations SET
  turn = turn - (SELECT count(*) FROM turns WHERE {_IN_CONVERSATION} AND number < 0),
  title = iif(
    EXISTS (
      SELECT 1 FROM turns WHERE {_IN_CONVERSATION} AND number = -1
        AND title IN (question, substr(question, 1, length(title) - 1) || '…')),
    coalesce(?1 ->> 'title', title), title)
WHERE id = {CONVERSATION} AND EXISTS (SELECT 1 FROM turns WHERE {_IN_CONVERSATION} AND number < 0)
"""
DROP = f"DELETE FROM turns WHERE {_IN_CONVERSATION} AND number < 0"

CUT_SHORT = f"""
UPDATE turns SET answer = substr(answer, 1, a.value), record = {INTERRUPTED_RECORD.format("record")}
FROM json_each(?1 -> 'amends') AS a
WHERE conversation = {_CONVERSATION_TO_SAVE} AND turn_id = a.key
  AND a.value <> {REPLACED} AND a.value < length(answer)
"""

# Has to follow `SAVE`, because the conversation may be a new one.
NOTE = f"""
INSERT INTO amendments (conversation, turn_id, heard, made_at)
SELECT c.id, key, value, ?1 ->> 'now' FROM json_each(?1 -> 'amends') JOIN conversations AS c
WHERE c.id = {CONVERSATION} AND {MAY_SAVE.format("c.")}
ON CONFLICT (conversation, turn_id) DO UPDATE SET heard = min(heard, excluded.heard)
"""

# What saving turns takes if they amend others.
AMENDING_EXCHANGE = (
    *(DELETE_EXPIRED, FORGET, SET_ASIDE, CLOSE_GAPS, COUNT, DROP, CUT_SHORT),
    *(SAVE, NOTE, ADD_TURNS, EMPTY_TURNS),
)
