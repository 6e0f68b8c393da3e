"""The statements of a visitor's history. Each takes one JSON object (see `stores.d1_client`).

All need `owner`, the visitor's key, and `now`; times are in milliseconds since 1970. A statement about one
conversation needs its `id`, and finds nothing if it belongs to anybody else. Only the visitor's own rows are
read.
"""

# ruff: noqa: S608 - the statements are made of constants

from __future__ import annotations

from stores.d1_sql import KEPT, TURN_INTO_MARK

# The sessions on other devices that may go on with one conversation; when there are more, all are forgotten.
MAX_SESSIONS = 50

_SUMMARY = "id, title, turn AS turns, created_at, updated_at, expires_at"
OWN = "owner = ?1 ->> 'owner' AND expires_at > ?1 ->> 'now'"
_ONE = f"id = ?1 ->> 'id' AND {OWN}"

# Fields: `limit`; `updated_at` and `after`, the last conversation of the page before, or null. With further
# `texts` and `conditions` (see `search`), or none.
PAGE = f"""
{{texts}} SELECT {_SUMMARY} FROM conversations WHERE {OWN} {{conditions}}
  AND (?1 ->> 'after' IS NULL OR (updated_at, id) < (?1 ->> 'updated_at', ?1 ->> 'after'))
ORDER BY updated_at DESC, id DESC LIMIT ?1 ->> 'limit'
"""

SUMMARY = f"SELECT {_SUMMARY} FROM conversations WHERE {_ONE}"

# Fields: `limit`; `before`, the number of a turn, or null.
TURNS = f"""
SELECT number, question, answer, asked_at, record FROM turns
WHERE conversation = (SELECT id FROM conversations WHERE {_ONE}) AND {KEPT}
  AND (?1 ->> 'before' IS NULL OR number < ?1 ->> 'before')
ORDER BY number DESC LIMIT ?1 ->> 'limit'
"""

# Fields: `title`.
RENAME = f"UPDATE conversations SET title = ?1 ->> 'title' WHERE {_ONE} RETURNING {_SUMMARY}"

# Fields: `session`, the hash of a session id that has no conversation yet.
MAKE_ROOM = f"""
DELETE FROM sessions WHERE conversation = (SELECT id FROM conversations WHERE {_ONE})
  AND NOT EXISTS (SELECT 1 FROM sessions WHERE id = ?1 ->> 'session')
  AND NOT EXISTS (SELECT 1 FROM conversations WHERE id = ?1 ->> 'session')
  AND (SELECT count(*) FROM sessions WHERE conversation = ?1 ->> 'id') >= {MAX_SESSIONS}
"""
ADD_SESSION = f"""
INSERT INTO sessions (id, conversation) SELECT ?1 ->> 'session', id FROM conversations
WHERE {_ONE} AND NOT EXISTS (SELECT 1 FROM conversations WHERE id = ?1 ->> 'session')
ON CONFLICT (id) DO NOTHING
"""
CONVERSATION_OF_SESSION = """
SELECT coalesce((SELECT conversation FROM sessions WHERE id = ?1 ->> 'session'), ?1 ->> 'session')
  = ?1 ->> 'id' AS same
"""

# Fields: `id`, or null for all of the visitor's conversations, expired ones too; `until`, to when closed
# sessions are remembered. A mark takes the place of each, which keeps a turn that is being answered from
# being saved. It says nothing about the visitor.
_CHOSEN = "owner = ?1 ->> 'owner' AND (?1 ->> 'id' IS NULL OR id = ?1 ->> 'id')"
DELETE_TURNS = f"DELETE FROM turns WHERE conversation IN (SELECT id FROM conversations WHERE {_CHOSEN})"
DELETE_PAIRINGS = f"DELETE FROM pairings WHERE conversation IN (SELECT id FROM conversations WHERE {_CHOSEN})"
DELETE_AMENDMENTS = (
    f"DELETE FROM amendments WHERE conversation IN (SELECT id FROM conversations WHERE {_CHOSEN})"
)
CLOSE = f"""
UPDATE conversations SET {TURN_INTO_MARK}
WHERE {_CHOSEN} RETURNING id
"""

# Fields: `former`, a list of keys.
MOVE = """
UPDATE conversations SET owner = ?1 ->> 'owner'
WHERE owner IN (SELECT value FROM json_each(?1 -> 'former'))
"""

EVERYTHING = """
SELECT id, title, turn AS turns, tokens, created_at, updated_at, expires_at, unanswered,
  (SELECT json_group_array(id) FROM sessions WHERE conversation = c.id) AS sessions
FROM conversations AS c WHERE owner = ?1 ->> 'owner' ORDER BY created_at, id
"""
# Fields: `limit`; `id` and `number`, of the last turn before; '' and 0 at first.
ALL_TURNS = """
SELECT conversation, number, turn_id, question, answer, asked_at, record FROM turns
WHERE conversation IN (SELECT id FROM conversations WHERE owner = ?1 ->> 'owner')
  AND (conversation, number) > (?1 ->> 'id', ?1 ->> 'number')
ORDER BY conversation, number LIMIT ?1 ->> 'limit'
"""
