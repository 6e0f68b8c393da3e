-- What later questions change about earlier turns of their conversation.

-- A turn that was replaced because its visitor went on speaking, or whose answer the visitor interrupted. It is noted
-- here because the turn itself may be saved later, by another isolate.
-- Rows: one for each such turn of a conversation's last hour with such turns. Size: 0.2 KB. Written: 1 row when the
-- visitor goes on or interrupts, 1 to delete it.
CREATE TABLE amendments (
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE ON UPDATE CASCADE,
  turn_id TEXT NOT NULL,
  heard INTEGER NOT NULL,          -- how many characters of its answer were heard, or -1: it was replaced
  made_at INTEGER NOT NULL,
  PRIMARY KEY (conversation, turn_id)
) STRICT, WITHOUT ROWID;
