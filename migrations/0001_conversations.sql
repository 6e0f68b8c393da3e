-- Conversations in D1. Apply this with
--   uv run --group deploy pywrangler d1 migrations apply VOICE_DB --env production --remote
--
-- Times are milliseconds since 1970 in UTC. Session ids are credentials and never stored: what stands for one is its
-- SHA-256 in hexadecimal. Deleting a conversation deletes all that belongs to it, because D1 enforces foreign keys.
--
-- D1's Free plan allows 100,000 rows written and 5 million rows read a day, and 500 MB a database. An exchange writes
-- 5 to 6 rows, its share of the clean-up included (docs/limits.md says how that was measured).

-- A conversation or, if it is `closed`, the mark that it was closed, which says nothing about what it was.
-- Rows: one for each conversation that has not expired. Size: 0.3 KB, with its entries in the indexes.
-- Written: 2 rows per exchange (the row and its expiry), 1 to delete it.
CREATE TABLE conversations (
  id TEXT NOT NULL PRIMARY KEY,    -- the hash of the session id under which it began
  owner TEXT,                      -- the keyed hash of a known visitor, NULL if anonymous
  title TEXT NOT NULL DEFAULT '',  -- a known visitor's first question, shortened, or the title they gave it
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,     -- from then on it counts as none, and one of the next exchanges deletes it
  turn INTEGER NOT NULL,           -- how many turns it has had
  tokens INTEGER NOT NULL,         -- what they used
  unanswered TEXT                  -- JSON of a question that was added without an answer
    CHECK (unanswered IS NULL OR json_valid(unanswered)),
  closed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_by_expiry ON conversations (expires_at);
-- Without the time: a visitor has few conversations to sort, and each exchange would write to this index.
CREATE INDEX conversations_by_owner ON conversations (owner) WHERE owner IS NOT NULL;

-- One turn of a conversation. Of turns that are no longer kept, only the number and the id are left.
-- Rows: for an anonymous visitor the last MAX_MESSAGES / 2 turns, for a known visitor the last 200, and the 50
-- before those without their texts. Size: the texts, usually 1 KB, and 0.2 KB. Written: 2 rows per exchange (the turn
-- and its id), 1 to empty it, 1 to delete it.
CREATE TABLE turns (
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE ON UPDATE CASCADE,
  number INTEGER NOT NULL,         -- from 1
  turn_id TEXT NOT NULL,
  question TEXT NOT NULL,
  answer TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record)),  -- JSON of the AnswerRecord
  PRIMARY KEY (conversation, number),
  UNIQUE (conversation, turn_id)
) STRICT, WITHOUT ROWID;

-- A session that goes on with a conversation begun under another session id: the same visitor on another device.
-- A session that is not in this table has the conversation whose id is the session's own hash, if there is one.
-- Rows: one for each further device of a known visitor's conversation. Size: 0.3 KB. Written: 2 rows when the session
-- begins, 1 to delete it.
CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,    -- the hash of the session id
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_conversation ON sessions (conversation);

-- A code with which another device may take over a conversation.
-- Rows: one for each code of the last minutes; the next code that is made deletes those that have expired. Size: 0.4 KB.
-- Written: 2 rows when it is made, 1 to delete it.
CREATE TABLE pairings (
  code TEXT NOT NULL PRIMARY KEY,  -- hashed
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE ON UPDATE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pairings_by_conversation ON pairings (conversation);
