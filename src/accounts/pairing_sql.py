"""The statements with which a conversation changes hands. Each takes a JSON object (see `stores.d1_client`).

All need `now`; times are in milliseconds since 1970. `code` is the hash of a code, and `session` that of a
session id.
"""

# ruff: noqa: S608 - the statements are made of constants

from __future__ import annotations

from stores.d1_sql import ADD_MARK, CONVERSATION

_ANONYMOUS = "owner IS NULL AND NOT closed AND expires_at > ?1 ->> 'now'"
_VALID = "code = ?1 ->> 'code' AND expires_at > ?1 ->> 'now'"

# The codes that have expired, and an earlier one for the same conversation.
FORGET = f"DELETE FROM pairings WHERE conversation = {CONVERSATION} OR expires_at <= ?1 ->> 'now'"
# Fields: `until`, when the code expires.
ADD = f"""
INSERT INTO pairings (code, conversation, expires_at)
SELECT ?1 ->> 'code', id, ?1 ->> 'until' FROM conversations WHERE id = {CONVERSATION} AND {_ANONYMOUS}
"""
STATE = f"""
SELECT closed, owner IS NOT NULL AS known FROM conversations
WHERE id = {CONVERSATION} AND expires_at > ?1 ->> 'now'
"""

FIND = f"SELECT conversation FROM pairings WHERE {_VALID}"

_USED = (
    "(EXISTS (SELECT 1 FROM conversations WHERE id = ?1 ->> 'session') "
    "OR EXISTS (SELECT 1 FROM sessions WHERE id = ?1 ->> 'session'))"
)
IS_USED = f"SELECT {_USED} AS used"
# Fields: `conversation`, as found. Turns and codes follow it to its new id.
MOVE = f"""
UPDATE conversations SET id = ?1 ->> 'session'
WHERE id = ?1 ->> 'conversation' AND {_ANONYMOUS} AND NOT {_USED}
  AND EXISTS (SELECT 1 FROM pairings WHERE {_VALID} AND conversation = ?1 ->> 'conversation')
"""
# Fields: `conversation`; `until`, to when it is remembered that its first session is closed.
CLOSE_FIRST = f"""
{ADD_MARK.format(id="?1 ->> 'conversation'")}
FROM pairings WHERE {_VALID} AND conversation = ?1 ->> 'session'
"""
# Returns the code if it has been used just now.
USE = f"DELETE FROM pairings WHERE {_VALID} AND conversation = ?1 ->> 'session' RETURNING code"
