"""The statements of the session store in D1, as `D1Client` runs them.

All need the fields `session`, the hash of the session id, and `now`. Times are in milliseconds since 1970.
"""

# ruff: noqa: S608 - the statements are made of constants

from __future__ import annotations

from amendments import INTERRUPTED, MAX_AMENDMENTS, REPLACED
from stored_types import EARLIER_CHARS, MAX_EARLIER
from stores.d1_turns import MAX_TEXT_CHARS

# The last turns of a known visitor's conversation that are kept with their texts.
KEPT_OF_KNOWN = 200
# How many expired conversations an exchange deletes, besides that of its own session: since it adds one at
# most, they do not pile up.
EXPIRED_AT_ONCE = 2

# Whether less was heard of the answer `value` than there is, by its amendment `a`; and a record that says so.
CUT_SHORT = "a.heard < length(value ->> 'answer')"
INTERRUPTED_RECORD = f"json_set({{}}, '$.finish_reason', '{INTERRUPTED}')"
# The conversation of the session.
CONVERSATION = "coalesce((SELECT conversation FROM sessions WHERE id = ?1 ->> 'session'), ?1 ->> 'session')"
# Whether a turn is kept with its texts.
KEPT = "(question <> '' OR answer <> '')"
# Whether a turn may be saved into the conversation: it is not closed, nor another visitor's.
MAY_SAVE = "NOT {0}closed AND ({0}owner IS NULL OR ?1 ->> 'owner' IS NULL OR {0}owner = ?1 ->> 'owner')"

# Fields: `kept`, how many turns are read with their texts. Returns no row if there is no conversation.
READ = f"""
SELECT closed, json_object(
  'owner', owner, 'created_at', created_at, 'expires_at', expires_at, 'turn', turn, 'tokens', tokens,
  'messages', json('[' || ltrim(coalesce((
    SELECT group_concat(
      json_object('role', 'user', 'content', question, 'timestamp', asked_at) || ',' ||
      json_object('role', 'assistant', 'content', answer, 'timestamp', asked_at, 'record', json(record)))
    FROM (
      SELECT *, sum(length(question) + length(answer)) OVER (ORDER BY number DESC) AS chars
      FROM turns WHERE conversation = c.id AND number > c.turn - ?1 ->> 'kept' AND {KEPT}
      ORDER BY number)
    WHERE chars <= {MAX_TEXT_CHARS} OR number = c.turn), '') || coalesce(',' || unanswered, ''), ',') || ']'),
  'earlier', json((
    SELECT json_group_array(substr(turn_id, -{EARLIER_CHARS})) FROM turns
    WHERE conversation = c.id AND number <= c.turn - ?1 ->> 'kept'
      AND number > c.turn - ?1 ->> 'kept' - {MAX_EARLIER})),
  'amended', json((
    SELECT json_group_object(turn_id, heard) FROM (
      SELECT turn_id, heard FROM amendments WHERE conversation = c.id
      ORDER BY made_at DESC LIMIT {MAX_AMENDMENTS})))) AS session
FROM conversations AS c WHERE id = {CONVERSATION} AND expires_at > ?1 ->> 'now'
"""

DELETE_EXPIRED = f"""
DELETE FROM conversations WHERE expires_at <= ?1 ->> 'now' AND id IN (
  SELECT {CONVERSATION} UNION ALL SELECT id FROM (
    SELECT id FROM conversations WHERE expires_at <= ?1 ->> 'now'
    ORDER BY expires_at LIMIT {EXPIRED_AT_ONCE}))
"""

# Fields: `owner`, `title`. Gives an anonymous conversation to a known visitor.
ADOPT = f"""
UPDATE conversations SET owner = ?1 ->> 'owner', title = ?1 ->> 'title'
WHERE id = {CONVERSATION} AND owner IS NULL AND NOT closed
"""

# Fields: `exchanges`, of which those are saved whose turns are neither there yet nor replaced; `amends`, what
# they change about earlier turns; `owner` and `title`; `ttl`, `max_age` and `history`, how long an anonymous
# and a known visitor's conversation are kept; `unanswered`; and what a new conversation begins with:
# `created_at`, `turn`, `tokens`. Returns no row if nothing may be saved.
SAVE = f"""
INSERT INTO conversations
  (id, owner, title, created_at, updated_at, expires_at, turn, tokens, unanswered)
SELECT {CONVERSATION}, ?1 ->> 'owner', coalesce(?1 ->> 'title', ''), ?1 ->> 'created_at', ?1 ->> 'now',
  CASE WHEN ?1 ->> 'owner' IS NULL
    THEN min(?1 ->> 'now' + ?1 ->> 'ttl', ?1 ->> 'created_at' + ?1 ->> 'max_age')
    ELSE ?1 ->> 'now' + ?1 ->> 'history' END,
  ?1 ->> 'turn' + count(*), ?1 ->> 'tokens' + coalesce(sum(value ->> 'tokens'), 0), ?1 ->> 'unanswered'
FROM json_each(?1 -> 'exchanges') AS e
WHERE NOT EXISTS (
  SELECT 1 FROM turns WHERE conversation = {CONVERSATION} AND turn_id = e.value ->> 'turn_id')
AND NOT EXISTS (
  SELECT 1 FROM amendments
  WHERE conversation = {CONVERSATION} AND turn_id = e.value ->> 'turn_id' AND heard = {REPLACED})
AND NOT EXISTS (
  SELECT 1 FROM json_each(?1 -> 'amends') AS a WHERE a.key = e.value ->> 'turn_id' AND a.value = {REPLACED})
ON CONFLICT (id) DO UPDATE SET
  updated_at = excluded.updated_at,
  expires_at = CASE WHEN owner IS NULL
    THEN min(?1 ->> 'now' + ?1 ->> 'ttl', created_at + ?1 ->> 'max_age')
    ELSE ?1 ->> 'now' + ?1 ->> 'history' END,
  turn = turn + excluded.turn - ?1 ->> 'turn',
  tokens = max(tokens + excluded.tokens - ?1 ->> 'tokens', excluded.tokens),
  unanswered = excluded.unanswered
WHERE {MAY_SAVE.format("")}
RETURNING turn, expires_at
"""

# Fields: `exchanges`. Has to follow `SAVE`, whose count gives the numbers, and the amendments.
ADD_TURNS = f"""
INSERT INTO turns (conversation, number, turn_id, question, answer, asked_at, record)
SELECT c.id, c.turn - count(*) OVER () + row_number() OVER (ORDER BY key), value ->> 'turn_id',
  value ->> 'question', iif({CUT_SHORT}, substr(value ->> 'answer', 1, a.heard), value ->> 'answer'),
  value ->> 'asked_at', iif({CUT_SHORT}, {INTERRUPTED_RECORD.format("value -> 'record'")}, value -> 'record')
FROM json_each(?1 -> 'exchanges') JOIN conversations AS c ON c.id = {CONVERSATION}
  LEFT JOIN amendments AS a ON a.conversation = c.id AND a.turn_id = value ->> 'turn_id'
WHERE {MAY_SAVE.format("c.")} AND coalesce(a.heard, 0) <> {REPLACED} AND NOT EXISTS (
  SELECT 1 FROM turns WHERE conversation = c.id AND turn_id = value ->> 'turn_id')
RETURNING number, turn_id
"""

# Fields: `kept`. Removes the texts of turns that are no longer kept. Their ids stay, so that none is saved
# twice.
EMPTY_TURNS = f"""
UPDATE turns SET question = '', answer = '', record = 'null'
WHERE conversation = {CONVERSATION} AND {KEPT} AND number <= (
  SELECT turn - CASE WHEN owner IS NULL THEN ?1 ->> 'kept' ELSE {KEPT_OF_KNOWN} END
  FROM conversations WHERE id = {CONVERSATION})
"""

# Fields: `kept`.
DELETE_TURNS = f"""
DELETE FROM turns WHERE conversation = {CONVERSATION} AND number <= (
  SELECT turn - {MAX_EARLIER} - CASE WHEN owner IS NULL THEN ?1 ->> 'kept' ELSE {KEPT_OF_KNOWN} END
  FROM conversations WHERE id = {CONVERSATION})
"""

# Fields: `turn_id`.
FIND_NUMBER = f"SELECT number FROM turns WHERE conversation = {CONVERSATION} AND turn_id = ?1 ->> 'turn_id'"

DELETE = f"DELETE FROM conversations WHERE id = {CONVERSATION} AND NOT closed"

# The mark that a conversation was closed: as a new row with this `id`, and in place of the conversation.
# Fields: `until`, to when that is remembered.
ADD_MARK = """
INSERT INTO conversations (id, created_at, updated_at, expires_at, turn, tokens, closed)
SELECT {id}, ?1 ->> 'now', ?1 ->> 'now', ?1 ->> 'until', 0, 0, 1
"""
TURN_INTO_MARK = """
  owner = NULL, title = '', created_at = ?1 ->> 'now', updated_at = ?1 ->> 'now',
  expires_at = ?1 ->> 'until', turn = 0, tokens = 0, unanswered = NULL, closed = 1
"""
# Fields: those of a mark; `owner`. It takes the place of the conversation, if that belongs to nobody or to
# this visitor, and of none.
MARK_CLOSED = f"""
{ADD_MARK.format(id=CONVERSATION)} WHERE true ON CONFLICT (id) DO UPDATE SET {TURN_INTO_MARK}
WHERE expires_at <= ?1 ->> 'now' OR (NOT closed AND (owner IS NULL OR owner = ?1 ->> 'owner'))
"""
_IF_CLOSED = f"conversation = (SELECT id FROM conversations WHERE id = {CONVERSATION} AND closed)"
DELETE_CLOSED_TURNS = f"DELETE FROM turns WHERE {_IF_CLOSED}"
DELETE_CLOSED_PAIRINGS = f"DELETE FROM pairings WHERE {_IF_CLOSED}"
DELETE_CLOSED_AMENDMENTS = f"DELETE FROM amendments WHERE {_IF_CLOSED}"
IS_CLOSED = f"SELECT closed FROM conversations WHERE id = {CONVERSATION} AND expires_at > ?1 ->> 'now'"

# What saving turns and closing a conversation take.
EXCHANGE = (DELETE_EXPIRED, SAVE, ADD_TURNS, EMPTY_TURNS)
CLOSE = (
    MARK_CLOSED,
    DELETE_CLOSED_TURNS,
    DELETE_CLOSED_PAIRINGS,
    DELETE_CLOSED_AMENDMENTS,
    IS_CLOSED,
)
